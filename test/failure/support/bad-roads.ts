// Owns a small shop whose stock and prices are reached over bad roads, and what a client of its router has of it.
import assert from 'node:assert/strict';
import { buildSchema, parse } from 'graphql';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type ScriptedGraph, startScriptedGraph } from './scripted-subgraph.ts';
import { type AnswerBody, problemsOfAnswer } from './validate-answer.ts';

/** Milliseconds that a subgraph has. */
export const timeout = 300;
/** For a machine that is busy with other tests. */
export const slack = 1_500;

const clientSchema = buildSchema(`
  type Query { items: [Item] clock: String }
  type Mutation { restock: Item }
  type Item { id: ID! name: String stock: Int shelf: String! price: Int }
`);

export const wholeItems = [
  { name: 'lamp', stock: 3, shelf: 'A1', price: 20 },
  { name: 'chair', stock: 0, shelf: 'B2', price: 50 },
];

export interface BadRoads {
  graph: ScriptedGraph;
  roads: { stock: FaultProxy; price: FaultProxy };
  router: RouterUnderTest;
  /** What the client has, with the milliseconds it took. Fails where it is not what was asked for. */
  ask: (query: string) => Promise<{ body: AnswerBody; took: number }>;
  stop: () => Promise<void>;
}

/** On free ports. */
export async function startBadRoads(bff: Partial<BffDeclaration> = {}): Promise<BadRoads> {
  const entity = {
    Item: { __resolveReference: ({ id }: { id: string }) => ({ id, ...wholeItems[Number(id)] }) },
  };
  const graph = await startScriptedGraph({
    shop: {
      sdl: 'type Query { items: [Item] clock: String } type Item @key(fields: "id") { id: ID! name: String }',
      resolvers: {
        Query: {
          items: () => wholeItems.map(({ name }, index) => ({ id: String(index), name })),
          clock: () => 'noon',
        },
      },
    },
    stock: {
      sdl: 'type Mutation { restock: Item } type Item @key(fields: "id") { id: ID! stock: Int shelf: String! }',
      resolvers: { ...entity, Mutation: { restock: () => ({ id: '0', ...wholeItems[0] }) } },
    },
    price: { sdl: 'type Item @key(fields: "id") { id: ID! price: Int }', resolvers: entity },
  });
  const roads = {
    stock: await startFaultProxy(graph.of('stock').url),
    price: await startFaultProxy(graph.of('price').url),
  };
  const router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'test', port: 0, subgraphs: { every: { timeout: `${timeout}ms` } }, ...bff }),
    environment: {
      subgraphUrl: (name) => (name === 'stock' || name === 'price' ? roads[name].url : graph.of(name).url),
    },
  });
  return {
    graph,
    roads,
    router,
    async ask(query) {
      const began = performance.now();
      const { status, body } = await router.ask(query);
      const took = performance.now() - began;
      assert.equal(status, 200);
      const asked = { schema: clientSchema, document: parse(query) };
      assert.deepEqual(problemsOfAnswer(asked, body as AnswerBody), [], JSON.stringify(body));
      return { body: body as AnswerBody, took };
    },
    async stop() {
      await router.stop();
      for (const road of Object.values(roads)) await road.stop();
      graph.stop();
    },
  };
}

/** Each with what the client is told of it. */
export const faults: { name: string; fault: Fault; code: string }[] = [
  { name: 'is slower than we wait', fault: { kind: 'delay', by: 60_000 }, code: 'SUBGRAPH_TIMEOUT' },
  { name: 'swallows what is sent', fault: { kind: 'drop' }, code: 'SUBGRAPH_TIMEOUT' },
  { name: 'breaks off', fault: { kind: 'reset' }, code: 'SUBGRAPH_UNAVAILABLE' },
  {
    name: 'ends in the head of an answer',
    fault: { kind: 'truncate', after: 20 },
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'ends in the body of an answer',
    fault: { kind: 'truncate', after: 150 },
    code: 'SUBGRAPH_UNAVAILABLE',
  },
  {
    name: 'trickles',
    fault: { kind: 'trickle', bytes: 1, every: 20 },
    code: 'SUBGRAPH_TIMEOUT',
  },
  { name: 'is closed on one side', fault: { kind: 'half-open' }, code: 'SUBGRAPH_UNAVAILABLE' },
  { name: 'leads nowhere', fault: { kind: 'refuse' }, code: 'SUBGRAPH_UNAVAILABLE' },
];
