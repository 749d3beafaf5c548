// Starts a router of the shop over stand-ins for its nine subgraphs that answer everybody everything, and reads what they got.
// The views of a BFF have one too: what a rule lets through to them is seen there as it is elsewhere.
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, isAbstractType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { viewsSubgraph } from '../../../supergraph/foundation/views-subgraph.ts';
import { type Asked, startCaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import { type Answer, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { startTestIdentity } from '../../support/identity.ts';
import { generatedResolvers } from './generated-answers.ts';
import { roles } from './protected-coordinates.ts';

export interface ShopGraph {
  /** Forgets what the subgraphs were asked before. */
  ask: (role: string, query: string, variables?: object) => Promise<Answer>;
  /** Of each request since the last `ask`, `Type.field` of all it selects, the members of abstract types written out. */
  asked: () => ReadonlySet<string>[];
  stop: () => Promise<void>;
}

const subgraphsFolder = new URL('../../../subgraphs/', import.meta.url);

/** The declaration is the BFF's own, but for whose tokens it believes. */
export async function startShopGraph(
  { views, ...bff }: BffDeclaration,
  supergraphSdl: string,
): Promise<ShopGraph> {
  const journal: Asked[] = [];
  const schemas = new Map<string, GraphQLSchema>();
  const urls = new Map<string, string>();
  const stops: (() => void | Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  try {
    const folders = subgraphNames().map((name) => [name, new URL(`${name}/`, subgraphsFolder)] as const);
    const own = views === undefined ? [] : [[viewsSubgraph(bff.name), viewsFolder(bff.name, views)] as const];
    for (const [name, folder] of [...folders, ...own]) {
      const sdl = readFileSync(new URL('schema.graphql', folder), 'utf8');
      const schema = buildSubgraphSchema({ typeDefs: parse(sdl) });
      const running = await startCaseSubgraph(
        name,
        { sdl, resolvers: generatedResolvers(schema) },
        { write: (asked) => void journal.push(asked), misbehaviour: () => undefined },
      );
      stops.push(running.stop);
      schemas.set(name, schema);
      urls.set(name, running.schema.url);
    }
    const identity = await startTestIdentity();
    stops.push(identity.stop);
    const { issuer, audience, jwksUrl } = identity;
    const router = await startTestRouter(supergraphSdl, {
      bff: defineBff({
        ...bff,
        identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] },
      }),
      environment: { subgraphUrl: (name) => urls.get(name) },
    });
    stops.push(router.stop);
    const headers = new Map<string, Record<string, string>>();
    for (const [role, scopes] of Object.entries(roles)) {
      if (scopes === null) continue;
      const token = await identity.tokenFor({ userId: 'id', roles: [role], scopes });
      headers.set(role, { authorization: `Bearer ${token}` });
    }
    const coordinatesOf = coordinateReader(schemas);
    return {
      async ask(role, query, variables = {}) {
        journal.splice(0);
        return router.ask(query, { variables, headers: headers.get(role) ?? {} });
      },
      asked: () => journal.map(coordinatesOf),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A BFF here is called as its folder. */
function viewsFolder(bff: string, views: string): URL {
  return new URL(`../${bff}/${views}/`, subgraphsFolder);
}

function subgraphNames(): string[] {
  return Object.keys(JSON.parse(readFileSync(new URL('subgraphs.json', subgraphsFolder), 'utf8')));
}

function coordinateReader(schemas: ReadonlyMap<string, GraphQLSchema>) {
  const known = new Map<string, ReadonlySet<string>>();
  return ({ subgraph, query, problem }: Asked): ReadonlySet<string> => {
    const schema = schemas.get(subgraph);
    if (problem !== undefined || schema === undefined) throw new Error(`${subgraph}: ${problem}`);
    const key = `${subgraph} ${query}`;
    const coordinates = known.get(key) ?? coordinatesIn(schema, query);
    known.set(key, coordinates);
    return coordinates;
  };
}

function coordinatesIn(schema: GraphQLSchema, query: string): ReadonlySet<string> {
  const coordinates = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  visit(
    parse(query),
    visitWithTypeInfo(typeInfo, {
      Field({ name }) {
        const parent = typeInfo.getParentType();
        if (!parent) throw new Error(`${name.value} stands in no type: ${query}`);
        const members = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
        for (const type of [parent, ...members]) coordinates.add(`${type.name}.${name.value}`);
      },
    }),
  );
  return coordinates;
}
