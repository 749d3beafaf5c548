// Asks a router very many different operations, and one known operation between them: memory must come to rest, and
// the known one must stay known.

import { compose } from '../../supergraph/composition/compose.ts';
import { schemaOf } from '../supergraph/fixtures/fixture-graph.ts';
import { startRawServer } from '../supergraph/fixtures/raw-server.ts';
import { percentile, startRouterProcess } from './router-process.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { shelf(id: ID!): Shelf }
  type Shelf @key(fields: "id") { id: ID! label: String next(by: Int): Shelf }
`;
const known = '{ shelf(id: "known") { label next { id label } } }';
const different = (index: number): string =>
  `{ shelf(id: "${index}") { label next(by: ${index}) { id label next { label } } } }`;

export interface ManyOperationsReport {
  operations: number;
  /** MB, after each tenth of the operations. */
  memory: number[];
  /** Milliseconds of the known operation: in the first tenth, and in the last. */
  knownFirst: number;
  knownLast: number;
  /** Answers that were not what they had to be. */
  wrong: number;
}

export async function manyOperations(operations: number): Promise<ManyOperationsReport> {
  const answer = { shelf: { label: 'x', next: { id: '1', label: 'y', next: { label: 'z' } } } };
  const subgraph = await startRawServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: answer }));
  });
  const supergraph = compose([schemaOf('shelves', sdl, subgraph.url)]);
  const router = await startRouterProcess(supergraph, { lifetime: 60_000 + operations * 30 });
  const memory: number[] = [];
  const tookKnown: number[][] = [];
  let wrong = 0;
  try {
    for (let tenth = 0; tenth < 10; tenth++) {
      const took: number[] = [];
      for (let index = 0; index < operations / 10; index++) {
        const { status } = await router.ask(different(tenth * operations + index));
        if (status !== 200) wrong += 1;
        if (index % 10 > 0) continue;
        const asked = await router.ask(known);
        if (asked.status !== 200) wrong += 1;
        took.push(asked.took);
      }
      memory.push(Math.round(router.memory()));
      tookKnown.push(took);
    }
  } finally {
    await router.stop();
    await subgraph.stop();
  }
  const median = (values: number[] = []) => percentile(values, 0.5);
  return { operations, memory, knownFirst: median(tookKnown[0]), knownLast: median(tookKnown.at(-1)), wrong };
}
