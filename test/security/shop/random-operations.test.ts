// Holds random operations of each role to the table: no subgraph hears of what is denied, and the rest is what it would be.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  buildASTSchema,
  execute,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import { web } from '../../../bff-web/bff.ts';
import { generateOperation } from '../../differential/operations/generate-operation.ts';
import { seedOf } from '../../differential/operations/random.ts';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import { givenMember, scalarLiterals, valueFor } from './generated-answers.ts';
import type { GraphUnderTest } from './hold-verdicts.ts';
import { mayAskFor, protectedFields, roles } from './protected-coordinates.ts';
import { type ShopGraph, startShopGraph } from './shop-graph.ts';
import { wholeGraph } from './whole-graph.ts';

const graphs: Record<string, GraphUnderTest> = {
  'bff-web': { bff: web, ...readBff('bff-web') },
  'the whole graph': wholeGraph(),
};
const operations = 100;

for (const [name, { bff, supergraphSdl, clientSchema }] of Object.entries(graphs)) {
  describe(name, () => {
    const whole = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
    let graph: ShopGraph;
    before(async () => {
      graph = await startShopGraph(bff, supergraphSdl);
    });
    after(() => graph?.stop());

    test('what is denied stays with the router, whatever the operation', async (context) => {
      const seed = Number(process.env['RULES_SEED'] ?? Math.floor(Math.random() * 1_000_000));
      context.diagnostic(`seed ${seed}`);
      const met = { operations: 0, denied: 0, allowed: 0 };
      for (let index = 0; index < operations; index += 1) {
        const { source, variables: sets } = generateOperation({
          api: clientSchema,
          literals: scalarLiterals,
          seed: seedOf(seed, index),
          runs: 1,
        });
        if (validate(clientSchema, parse(source)).length > 0) continue;
        met.operations += 1;
        const [variables = {}] = sets;
        for (const role of Object.keys(roles)) {
          const expected = execute({
            schema: whole,
            document: parse(source),
            variableValues: variables,
            fieldResolver: truthFor(whole, role),
            typeResolver: (_value, _context, { schema }, abstract) => givenMember(schema, abstract).name,
          });
          assert.ok(!(expected instanceof Promise));
          if (expected.data === undefined) continue;
          const said = `seed ${seed}, ${role}: ${source} ${JSON.stringify(variables)}`;
          const { body } = await graph.ask(role, source, variables);
          assert.deepEqual(body.data, JSON.parse(JSON.stringify(expected.data)), said);
          const code = roles[role] === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
          const codes = new Set(body.errors?.map(({ extensions }) => extensions['code']));
          assert.deepEqual([...codes], expected.errors ? [code] : [], said);
          for (const coordinates of graph.asked()) {
            for (const one of deniedTo(role)) assert.ok(!coordinates.has(one), `${one}, ${said}`);
          }
          met[expected.errors ? 'denied' : 'allowed'] += 1;
        }
      }
      context.diagnostic(JSON.stringify(met));
      assert.ok(
        met.operations > operations / 2 && met.denied > operations / 2 && met.allowed > operations / 2,
      );
    });
  });
}

/** What the stand-ins say, but for what is denied to a role. */
function truthFor(schema: GraphQLSchema, role: string): GraphQLFieldResolver<unknown, unknown> {
  return (_source, _args, _context, { parentType, fieldName, returnType }) => {
    if (!mayAskFor(role, parentType.name, fieldName)) throw new Error('denied');
    return valueFor(schema, returnType);
  };
}

function deniedTo(role: string): string[] {
  return Object.entries(protectedFields).flatMap(([type, fields]) =>
    Object.keys(fields).flatMap((field) => (mayAskFor(role, type, field) ? [] : [`${type}.${field}`])),
  );
}
