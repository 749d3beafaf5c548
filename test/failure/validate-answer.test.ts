// Holds the validator of answers to finding each kind of wrong, so that tests which find nothing with it say something.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { type AnswerBody, problemsOfAnswer } from './support/validate-answer.ts';

const schema = buildSchema(`
  type Query { lamp: Lamp things: [Thing!]! kind: Kind top(first: Int): [Lamp!] }
  interface Thing { id: ID! }
  type Lamp implements Thing { id: ID! watts: Int! notes: [String] }
  type Chair implements Thing { id: ID! legs: Int }
  enum Kind { OLD NEW }
`);
const document = parse(`
  query Screen($more: Boolean! = false) {
    lamp { id ...Parts notes @include(if: $more) }
    all: things { __typename id ... on Chair { legs } }
    kind
  }
  fragment Parts on Lamp { power: watts }
`);

const lamp = { id: '1', power: 40 };
const all = [{ __typename: 'Chair', id: '2', legs: null }];
const good = { lamp, all, kind: 'OLD' };
const failed = { message: 'm', extensions: { code: 'SUBGRAPH_TIMEOUT' } };
const standIn = {
  path: ['lamp', 'power'],
  coordinate: 'Lamp.watts',
  strategy: 'value' as const,
  reason: 'SUBGRAPH_TIMEOUT',
};

const cases: { name: string; body: AnswerBody; variables?: Record<string, unknown>; problem?: RegExp }[] = [
  { name: 'a whole answer', body: { data: good } },
  {
    name: 'what a condition adds',
    body: { data: { ...good, lamp: { ...lamp, notes: [null, 'x'] } } },
    variables: { more: true },
  },
  { name: 'null where it may be', body: { data: { ...good, lamp: null, kind: null } } },
  { name: 'nothing at all, with an error', body: { data: null, errors: [failed] } },
  { name: 'a stand-in that is told', body: { data: good, extensions: { degraded: [standIn] } } },
  { name: 'null that may not be', body: { data: { ...good, all: null } } as AnswerBody, problem: /null, of/ },
  { name: 'a null item', body: { data: { ...good, all: [null] } }, problem: /all\[0\]: null/ },
  { name: 'a field that is missing', body: { data: { lamp, all } }, problem: /kind: is not there/ },
  { name: 'a field nobody asked for', body: { data: { ...good, extra: 1 } }, problem: /extra: nobody/ },
  {
    name: 'a field that a condition leaves out',
    body: { data: { ...good, lamp: { ...lamp, notes: [] } } },
    problem: /notes: nobody/,
  },
  {
    name: 'fields in another order',
    body: { data: { all, lamp, kind: 'OLD' } },
    problem: /order of the operation/,
  },
  { name: 'a number in quotes', body: { data: { ...good, lamp: { id: '1', power: '4' } } }, problem: /"4"/ },
  { name: 'half a number', body: { data: { ...good, lamp: { id: '1', power: 0.5 } } }, problem: /0.5/ },
  { name: 'a value that is not in its enum', body: { data: { ...good, kind: 'ODD' } }, problem: /"ODD"/ },
  {
    name: 'a type that is none of those it can be',
    body: { data: { ...good, all: [{ __typename: 'Table', id: '2', legs: 1 }] } },
    problem: /Table/,
  },
  {
    name: 'a list that is an object',
    body: { data: { ...good, all: { id: 1 } } },
    problem: /no list/,
  },
  { name: 'nothing without an error', body: { data: null }, problem: /no error says why/ },
  { name: 'an error of no code', body: { data: good, errors: [{ message: 'm' }] }, problem: /no code/ },
  ...[
    { name: 'another coordinate', wrong: { coordinate: 'Lamp.id' }, problem: /is not Lamp.id/ },
    { name: 'a place that is not there', wrong: { path: ['lamp', 'watts'] }, problem: /nobody asked/ },
    { name: 'an item that is not there', wrong: { path: ['all', 3, 'id'] }, problem: /no such place/ },
    { name: 'a refusal', wrong: { reason: 'FORBIDDEN' }, problem: /nothing may stand in for FORBIDDEN/ },
    { name: 'an age of what is not old', wrong: { ageSeconds: 3 }, problem: /3 seconds/ },
    { name: 'no age of what is', wrong: { strategy: 'lastKnown' as const }, problem: /undefined seconds/ },
  ].map(({ name, wrong, problem }) => ({
    name: `a stand-in with ${name}`,
    body: { data: good, extensions: { degraded: [{ ...standIn, ...wrong }] } },
    problem,
  })),
];

describe('an answer is judged:', () => {
  for (const { name, body, variables, problem } of cases) {
    test(name, () => {
      const problems = problemsOfAnswer({ schema, document, variables }, body);
      if (problem === undefined) assert.deepEqual(problems, []);
      else assert.match(problems.join('\n'), problem);
    });
  }
});
