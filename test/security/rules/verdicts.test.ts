// Holds what is left of an answer when parts of it were denied: nulls, errors, and everything else as it was.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Claims } from '../../support/identity.ts';
import { type RuledGraph, startRuledGraph } from './ruled-graph.ts';

let graph: RuledGraph;
before(async () => {
  graph = await startRuledGraph();
});
after(() => graph?.stop());
beforeEach(() => graph.asked.splice(0));

interface Case {
  query: string;
  as?: Claims;
  data: unknown;
  /** Path and code of each error. */
  errors: [path: (string | number)[], code: string][];
  /** Subgraphs asked, each as often as it was. */
  asked: string[];
}

const none = 'UNAUTHENTICATED';
const cases: Record<string, Case> = {
  'nothing but what is denied asks nobody': {
    query: '{ me { name } }',
    data: { me: null },
    errors: [[['me'], none]],
    asked: [],
  },
  'what is beside it is answered': {
    query: '{ me { name } open person(id: "p1") { salary name } }',
    data: { me: null, open: 'open', person: { salary: null, name: 'Ada' } },
    errors: [
      [['me'], none],
      [['person', 'salary'], none],
    ],
    asked: ['house'],
  },
  'a value that may not be null takes what holds it along': {
    query: '{ open person(id: "p1") { name secretName } }',
    data: { open: 'open', person: null },
    errors: [[['person', 'secretName'], none]],
    asked: ['house'],
  },
  'a value that may not be null in a list takes the list along': {
    query: '{ people { secretName } open }',
    data: null,
    errors: [[['people', 0, 'secretName'], none]],
    asked: ['house'],
  },
  'an object of a protected type is denied where it is given': {
    query: '{ safe { id content } open }',
    data: { safe: null, open: 'open' },
    errors: [[['safe'], none]],
    asked: ['house'],
  },
  'an interface of protected types is denied where it is given': {
    query: '{ kept { __typename } open }',
    data: { kept: null, open: 'open' },
    errors: [[['kept'], none]],
    asked: ['house'],
  },
  'an interface of open types is answered': {
    query: '{ node(id: "b1") { id label } }',
    data: { node: { id: 'b1', label: 'a box' } },
    errors: [],
    asked: ['house'],
  },
  'of a union, members of open types are answered': {
    query: '{ found { ... on Box { label } ... on Safe { content } ... on Person { name } } }',
    data: { found: [{ name: 'Ada' }, { label: 'a box' }, { content: null }] },
    errors: [[['found', 2, 'content'], none]],
    asked: ['house'],
  },
  'a selection is told once, however often it stands in the answer': {
    query: '{ people { salary boss { salary } } }',
    data: {
      people: [
        { salary: null, boss: { salary: null } },
        { salary: null, boss: { salary: null } },
      ],
    },
    errors: [
      [['people', 0, 'salary'], none],
      [['people', 0, 'boss', 'salary'], none],
    ],
    asked: ['house'],
  },
  'a denied mutation is not sent, the one beside it is': {
    query: 'mutation { pay(amount: 5) note(text: "n") }',
    as: { userId: 'u1' },
    data: { pay: null, note: 'n' },
    errors: [[['pay'], 'FORBIDDEN']],
    asked: ['house'],
  },
  'a denied mutation alone asks nobody': {
    query: 'mutation { pay(amount: 5) }',
    data: { pay: null },
    errors: [[['pay'], none]],
    asked: [],
  },
  'a denied mutation whose answer may not be null keeps the others from being sent': {
    query: 'mutation { a: note(text: "n") must(amount: 5) b: note(text: "m") }',
    as: { userId: 'u1' },
    data: null,
    errors: [[['must'], 'FORBIDDEN']],
    asked: [],
  },
  'the schema is everybody’s': {
    query: '{ __type(name: "Safe") { fields { name } } __typename }',
    data: {
      __type: { fields: [{ name: 'id' }, { name: 'label' }, { name: 'content' }] },
      __typename: 'Query',
    },
    errors: [],
    asked: [],
  },
  'a policy that nobody explained denies': {
    query: '{ report(day: "today") }',
    as: { userId: 'u1' },
    data: { report: null },
    errors: [[['report'], 'FORBIDDEN']],
    asked: [],
  },
};

test('the token goes along to each subgraph that is asked', async () => {
  const { body } = await graph.ask('{ me { name salary nickname tax } }', { userId: 'u1', scopes: ['hr'] });
  assert.deepEqual(body.data, { me: { name: 'Ada', salary: 100, nickname: 'nick of p1', tax: 10 } });
  const tokens = graph.asked.map(({ subgraph, headers }) => [subgraph, headers.authorization?.slice(0, 7)]);
  assert.deepEqual(tokens, [
    ['house', 'Bearer '],
    ['taxes', 'Bearer '],
  ]);
});

describe('what was denied', () => {
  for (const [name, { query, as, data, errors, asked }] of Object.entries(cases)) {
    test(name, async () => {
      const { status, body } = await graph.ask(query, as);
      assert.equal(status, 200);
      assert.deepEqual(body.data, data);
      const told = (body.errors ?? []).map((error) => [error.path, error.extensions['code']]);
      assert.deepEqual(told, errors);
      assert.deepEqual(
        graph.asked.map(({ subgraph }) => subgraph),
        asked,
      );
    });
  }
});
