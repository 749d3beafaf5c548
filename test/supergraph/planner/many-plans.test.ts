// Holds that operations with more plans than can be compared are answered rightly, by few requests and few that wait for
// each other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compose } from '../../../supergraph/composition/compose.ts';
import { schedule } from '../../../supergraph/executor/schedule.ts';
import { type Asked, startCaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';
import { type SharedGraph, sharedGraphs, worstGraph } from './many-plans.ts';
import { planned } from './planned-graph.ts';

interface Answered {
  data: unknown;
  errors: unknown;
  asked: Asked[];
}

async function answered({ subgraphs, operation }: SharedGraph): Promise<Answered> {
  const asked: Asked[] = [];
  const journal = { write: (one: Asked) => asked.push(one), misbehaviour: () => undefined };
  const running = await Promise.all(
    Object.entries(subgraphs).map(([name, parts]) => startCaseSubgraph(name, parts, journal)),
  );
  try {
    const router = await startTestRouter(compose(running.map(({ schema }) => schema)));
    try {
      const { body } = await router.ask(operation);
      return { data: body.data, errors: body.errors, asked };
    } finally {
      await router.stop();
    }
  } finally {
    for (const { stop } of running) stop();
  }
}

test('whatever subgraphs share, everything is answered, and no request is not valid', async () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(sharedGraphs, async (graph) => {
      const { data, errors, asked } = await answered(graph);
      assert.equal(errors, undefined);
      assert.deepEqual(data, graph.answer);
      assert.deepEqual(
        asked.flatMap(({ problem }) => problem ?? []),
        [],
      );
    }),
    { seed, numRuns: Number(process.env['RUNS'] ?? 5), endOnFailure: true },
  );
});

test('where every field is shared, one request in each of few rounds is enough for each subgraph', () => {
  const { subgraphs, operation } = worstGraph();
  const { node } = planned(
    Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl }]) => [name, sdl])),
  ).plan(operation);
  assert.ok(node);
  const requests = schedule(node, 'by-level');
  const levels: number[] = [];
  for (const { after } of requests) levels.push(1 + Math.max(0, ...after.map((index) => levels[index] ?? 0)));
  assert.ok(requests.length <= 16, `${requests.length} requests`);
  assert.ok(Math.max(...levels) <= 5, `${Math.max(...levels)} after each other`);
});

test('an operation is planned alike each time', () => {
  const { subgraphs, operation } = worstGraph();
  const schemas = Object.fromEntries(Object.entries(subgraphs).map(([name, { sdl }]) => [name, sdl]));
  const graph = planned(schemas);
  const plan = graph.plan(operation);
  assert.deepEqual(graph.plan(operation), plan);
  assert.deepEqual(planned(schemas).plan(operation), plan);
});
