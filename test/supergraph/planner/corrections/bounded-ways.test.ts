// Holds that operations are planned whose ways through the graph are too many to be weighed one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BoundedWays } from '../../../../supergraph/planner/corrections/bounded-ways.ts';
import type { Path } from '../../../../supergraph/planner/corrections/way.ts';
import { fetchesOf, planned } from '../planned-graph.ts';

const subgraphs = {
  titles: `type Query { all: [Media!] }
    interface Media @key(fields: "id") { id: ID! title: String }
    ${['Book', 'Film', 'Song'].map((name) => `type ${name} implements Media @key(fields: "id") { id: ID! title: String }`).join('\n')}`,
  stats: `type Query { top: Media }
    type Media @key(fields: "id") @interfaceObject { id: ID! views: Int likedBy: [Fan!] }
    type Fan @key(fields: "id") { id: ID! since: Int }`,
  fans: `type Fan @key(fields: "id") { id: ID! name: String favourite: Media friends: [Fan!] }
    type Media @key(fields: "id") @interfaceObject { id: ID! note: String }`,
};

test('ways that multiply with every level of interface objects are bounded', () => {
  const operation =
    '{top{likedBy{favourite{likedBy{favourite{likedBy{friends{since name}favourite{views note title}}views}}views}}}}';
  const fetches = fetchesOf(planned(subgraphs).plan(operation));
  assert.deepEqual(new Set(fetches.map(({ subgraph }) => subgraph)), new Set(['stats', 'fans', 'titles']));
  const deepest = 'top.likedBy.@.favourite.likedBy.@.favourite.likedBy.@';
  const there = fetches.filter(({ path }) => path.join('.').startsWith(deepest));
  for (const field of ['since', 'name', 'views', 'note', 'title']) {
    assert.ok(
      there.some(({ document }) => document.includes(field)),
      field,
    );
  }
});

const path = (index: number, jumps: number): Path => ({
  tail: { index },
  subgraphJumps: () => jumps,
  [Symbol.iterator]: () => [].values(),
});

test('all ways are weighed first; only where they are too many, the shortest to each end', () => {
  const few = [[[path(1, 0)], [path(2, 5)]], [[path(3, 0)]]];
  assert.equal(
    new BoundedWays().run(() => few),
    few,
  );
  const many = Array.from({ length: 20 }, () => [[path(1, 3)], [path(1, 1)], [path(2, 2)]]);
  const ways = new BoundedWays();
  let runs = 0;
  const left = ways.run(() => {
    runs += 1;
    return ways.factors(many);
  });
  assert.equal(runs, 2);
  assert.ok(left.reduce((product, { length }) => product * length, 1) <= 16);
  for (const [first] of left) assert.equal(first?.[0]?.subgraphJumps(), 1);
});

test('what fails for another reason fails', () => {
  const failing = (): never => {
    throw new Error('no');
  };
  assert.throws(() => new BoundedWays().run(failing), /no/);
});
