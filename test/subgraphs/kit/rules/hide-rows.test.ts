// Owns that a row which is not shown to somebody comes out by no road, and that a schema with no place for null is refused.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { guardSchema } from '../../../../subgraphs/kit/rules/guard-schema.ts';
import { isOwner } from '../../../../subgraphs/kit/rules/ownership.ts';
import type { Permissions } from '../../../../subgraphs/kit/rules/shield.ts';
import { startEmbedded, type TestEmbedded } from '../../../support/databases.ts';
import type { Claims } from '../../../support/identity.ts';
import { startTestSubgraph, type TestSubgraph } from '../../../support/subgraph.ts';
import { lending } from '../lending/lending.ts';

const a: Claims = { userId: 'a' };
const b: Claims = { userId: 'b', displayName: 'B' };
const stranger: Claims = { userId: 'c' };
const blocked: Claims = { userId: 'a', roles: ['BLOCKED'] };
const support: Claims = { userId: 's', scopes: ['customers:read'] };

describe('a subgraph whose rows belong to somebody', () => {
  let database: TestEmbedded;
  let subgraph: TestSubgraph;
  before(async () => {
    database = await startEmbedded();
    subgraph = await startTestSubgraph(lending, database);
  });
  after(async () => {
    await subgraph?.stop();
    await database?.stop();
  });

  const roads: [document: string, claims: Claims | undefined, expected: unknown][] = [
    ['{ road: loan(id: "loan-a1") { id } }', a, { id: 'loan-a1' }],
    ['{ road: loan(id: "loan-a1") { id } }', b, null],
    ['{ road: loan(id: "loan-none") { id } }', b, null],
    ['{ road: loan(id: "loan-a1") { id } }', undefined, null],
    ['{ road: loan(id: "loan-a1") { id } }', support, { id: 'loan-a1' }],
    // A rule whose verdict was remembered for the first row would show all or none of these.
    ['{ road: loans { id } }', a, [{ id: 'loan-a1' }, { id: 'loan-a2' }]],
    ['{ road: loans { id } }', b, [{ id: 'loan-b1' }]],
    ['{ road: loans { id } }', stranger, []],
    ['{ road: loans { id } }', blocked, []],
    ['{ road: loansOrNulls { id } }', b, [null, { id: 'loan-b1' }, null]],
    ['{ road: shelves { id } }', b, [[{ id: 'loan-b1' }], [{ id: 'loan-b1' }]]],
    ['{ road: shelves { id } }', a, [[{ id: 'loan-a1' }, { id: 'loan-a2' }], []]],
    ['{ road: page { edges { cursor } } }', b, { edges: [{ cursor: 'loan-b1' }] }],
    ['{ road: page { edges { node { id } } } }', stranger, { edges: [] }],
    ['{ road: holder { edge { cursor } } }', a, { edge: { cursor: 'loan-a1' } }],
    ['{ road: holder { edge { cursor } } }', b, { edge: { cursor: 'loan-b1' } }],
    ['{ road: holder { edge { cursor } } }', stranger, null],
    ['{ road: loan(id: "loan-a1") { beside { id } } }', a, { beside: null }],
    ['{ road: loan(id: "loan-a2") { beside { id } } }', a, { beside: { id: 'loan-a1' } }],
    // The interface's rule and the member's, of which one is broken.
    ['{ road: lent { id } }', a, ['loan-a1', 'loan-a2', 'film-a1'].map((id) => ({ id }))],
    ['{ road: lentOrNulls { id } }', b, [null, { id: 'loan-b1' }, null, null, { id: 'film-b1' }, null]],
    ['{ road: firstLent(id: "film-broken") { id } }', a, null],
    ['{ road: firstLent(id: "film-a1") { id } }', a, { id: 'film-a1' }],
    ['{ road: firstLent(id: "film-a1") { id } }', b, null],
    ['{ road: firstLent(id: "film-a1") { id } }', blocked, null],
    [
      '{ road: things { ... on Lent { id } ... on Notice { text } } }',
      b,
      [null, { id: 'loan-b1' }, { text: 'closed' }],
    ],
    ['{ road: debts(of: "a") }', stranger, 3],
    ['{ road: secretLoan { id } }', b, null],
  ];
  for (const [document, claims, expected] of roads) {
    it(`answers ${document} for ${claims?.userId ?? 'nobody'} with ${JSON.stringify(expected)}`, async () => {
      const token = claims && (await subgraph.identity.tokenFor(claims));
      const { body } = await subgraph.query(document, { token });
      assert.deepEqual(body, { data: { road: expected } });
    });
  }

  it('keeps the failures of a list where they are', async () => {
    const token = await subgraph.identity.tokenFor(a);
    const { body } = await subgraph.query('{ late { id } }', { token });
    assert.deepEqual(body.data, { late: [null, null, { id: 'loan-a1' }] });
    assert.deepEqual(
      body.errors?.map(({ path }) => path),
      [['late', 1]],
    );
  });

  it('still asks for somebody signed in where the schema does', async () => {
    const { body } = await subgraph.query('{ secretLoan { id } }');
    assert.equal(body.errors?.[0]?.extensions?.['code'], 'UNAUTHENTICATED');
  });

  const references: [claims: Claims | undefined, expected: unknown[]][] = [
    [a, [{ id: 'loan-a1' }, null, null, { id: 'film-a1' }, { id: 'loan-a1' }, { debts: 3 }, { debts: null }]],
    [b, [null, null, { id: 'loan-b1' }, null, null, { debts: null }, { debts: 3 }]],
    [blocked, [null, null, null, null, null, { debts: 3 }, { debts: null }]],
    [undefined, [null, null, null, null, null, { debts: null }, { debts: null }]],
    [
      support,
      [
        { id: 'loan-a1' },
        null,
        { id: 'loan-b1' },
        { id: 'film-a1' },
        { id: 'loan-a1' },
        { debts: 3 },
        { debts: 3 },
      ],
    ],
  ];
  for (const [claims, expected] of references) {
    it(`answers references for ${claims?.userId ?? 'nobody'}, whatever they claim to know`, async () => {
      const token = claims && (await subgraph.identity.tokenFor(claims));
      const { body } = await subgraph.entities(
        [
          { __typename: 'Loan', id: 'loan-a1', user_id: 'b' },
          { __typename: 'Loan', id: 'loan-none' },
          { __typename: 'Loan', id: 'loan-b1' },
          { __typename: 'Film', id: 'film-a1' },
          { __typename: 'Lent', id: 'loan-a1' },
          { __typename: 'Reader', id: 'a' },
          { __typename: 'Reader', id: 'b' },
          // No entity, though it looks like somebody's.
          { __typename: 'Notice', user_id: claims?.userId ?? '' },
        ],
        '... on Lent { id } ... on Reader { debts }',
        { token },
      );
      assert.deepEqual(body.data, { _entities: [...expected, null] });
      assert.deepEqual(
        body.errors?.map(({ path, extensions }) => [path, extensions?.['code']]),
        [[['_entities', expected.length], 'BAD_USER_INPUT']],
      );
    });
  }
});

