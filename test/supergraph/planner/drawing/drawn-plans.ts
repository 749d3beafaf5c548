// Plans that are drawn by tests: each form that a plan can have, small ones and very large ones.
import type { FetchNode, PlanNode, QueryPlan } from '../../../../supergraph/planner/plan.ts';

export const booksFetch: FetchNode = {
  kind: 'fetch',
  subgraph: 'library',
  operation: 'query',
  document: 'query($v0:Int){books(first:$v0){__typename id title}}',
  variables: ['v0'],
  path: [],
};

export const postageFetch: FetchNode = {
  kind: 'fetch',
  subgraph: 'post',
  operation: 'query',
  document:
    'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{postage}}}',
  variables: [],
  path: ['books', '@'],
  requires: [
    {
      kind: 'fragment',
      typeCondition: 'Book',
      selections: [
        { kind: 'field', name: '__typename' },
        { kind: 'field', name: 'id' },
      ],
    },
  ],
};

const reviewsFetch: FetchNode = { ...postageFetch, subgraph: 'reviews' };
const tenantFetch: FetchNode = {
  ...postageFetch,
  document:
    'query($representations:[_Any!]!,$v0:Int,$tenant:ID){_entities(representations:$representations){...on Audio{stock(first:$v0,of:$tenant)}}}',
  variables: ['v0'],
  path: ['shelf', '@', '... on Audio', 'parts', '@'],
  requires: [
    {
      kind: 'fragment',
      typeCondition: 'Audio',
      selections: [
        { kind: 'field', name: '__typename' },
        {
          kind: 'field',
          name: 'size__1',
          as: 'size',
          selections: [
            { kind: 'field', name: 'unitInWhichItIsMeasured' },
            { kind: 'field', name: 'valueAsMeasuredByTheWarehouse' },
          ],
        },
      ],
    },
  ],
  inputRewrites: [{ kind: 'set', path: ['... on Audio', '__typename'], value: 'Medium' }],
  outputRewrites: [{ kind: 'rename', path: ['... on Audio', 'stock__1'], to: 'stock' }],
  contexts: [{ variable: 'tenant', path: ['..', '..', '... on Shelf', 'tenant'] }],
};

const rename: FetchNode = {
  kind: 'fetch',
  subgraph: 'library',
  operation: 'mutation',
  document: 'mutation($v0:ID!){rename(id:$v0,title:"<a> & \\"b\\""){title}}',
  variables: ['v0'],
  path: [],
};

const sequence = (...nodes: PlanNode[]): PlanNode => ({ kind: 'sequence', nodes });
const parallel = (...nodes: PlanNode[]): PlanNode => ({ kind: 'parallel', nodes });

const nested = (depth: number): PlanNode =>
  depth === 0
    ? postageFetch
    : sequence(booksFetch, parallel(nested(depth - 1), sequence(reviewsFetch, nested(depth - 1)), rename));

export const plans: [name: string, plan: QueryPlan][] = [
  ['no fetch', {}],
  ['one fetch', { node: booksFetch }],
  ['a mutation', { node: rename }],
  ['two steps', { node: sequence(booksFetch, postageFetch) }],
  ['two fetches at once', { node: sequence(booksFetch, parallel(postageFetch, reviewsFetch)) }],
  ['renamed fields and contexts', { node: tenantFetch }],
  ['lanes in lanes', { node: nested(4) }],
  ['two hundred fetches', { node: parallel(...Array.from({ length: 200 }, () => postageFetch)) }],
  [
    'names that are no good XML',
    { node: { ...booksFetch, subgraph: '<script>&"\'\u0000\uD800]]>', path: ['a<b', '@'] } },
  ],
];
