// Runs tables of what fetches select of a small shop, and of the cache rules that must come of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SelectionRule } from '../../../../supergraph/cache/rules/selection-rule.ts';
import type { CacheRules } from '../../../../supergraph/declaration/cache-declaration.ts';
import { cachedGraph, composed } from './cached-graph.ts';

export const hour = { maxAge: '1h', scope: 'public' } as const;
export const tenant = { claim: 'tenant' } as const;

const shop = composed({
  catalog: `
    type Query {
      products: [Product!]! find: [Found!]! @cacheControl(maxAge: 20) me: User clock: String
      things: [Thing!]!
    }
    type Mutation { sell: Product }
    interface Named @cacheControl(maxAge: 90) { name: String }
    interface Thing { id: ID! note: String sizes: Sizes }
    type Product implements Named @key(fields: "id") @key(fields: "sku store { id }")
      @key(fields: "sku store { city }") @cacheControl(maxAge: 60) {
      id: ID! sku: String! name: String price: Money store: Store! related: [Product!]!
      stock: Int @cacheControl(maxAge: 10)
      cost: Int @cacheControl(maxAge: 0)
      margin: Int @cacheControl(scope: PRIVATE)
      secret: Int @inaccessible
      maker: User reviews: ReviewConnection sizes: Sizes deal: Deal found: Found root: Query
    }
    type Store @key(fields: "id") { id: ID! city: String }
    type Money { amount: Int currency: String }
    type Sizes @cacheControl(maxAge: 40) { width: Int depth: Int @cacheControl(scope: PRIVATE) }
    union Deal @cacheControl(maxAge: 7) = Coupon | Money
    type Coupon { code: String }
    type ReviewConnection { nodes: [Review!]! total: Int }
    type Review implements Named @key(fields: "id") { id: ID! name: String text: String author: User }
    union Found = Product | Review | Coupon
    type User @key(fields: "id") @key(fields: "email") @cacheControl(maxAge: 30, scope: PRIVATE) {
      id: ID! email: String! nick: String
    }
    type Apple implements Thing @key(fields: "id") { id: ID! note: String sizes: Sizes }
    type Brick implements Thing @key(fields: "id") { id: ID! note: String @cacheControl(maxAge: 4) sizes: Sizes }
  `,
});

type Expected = Partial<Pick<SelectionRule, 'maxAge' | 'scope' | 'tags' | 'types' | 'why'>> &
  Partial<Pick<SelectionRule, 'staleIfError' | 'staleWhileRevalidate' | 'absent'>>;

export interface RuleCase {
  name: string;
  cache: CacheRules;
  protect?: string[];
  type?: string;
  select: string;
  /** Only what is said is compared; undefined for what is not to be kept. */
  expect: Expected | undefined;
}

/** By what they are about. */
export function holdRules(cases: Readonly<Record<string, readonly RuleCase[]>>): void {
  for (const [about, some] of Object.entries(cases)) {
    describe(about, () => {
      for (const { name, cache, protect, type = 'Product', select, expect } of some) {
        test(name, () => {
          const rule = cachedGraph(shop, cache, protect).ruleOf(type, select);
          if (expect === undefined) assert.equal(rule, undefined);
          else {
            assert.ok(rule !== undefined, 'it is not kept');
            assert.deepEqual({ ...rule, ...expect }, rule);
          }
        });
      }
    });
  }
}