const refused: [what: string, sdl: string, permissions: Permissions, complaint: RegExp][] = [
  [
    'a row where nothing may be missing',
    'type Query { mine: Mine! } type Mine { id: ID }',
    { shownTo: { Mine: isOwner } },
    /Query\.mine may not be null, but Mine is not shown to everybody/,
  ],
  [
    'what holds a row where nothing may be missing',
    'type Query { box: Box! } type Box { mine: Mine! } type Mine { id: ID }',
    { shownTo: { Mine: isOwner } },
    /Query\.box may not be null, but Box is not shown to everybody/,
  ],
  [
    'a field that may not be null',
    'type Query { mine: Mine } type Mine { id: ID! }',
    { shownTo: { Mine: { id: isOwner } } },
    /Mine\.id may not be null/,
  ],
  [
    'an entity that is believed as it comes',
    'type Query { mine: Mine } type Mine @key(fields: "id") { id: ID }',
    { shownTo: { Mine: isOwner } },
    /Mine has rules for its rows and no __resolveReference/,
  ],
  [
    'a type that is not there',
    'type Query { mine: Int }',
    { shownTo: { Mine: isOwner } },
    /rows of Mine, which is no object/,
  ],
  [
    'a scalar',
    'type Query { mine: Mine } scalar Mine',
    { shownTo: { Mine: isOwner } },
    /rows of Mine, which is no object/,
  ],
  [
    'the root',
    'type Query { mine: Int }',
    { shownTo: { Query: isOwner } },
    /rows of Query, which is no object/,
  ],
  [
    'a field that is not there',
    'type Query { mine: Int }',
    { shownTo: { Query: { yours: isOwner } } },
    /Query\.yours, but no such field/,
  ],
];
describe('a schema is refused with a rule for', () => {
  for (const [what, sdl, permissions, complaint] of refused) {
    it(what, () => {
      const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
      const schema = buildSubgraphSchema({ typeDefs: parse(`${link} ${sdl}`) });
      assert.throws(() => guardSchema(schema, permissions), complaint);
    });
  }
});
