// Owns the tests that hold a router of the shop to the table: for each role and protected field, by all roads.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { buildASTSchema, type GraphQLSchema, isObjectType, parse } from 'graphql';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import { mayAskFor, protectedFields, roles } from './protected-coordinates.ts';
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
    graph = await startShopGraph(bff, supergraphSdl);
  });
  after(() => graph?.stop());

  for (const [typeName, fields] of Object.entries(protectedFields)) {
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

async function holdRoad(graph: ShopGraph, role: string, road: Road, coordinate: string): Promise<void> {
  const { query, way, key, beside, name } = road;
  const said = `${name}: ${query}`;
  const [type = '', field = ''] = coordinate.split('.');
  const { status, body } = await graph.ask(role, query);
  const asked = graph.asked();
  assert.equal(status, 200, said);
  const denied = way.steps.findIndex((step) => !mayAskFor(role, step.type, step.field.name));
  const path = [...pathOf(way.steps), key];
  const errors = (body.errors ?? []).map((error) => [error.path, error.extensions['code']]);

  if (denied === -1 && mayAskFor(role, type, field)) {
    assert.deepEqual(errors, [], said);
    const value = valueAt(body.data, path);
    assert.ok(value !== undefined && value !== null, said);
    const times = asked.filter((coordinates) => coordinates.has(coordinate)).length;
    assert.ok(type === 'Mutation' ? times === 1 : times > 0, said);
    return;
  }
  const code = roles[role] === null ? 'UNAUTHENTICATED' : 'FORBIDDEN';
  const step = way.steps[denied];
  // Where it is denied on the way there, that is where it is told, and what lies below is not told again.
  const place = step ? [...pathOf(way.steps.slice(0, denied)), step.field.name] : path;
  assert.deepEqual(errors, [[place, code]], said);
  assert.equal(valueAt(body.data, path), null, said);
  const first = step ? `${step.type}.${step.field.name}` : coordinate;
  for (const coordinates of asked) {
    for (const one of [coordinate, first]) assert.ok(!coordinates.has(one), said);
  }
  const others = [...way.steps.slice(0, denied === -1 ? undefined : denied), ...(beside ? [beside] : [])];
  if (others.length === 0) assert.equal(asked.length, 0, said);
  if (beside)
    assert.ok(
      asked.some((coordinates) => coordinates.has(beside)),
      said,
    );
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
