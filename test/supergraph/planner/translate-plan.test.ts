// Apollo's plans in our own types.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryPlan as ApolloPlan, FetchDataRewrite } from '@apollo/query-planner';
import { translatePlan } from '../../../supergraph/planner/translate-plan.ts';
import { outline, planned } from './planned-graph.ts';

type ApolloFetch = Extract<NonNullable<ApolloPlan['node']>, { kind: 'Fetch' }>;

const fetch = (changes: Partial<ApolloFetch> = {}): ApolloFetch => ({
  kind: 'Fetch',
  serviceName: 'a',
  operation: '{x}',
  operationKind: 'query' as ApolloFetch['operationKind'],
  operationName: undefined,
  ...changes,
});
const ours = { kind: 'fetch', subgraph: 'a', operation: 'query', document: '{x}', variables: [], path: [] };

test('nodes that say nothing are left out, and paths are joined', () => {
  const cases: [ApolloPlan['node'], unknown][] = [
    [undefined, undefined],
    [fetch(), ours],
    [{ kind: 'Sequence', nodes: [] }, undefined],
    [{ kind: 'Sequence', nodes: [{ kind: 'Parallel', nodes: [fetch()] }] }, ours],
    [
      { kind: 'Sequence', nodes: [fetch(), { kind: 'Sequence', nodes: [fetch(), fetch()] }] },
      { kind: 'sequence', nodes: [ours, ours, ours] },
    ],
    [
      { kind: 'Parallel', nodes: [fetch(), { kind: 'Sequence', nodes: [fetch(), fetch()] }] },
      { kind: 'parallel', nodes: [ours, { kind: 'sequence', nodes: [ours, ours] }] },
    ],
    [
      { kind: 'Flatten', path: ['a', '@'], node: { kind: 'Flatten', path: ['@', 'b'], node: fetch() } },
      { ...ours, path: ['a', '@', '@', 'b'] },
    ],
  ];
  for (const [node, expected] of cases) {
    const plan = translatePlan({ kind: 'QueryPlan', ...(node && { node }) });
    assert.deepEqual(plan, expected === undefined ? {} : { node: expected });
  }
});

test('an entity fetch keeps what it requires, its rewrites, contexts and the variables of the client', () => {
  const set: FetchDataRewrite = {
    kind: 'ValueSetter',
    path: ['... on Book', '__typename'],
    setValueTo: 'Media',
  };
  const rename: FetchDataRewrite = {
    kind: 'KeyRenamer',
    path: ['... on A', 'x__alias_0'],
    renameKeyTo: 'x',
  };
  const node = fetch({
    variableUsages: ['v0', 'representations', 'contextualArgument_1_0', 'v1'],
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: 'Book',
        selections: [
          { kind: 'Field', name: 'id' },
          { kind: 'Field', name: 'size', alias: 's', selections: [{ kind: 'Field', name: 'w' }] },
        ],
      },
    ],
    inputRewrites: [set, { ...set }],
    outputRewrites: [rename],
    contextRewrites: [
      { kind: 'KeyRenamer', path: ['..', '... on Shop', 'city'], renameKeyTo: 'contextualArgument_1_0' },
    ],
  });
  assert.deepEqual(translatePlan({ kind: 'QueryPlan', node: { kind: 'Flatten', path: ['a'], node } }), {
    node: {
      ...ours,
      path: ['a'],
      variables: ['v0', 'v1'],
      requires: [
        {
          kind: 'fragment',
          typeCondition: 'Book',
          selections: [
            { kind: 'field', name: 'id' },
            { kind: 'field', name: 's', selections: [{ kind: 'field', name: 'w' }] },
          ],
        },
      ],
      inputRewrites: [{ kind: 'set', path: ['... on Book', '__typename'], value: 'Media' }],
      outputRewrites: [{ kind: 'rename', path: ['... on A', 'x__alias_0'], to: 'x' }],
      contexts: [{ variable: 'contextualArgument_1_0', path: ['..', '... on Shop', 'city'] }],
    },
  });
});

test('what no canonical operation leads to is refused', () => {
  const cases: [ApolloPlan['node'], RegExp][] = [
    [{ kind: 'Condition', condition: 'if', ifClause: fetch() }, /no Condition nodes/],
    [{ kind: 'Defer', primary: {}, deferred: [] }, /no Defer nodes/],
    [{ kind: 'Subscription', primary: fetch() }, /subscriptions/],
    [{ kind: 'Flatten', path: ['a|[Book]'], node: fetch() }, /Unknown step/],
  ];
  for (const [node, reason] of cases) {
    assert.throws(() => translatePlan({ kind: 'QueryPlan', ...(node && { node }) }), reason);
  }
});

test('the query root is entered again below a mutation', () => {
  const graph = planned({
    a: 'type Query { a: Int } type Mutation { save: Payload } type Payload { done: Int query: Query }',
    b: 'type Query { b: Int }',
  });
  assert.deepEqual(outline(graph.plan('mutation{save{done query{a b}}}')), {
    sequence: ['a: mutation{save{done query{__typename a}}}', 'b @ save.query: {...on Query{b}}'],
  });
});

test('what was planned before does not show in a plan', () => {
  const subgraphs = {
    a: `type Query { one: One two: Two } type One @key(fields: "id") { id: ID! info: Info @shareable }
      type Info @shareable { a: Int b: Int c: Int } type Two @key(fields: "id") { id: ID! one: One }`,
    b: `type One @key(fields: "id") {
        id: ID! info: Info @external
        x: Int @requires(fields: "info { a }") y: Int @requires(fields: "info { b }") z: Int @requires(fields: "info { a b }")
      }
      type Info { a: Int @external b: Int @external }`,
  };
  const operations = [
    '{one{x}}',
    '{one{y}}',
    '{one{z info{c}}}',
    '{one{x y}}',
    '{two{one{y info{c}}}}',
    '{one{z}two{one{x}}}',
  ];
  const used = planned(subgraphs);
  for (const operation of [...operations, ...operations.toReversed()]) used.plan(operation);
  for (const operation of operations) {
    assert.deepEqual(used.plan(operation), planned(subgraphs).plan(operation), operation);
  }
});
