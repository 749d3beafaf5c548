// Holds random operations of each role to the table: no subgraph hears of what is denied, and the rest is what it would be.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execute, type GraphQLSchema, parse, responsePathAsArray, validate } from 'graphql';
import { mobile } from '../../../bff-mobile/bff.ts';
import { web } from '../../../bff-web/bff.ts';
import {
  type GeneratedOperation,
  generateOperation,
} from '../../differential/operations/generate-operation.ts';
import { seedOf } from '../../differential/operations/random.ts';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import type { Answer } from '../../supergraph/fixtures/router-under-test.ts';
import { givenMember, scalarLiterals, valueFor } from './generated-answers.ts';
import type { GraphUnderTest } from './hold-verdicts.ts';
import { coordinatesOf, mayAskFor, protectedFields, protectedViews, roles } from './protected-coordinates.ts';
import { type ShopGraph, startShopGraph } from './shop-graph.ts';
import { wholeGraph } from './whole-graph.ts';

const graphs: Record<string, GraphUnderTest> = {
  'bff-web': { bff: web, ...readBff('bff-web') },
  'bff-mobile': { bff: mobile, ...readBff('bff-mobile') },
  'the whole graph': wholeGraph(),
};
type Path = readonly (string | number)[];

const operations = 30;
const roleNames = Object.keys(roles);
const protectedCoordinates = new Set(
  [protectedFields, protectedViews].flatMap(coordinatesOf).map(([coordinate]) => coordinate),
);

for (const [name, { bff, supergraphSdl, clientSchema }] of Object.entries(graphs)) {
  describe(name, () => {
    let graph: ShopGraph;
    before(async () => {
      graph = await startShopGraph(bff, supergraphSdl);
    });
    after(() => graph?.stop());

    test('what is denied stays with the router, whatever the operation', async (context) => {
      const seed = Number(process.env['RULES_SEED'] ?? Math.floor(Math.random() * 1_000_000));
      context.diagnostic(`seed ${seed}`);
      for (let index = 0, held = 0; held < operations; index += 1) {
        const operation = drawOperation(clientSchema, seedOf(seed, index));
        if (!operation) continue;
        const expected = await truths(clientSchema, operation);
        // Where somebody is denied something there is something to hold.
        if (!expected?.['nobody']?.denied.length) continue;
        held += 1;
        const { source, variables } = operation;
        const check = async (role: string): Promise<void> => {
          const { body } = await graph.ask(role, source, variables[0]);
          const said = `seed ${seed}, ${role}: ${source} ${JSON.stringify(variables)}`;
          const truth = expected[role];
          assert.ok(truth);
          holdAnswer(body, { role, truth, said });
        };
        for (const role of roleNames) {
          await check(role);
          const asked = new Set(graph.asked().flatMap((coordinates) => [...coordinates]));
          const wrong = [...asked].filter((one) => protectedCoordinates.has(one) && !mayAskForIt(role, one));
          assert.deepEqual(wrong, [], `seed ${seed}, ${role}: ${source}`);
        }
        await Promise.all(roleNames.map(check));
      }
    });
  });
}

function drawOperation(api: GraphQLSchema, seed: number): GeneratedOperation | undefined {
  // Of two fields it takes the one that was met less often: here, the protected one.
  const met = (coordinate: string) => (protectedCoordinates.has(coordinate) ? 0 : 1);
  const operation = generateOperation({ api, literals: scalarLiterals, seed, runs: 1, met });
  // What a schema says of itself is everybody's.
  if (/\b__(?:schema|type)\b/.test(operation.source)) return undefined;
  return validate(api, parse(operation.source)).length > 0 ? undefined : operation;
}

interface Truth {
  data: unknown;
  /** Each place of something denied. */
  denied: Path[];
}

/** By role; undefined where the variables do not fit. */
async function truths(
  schema: GraphQLSchema,
  { source, variables }: GeneratedOperation,
): Promise<Record<string, Truth> | undefined> {
  const known: Record<string, Truth> = {};
  for (const role of roleNames) {
    const denied: Path[] = [];
    const { data } = await execute({
      schema,
      document: parse(source),
      variableValues: variables[0] ?? {},
      typeResolver: (_value, _context, _info, abstract) => givenMember(schema, abstract).name,
      // What the stand-ins say, but for what is denied.
      fieldResolver: (_source, _args, _context, { parentType, fieldName, returnType, path }) => {
        if (mayAskFor(role, parentType.name, fieldName)) return valueFor(schema, returnType);
        denied.push(responsePathAsArray(path));
        // Late, so that what stands beside it is looked at also where it takes all of that along.
        return Promise.reject(new Error('denied'));
      },
    });
    if (data === undefined) return undefined;
    // A result of graphql-js has objects without a prototype.
    known[role] = { data: JSON.parse(JSON.stringify(data)), denied };
  }
  return known;
}

function holdAnswer(
  { data, errors = [] }: Answer['body'],
  { role, truth, said }: { role: string; truth: Truth; said: string },
): void {
  assert.deepEqual(data, truth.data, said);
  const code = roles[role] === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  const denied = new Set(truth.denied.map((path) => path.join('.')));
  const told = new Set<string>();
  for (const { path = [], extensions } of errors) {
    assert.equal(extensions['code'], code, said);
    assert.ok(denied.has(path.join('.')), `${path.join('.')} is not denied: ${said}`);
    const selection = withoutIndices(path);
    assert.ok(!told.has(selection), `${selection} is told twice: ${said}`);
    told.add(selection);
  }
  for (const path of truth.denied) {
    const holder = path.slice(0, -1).reduce(valueIn, truth.data);
    // Where something took it along, that was told.
    if (holder === null || holder === undefined) continue;
    assert.ok(told.has(withoutIndices(path)), `${path.join('.')} is not told: ${said}`);
  }
  if (denied.size > 0) assert.ok(told.size > 0, said);
}

function valueIn(holder: unknown, step: string | number): unknown {
  return (holder as Record<string | number, unknown> | null | undefined)?.[step];
}

/** A denied selection is told at the first of its places. */
function withoutIndices(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

function mayAskForIt(role: string, coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  return mayAskFor(role, type, field);
}
