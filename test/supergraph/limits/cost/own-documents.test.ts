// Holds the BFFs of this repository to limits that their own operations stay under, with the largest pages they ask for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Kind, parse, print } from 'graphql';
import { mobile } from '../../../../bff-mobile/bff.ts';
import { web } from '../../../../bff-web/bff.ts';
import type { BffDeclaration } from '../../../../supergraph/declaration/define-bff.ts';
import { createCosts } from '../../../../supergraph/limits/cost/create-costs.ts';
import { canonicalOperation } from '../../../../supergraph/planner/canonical/canonical-operation.ts';
import { operationSchema } from '../../../../supergraph/planner/canonical/operation-schema.ts';
import { readBff } from '../../fixtures/bff-on-disk.ts';

const root = new URL('../../../../', import.meta.url);

interface OwnBff {
  folder: string;
  bff: BffDeclaration;
  largestPage: number;
}

interface CostedOperation {
  name: string;
  cost: number;
}

/** What variables of type Int ask for is the largest page. */
function costsOf({ folder, bff, largestPage }: OwnBff, texts: readonly string[]): CostedOperation[] {
  const { supergraphSdl, clientSchema } = readBff(folder);
  const document = parse(supergraphSdl);
  const costs = createCosts({ bff, supergraph: { document } }).within(clientSchema);
  const schema = operationSchema(clientSchema, document);
  return texts.flatMap((text) => {
    const { definitions } = parse(text);
    const fragments = new Map(
      definitions.flatMap((one) =>
        one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
      ),
    );
    return definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
      const variables = Object.fromEntries(
        (definition.variableDefinitions ?? []).map(({ variable, type }) => [
          variable.name.value,
          { Int: largestPage, Boolean: true }[print(type).replace('!', '')],
        ]),
      );
      const canonical = canonicalOperation(schema, { definition, fragments }, variables);
      return [{ name: definition.name?.value ?? '', cost: costs.of(canonical).estimate(variables) }];
    });
  });
}

function manifestOf(folder: string): string[] {
  const text = readFileSync(new URL(`${folder}/generated/persisted-query-manifest.json`, root), 'utf8');
  const { operations }: { operations: { body: string }[] } = JSON.parse(text);
  return operations.map(({ body }) => body);
}

function viewsOf(folder: string): string[] {
  const documents = new URL(`${folder}/views/documents/`, root);
  return readdirSync(documents).map((file) => readFileSync(new URL(file, documents), 'utf8'));
}

// Domains give 100 at most, and the apps may ask for 50.
for (const { others, ...own } of [
  { folder: 'bff-web', bff: web, largestPage: 100, others: [] },
  { folder: 'bff-mobile', bff: mobile, largestPage: 50, others: viewsOf('bff-mobile') },
]) {
  const { folder, bff } = own;
  describe(folder, () => {
    const { cost: limit = 0 } = bff.limits ?? {};
    const samples = print(readBff(folder).samples);
    const registered = costsOf(own, manifestOf(folder));
    const all = [...registered, ...costsOf(own, [samples, ...others])];

    test('answers all that it has registered, its samples and what its views ask', () => {
      assert.ok(registered.length > 5);
      assert.deepEqual(
        all.filter(({ cost }) => cost > limit),
        [],
      );
    });

    test('leaves room for what grows, and not much more', () => {
      const dearest = Math.max(...all.map(({ cost }) => cost));
      assert.ok(limit >= 2 * dearest && limit <= 10 * dearest, `${limit}, and the dearest costs ${dearest}`);
    });
  });
}
