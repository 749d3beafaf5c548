// Owns the tests that hold a router of the shop to the table: for each role and protected field, by all roads.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { buildASTSchema, type GraphQLSchema, isObjectType, parse } from 'graphql';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import type { Answer } from '../../supergraph/fixtures/router-under-test.ts';
import { mayAskFor, protectedFields, protectedViews, roles } from './protected-coordinates.ts';
import { type Road, roadsTo, type Target } from './roads.ts';
import { type ShopGraph, startShopGraph } from './shop-graph.ts';
import { type Passable, pathOf, shortestWay } from './ways.ts';

export interface GraphUnderTest {
  bff: BffDeclaration;
  supergraphSdl: string;
  clientSchema: GraphQLSchema;
}

/** Adds a test for each role and each protected field of a type that clients see. */
export function holdVerdicts({ bff, supergraphSdl, clientSchema }: GraphUnderTest): void {
  const whole = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
  let graph: ShopGraph;
  before(async () => {
    // Whether somebody may ask for it is seen by its being asked for, whatever it costs.
    const { cache: _, limits: __, ...rulesAlone } = bff;
    graph = await startShopGraph(rulesAlone, supergraphSdl);
  });
  after(() => graph?.stop());

  const tables = bff.views === undefined ? [protectedFields] : [protectedFields, protectedViews];
  for (const [typeName, fields] of tables.flatMap((table) => Object.entries(table))) {
    const type = clientSchema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const name of Object.keys(fields)) {
      const isSeen = Object.hasOwn(type.getFields(), name);
      const definition = whole.getType(typeName);
      const field = isObjectType(definition) ? definition.getFields()[name] : undefined;
      assert.ok(field, `${typeName}.${name} is in the table, and not in the graph.`);
      describe(`${typeName}.${name}`, () => {
        for (const role of Object.keys(roles)) {
          const may = isSeen && mayAskFor(role, typeName, name);
          const verdict = isSeen ? (may ? 'may' : 'may not') : 'does not see that it could';
          const hold = isSeen ? holdRoad : holdHidden;
          test(`${role} ${verdict} ask for it`, async () => {
            const target = { schema: clientSchema, type, field };
            for (const road of roadsTo({ ...target, ...wayFor(role, target) })) {
              await hold(graph, role, road, `${typeName}.${name}`);
            }
          });
        }
        if (!isSeen) return;
        test('all of them at once get what each gets alone', async () => {
          const target = { schema: clientSchema, type, field };
          // One text for all of them.
          const [road] = roadsTo({ ...target, ...wayFor('ADMIN', target) });
          assert.ok(road);
          await Promise.all(
            Object.keys(roles).map(async (role) => {
              const denied = deniedOn(road, role, `${typeName}.${name}`);
              holdAnswer(await graph.ask(role, road.query), { role, road, denied });
            }),
          );
        });
      });
    }
  }
}

/** Only what the role may ask for leads there; where nothing does, whatever does. */
function wayFor(
  role: string,
  { schema, type }: Pick<Target, 'schema' | 'type'>,
): Pick<Target, 'way' | 'passable'> {
  const rules: Passable[] = [(on, field) => mayAskFor(role, on, field), () => true];
  for (const passable of rules) {
    const way = shortestWay(schema, type.name, passable);
    if (way) return { way, passable };
  }
  throw new Error(`No way leads to ${type.name}.`);
}

interface Denied {
  /** The first field on the road that the role may not ask for: what lies below it is not told again. */
  coordinate: string;
  path: (string | number)[];
  /** Fields before it on the way, which it may ask for. */
  before: number;
}

/** Undefined where the role may ask for all of the road. */
function deniedOn({ way: { steps }, key }: Road, role: string, coordinate: string): Denied | undefined {
  const index = steps.findIndex(({ type, field }) => !mayAskFor(role, type, field.name));
  const step = steps[index];
  if (step) {
    const before = steps.slice(0, index);
    const path = [...pathOf(before), step.field.name];
    return { coordinate: `${step.type}.${step.field.name}`, path, before: index };
  }
  const [type = '', field = ''] = coordinate.split('.');
  if (mayAskFor(role, type, field)) return undefined;
  return { coordinate, path: [...pathOf(steps), key], before: steps.length };
}

async function holdRoad(graph: ShopGraph, role: string, road: Road, coordinate: string): Promise<void> {
  const { query, beside } = road;
  const answer = await graph.ask(role, query);
  const asked = graph.asked();
  const requestsFor = (one: string) => asked.filter((coordinates) => coordinates.has(one)).length;
  const denied = deniedOn(road, role, coordinate);
  holdAnswer(answer, { role, road, denied });
  // Each mutation here promises an answer: where one is denied, all of the answer is null, and nothing happens.
  if (beside) assert.equal(requestsFor(beside), denied ? 0 : 1, query);
  if (denied) {
    assert.equal(requestsFor(coordinate), 0, query);
    assert.equal(requestsFor(denied.coordinate), 0, query);
    // Nothing else was asked for.
    if (denied.before === 0) assert.equal(asked.length, 0, query);
  } else if (coordinate.startsWith('Mutation.')) {
    assert.equal(requestsFor(coordinate), 1, query);
  } else {
    assert.ok(requestsFor(coordinate) > 0, query);
  }
}

function holdAnswer(
  { status, body: { data, errors = [] } }: Answer,
  { role, road, denied }: { role: string; road: Road; denied: Denied | undefined },
): void {
  const said = `${role}, ${road.name}: ${road.query}`;
  assert.equal(status, 200, said);
  const told = errors.map(({ path, extensions }) => [path, extensions['code']]);
  const value = valueAt(data, [...pathOf(road.way.steps), road.key]);
  if (denied) {
    const code = roles[role] === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
    assert.deepEqual(told, [[denied.path, code]], said);
    assert.equal(value, null, said);
  } else {
    assert.deepEqual(told, [], said);
    assert.ok(value !== undefined && value !== null, said);
  }
}

/** What a contract hides is unknown, whoever asks. */
async function holdHidden(graph: ShopGraph, role: string, { name, query }: Road): Promise<void> {
  const { status, body } = await graph.ask(role, query);
  assert.equal(status, 400, `${name}: ${query}`);
  assert.equal(body.data, undefined);
  const codes = new Set(body.errors?.map(({ extensions }) => extensions['code']));
  assert.deepEqual([...codes], ['GRAPHQL_VALIDATION_FAILED'], `${name}: ${query}`);
  assert.equal(graph.asked().length, 0);
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let value = data;
  for (const step of path) {
    // Null further out takes all below it along.
    if (value === null || value === undefined) return value;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
