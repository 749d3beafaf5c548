// Owns the consumers' side of a subgraph's tests: all that registered documents make BFFs ask of it is asked of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputType,
  Kind,
  parse,
  TypeInfo,
  typeFromAST,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { SubgraphDefinition } from '../../../subgraphs/kit/define-subgraph.ts';
import type { RequiredSelection } from '../../../supergraph/planner/plan.ts';
import { oneDatabaseEngine } from '../databases.ts';
import { startTestSubgraph, type TestSubgraph } from '../subgraph.ts';
import { type ConsumerFetch, consumerFetches } from './consumer-fetches.ts';
import { ada, exampleValue, seeded } from './seeded-values.ts';

/** Gives the token of a person, with the scopes of the staff. */
export type SignIn = (subgraph: TestSubgraph, userId: string, scopes: readonly string[]) => Promise<string>;

const staffScopes = [
  'customers:read',
  'customers:write',
  'orders:support',
  'catalog:cost',
  'inventory:write',
];

/** A test that fails with the names of the BFFs and operations which the subgraph does not answer any more. */
export function replayConsumers(definition: SubgraphDefinition, signIn: SignIn = tokenOfTests): void {
  for (const engine of oneDatabaseEngine()) {
    test(`${definition.name} answers all that registered documents ask of it`, async () => {
      const fetches = (await consumerFetches()).filter(({ subgraph }) => subgraph === definition.name);
      assert.ok(fetches.length > 0, `No registered document asks ${definition.name} for anything.`);
      const subgraph = await startTestSubgraph(definition, engine);
      try {
        const token = await signIn(subgraph, ada, staffScopes);
        assert.deepEqual(await unanswered(fetches, { subgraph, schema: schemaOf(definition), token }), []);
      } finally {
        await subgraph.stop();
      }
    });
  }
}

export function schemaOf(definition: SubgraphDefinition): GraphQLSchema {
  const sdl = readFileSync(new URL('schema.graphql', definition.folder), 'utf8');
  return buildSubgraphSchema({ typeDefs: parse(sdl) });
}

function tokenOfTests(
  { identity }: TestSubgraph,
  userId: string,
  scopes: readonly string[],
): Promise<string> {
  return identity.tokenFor({ userId, scopes });
}

interface Replay {
  subgraph: TestSubgraph;
  schema: GraphQLSchema;
  token: string;
}

/** A sentence for each fetch that is refused, fails, or finds nothing where the seed has something. */
export async function unanswered(fetches: readonly ConsumerFetch[], replay: Replay): Promise<string[]> {
  const complaints: string[] = [];
  // What changes something comes last: it may take away what others look for.
  const inOrder = fetches.toSorted(
    (a, b) => Number(a.operation === 'mutation') - Number(b.operation === 'mutation'),
  );
  for (const fetch of inOrder) {
    const problem = await problemWith(fetch, replay);
    if (problem !== undefined) {
      complaints.push(`${fetch.consumers.join(', ')}: ${problem}, asked with ${fetch.document}`);
    }
  }
  return complaints;
}

async function problemWith(
  { document: text, requires }: ConsumerFetch,
  { subgraph, schema, token }: Replay,
): Promise<string | undefined> {
  const document = parse(text);
  const [invalid] = validate(schema, document);
  if (invalid) return invalid.message;
  const representations = requires && representationsFor(requires, schema);
  const variables = { ...exampleVariables(document, schema), ...(representations && { representations }) };
  const { body } = await subgraph.query(text, { variables, token });
  if (body.errors)
    return body.errors.map(({ message, path }) => `${message} (${path?.join('.')})`).join('; ');
  const entities = body.data?.['_entities'];
  const lost = representations?.filter((_, index) => !Array.isArray(entities) || !entities[index]);
  return lost?.length ? `there is no ${lost.map((one) => JSON.stringify(one)).join(', no ')}` : undefined;
}

/** By the places where each variable is used. */
function exampleVariables(document: DocumentNode, schema: GraphQLSchema): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const types = new Map<string, GraphQLNamedType | undefined>();
  const names = new Map<string, string>();
  const typeInfo = new TypeInfo(schema);
  let place = '';
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Argument: ({ name }) => {
        place = name.value;
      },
      ObjectField: ({ name }) => {
        place = name.value;
      },
      Variable: ({ name }) => {
        const found = typeInfo.getFieldDef()?.type;
        if (place === '' || names.has(name.value)) return;
        names.set(name.value, place);
        types.set(name.value, found && getNamedType(found));
      },
    }),
  );
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable, type: node } of operation.variableDefinitions ?? []) {
      const name = variable.name.value;
      const type = typeFromAST(schema, node);
      const value = isInputType(type)
        ? exampleValue(type, names.get(name) ?? '', types.get(name))
        : undefined;
      if (value !== undefined) values[name] = value;
    }
  }
  return values;
}

/** One of each type that is asked about. */
function representationsFor(requires: readonly RequiredSelection[], schema: GraphQLSchema): object[] {
  const byType = new Map<string, Record<string, unknown>>();
  for (const fragment of requires) {
    assert.equal(fragment.kind, 'fragment');
    if (fragment.kind !== 'fragment') continue;
    for (const type of objectTypes(schema, fragment.typeCondition)) {
      const representation = byType.get(type) ?? { __typename: type };
      for (const selection of fragment.selections) {
        const name = selection.kind === 'field' ? (selection.as ?? selection.name) : '';
        if (name === '__typename') continue;
        assert.ok(seeded[`${type}.${name}`] !== undefined, `seeded-values.ts has no ${type}.${name}`);
        representation[name] = seeded[`${type}.${name}`];
      }
      byType.set(type, representation);
    }
  }
  return [...byType.values()];
}

function objectTypes(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  return isAbstractType(type) ? schema.getPossibleTypes(type).map((possible) => possible.name) : [name];
}
