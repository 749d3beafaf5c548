// Holds that a declaration which would keep a protected field for everybody is found out, and what is said of it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkSharedProtected } from '../../../../supergraph/cache/rules/shared-protected.ts';
import type { CacheRules } from '../../../../supergraph/declaration/cache-declaration.ts';
import { composed } from './cached-graph.ts';

const document = composed({
  shop: `
    type Query { products: [Product!]! secrets: [String!] media: [Media!]! }
    interface Named { name: String }
    type Product implements Named @key(fields: "id") {
      id: ID! name: String cost: Int
      margin: Int @cacheControl(scope: PRIVATE)
      supplier: String @cacheControl(maxAge: 0)
      hidden: Int @inaccessible
      stats: Stats calm: Calm store: Store
    }
    type Store @key(fields: "id") { id: ID! takings: Int }
    type Stats { sold: Int deeper: Deeper }
    type Deeper { profit: Int again: Stats }
    type Calm @cacheControl(scope: PRIVATE) { profit: Int }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String }
    type Film implements Media @key(fields: "id") { id: ID! title: String }
  `,
});

const hour = { maxAge: '1h', scope: 'public' } as const;
const mine = { maxAge: '1h', scope: 'viewer' } as const;
const outright = (coordinate: string) =>
  `cache.${coordinate}: is 'public', but not everybody may ask for this field: write 'never', or the scope 'viewer'.`;
const shared = (name: string, coordinate: string) =>
  `cache.${name}: is 'public', but not everybody may ask for ${coordinate}: ` +
  `write '${coordinate}': 'never', or a rule for it with the scope 'viewer'.`;

const cases: [name: string, cache: CacheRules, protect: string[], problems: string[]][] = [
  ['nothing protected', { Product: hour, 'Query.secrets': hour }, [], []],
  ['a protected field of a type without a rule', { Store: hour }, ['Product.cost'], []],
  [
    'a protected field of a public type',
    { Product: hour },
    ['Product.cost'],
    [shared('Product', 'Product.cost')],
  ],
  [
    'all of them',
    { Product: hour, Store: hour },
    ['Product.id', 'Product.cost', 'Store.takings'],
    [shared('Product', 'Product.id'), shared('Product', 'Product.cost'), shared('Store', 'Store.takings')],
  ],
  ['a hidden one', { Product: hour }, ['Product.hidden'], [shared('Product', 'Product.hidden')]],
  ['one that the schema says is private', { Product: hour }, ['Product.margin'], []],
  ['one that the schema says is not to be kept', { Product: hour }, ['Product.supplier'], []],
  ['one that gives what the schema says is private', { Product: hour }, ['Product.calm', 'Calm.profit'], []],
  ['one that is never kept', { Product: hour, 'Product.cost': 'never' }, ['Product.cost'], []],
  ['one that is the viewer’s', { Product: hour, 'Product.cost': mine }, ['Product.cost'], []],
  ['one that is for a claim', { Product: { ...hour, scope: { claim: 'team' } } }, ['Product.cost'], []],
  ['a type that is the viewer’s', { Product: mine }, ['Product.cost'], []],
  [
    'a coordinate that is public outright',
    { 'Product.cost': hour },
    ['Product.cost'],
    [outright('Product.cost')],
  ],
  [
    'one that is public outright, and private by the schema',
    { Product: mine, 'Product.margin': hour },
    ['Product.margin'],
    [outright('Product.margin')],
  ],
  [
    'a field of Query',
    { 'Query.secrets': hour, 'Query.products': hour },
    ['Query.secrets'],
    [outright('Query.secrets')],
  ],
  [
    'a field that an interface’s rule makes public',
    { Named: hour },
    ['Product.cost'],
    [shared('Named', 'Product.cost')],
  ],
  [
    'a field that an interface’s coordinate makes public',
    { 'Named.name': hour },
    ['Product.name'],
    [shared('Named.name', 'Product.name')],
  ],
  ['one whose interface is stricter', { Product: hour, Named: mine }, ['Product.cost'], []],
  ['a part of what is public', { Product: hour }, ['Deeper.profit'], [shared('Product', 'Deeper.profit')]],
  [
    'a part of what is public by a coordinate',
    { Product: mine, 'Product.stats': hour },
    ['Stats.sold'],
    [shared('Product.stats', 'Stats.sold')],
  ],
  ['a part that is never kept', { Product: hour, 'Deeper.profit': 'never' }, ['Deeper.profit'], []],
  ['a part of what is the viewer’s', { Product: hour, 'Product.stats': mine }, ['Deeper.profit'], []],
  ['an entity within, which has rules of its own', { Product: hour, Store: mine }, ['Store.takings'], []],
  [
    'all that an interface can be, in one sentence',
    { Media: hour },
    ['Media.title', 'Book.title', 'Film.title'],
    [shared('Media', 'Media.title')],
  ],
  [
    'one of those that an interface can be',
    { Media: hour },
    ['Media.title', 'Film.title'],
    [shared('Media', 'Film.title')],
  ],
  ['one of those, put right', { Media: hour, 'Film.title': 'never' }, ['Media.title', 'Film.title'], []],
  ['an interface’s field by itself', { Media: hour }, ['Media.title'], [shared('Media', 'Media.title')]],
  ['an interface’s field by itself, put right', { Media: hour, 'Media.title': mine }, ['Media.title'], []],
  [
    'an interface’s field that is public outright',
    { 'Media.title': hour },
    ['Media.title', 'Book.title'],
    [outright('Media.title'), shared('Media.title', 'Book.title')],
  ],
];

describe('of what is kept for everybody it is told about', () => {
  for (const [name, cache, protect, problems] of cases) {
    test(name, () => {
      const isProtected = (type: string, field: string): boolean => protect.includes(`${type}.${field}`);
      assert.deepEqual(checkSharedProtected({ cache, document, isProtected }), problems);
    });
  }
});
