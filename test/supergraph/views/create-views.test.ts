// Holds views to what is said about them at the start: everything that is wrong at once, in the words of whoever wrote them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildSchema } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { StartupProblem } from '../../../supergraph/foundation/startup-problem.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { createViews } from '../../../supergraph/views/create-views.ts';
import type { ViewResolvers } from '../../../supergraph/views/define-views.ts';
import type { LoadedViews } from '../../../supergraph/views/load-views.ts';
import { libraryTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';

const sdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
  type Query { desk: Desk }
  type Desk { greeting: String! }
  type Book @key(fields: "id") {
    id: ID!
    weight: Int! @external
    heft: String @requires(fields: "weight")
  }
`;
const resolvers: ViewResolvers = {
  Query: { desk: () => ({ greeting: 'Hello' }) },
  Book: { heft: ({ weight }: { weight: number }) => `${weight} g` },
};
const good: LoadedViews = { from: 'bff/views', sdl, resolvers, documents: [] };
const clientSchema = buildSchema(`
  type Query { desk: Desk book(id: ID!): Book books: [Book!]! }
  type Mutation { rename: Book }
  type Desk { greeting: String! }
  type Book { title: String! heft: String }
`);

/** Over a supergraph of the same schema, unless it was composed of another. */
function create(views: LoadedViews, composedOf = views.sdl) {
  const all = [schemaOf('library', libraryTypeDefs), schemaOf('own-views', composedOf, 'views:own')];
  const supergraph = readSupergraphFacts(compose(all), 'The supergraph');
  return createViews({ bff: 'own', views, supergraph, now: Date.now, log: { error: () => {} } });
}

describe('views are refused', () => {
  const cases: [name: string, views: Partial<LoadedViews>, says: RegExp[], composedOf?: string][] = [
    [
      'with resolvers of nothing',
      {
        resolvers: { ...resolvers, Bok: { heft: () => '' }, Book: { ...resolvers['Book'], hefty: () => '' } },
      },
      [
        /The views in bff\/views cannot be used:/,
        /resolvers\.Bok: schema\.graphql has no such type with fields\. Did you mean "Book"\?/,
        /resolvers\.Book\.hefty: schema\.graphql has no such field\. Did you mean "heft"\?/,
      ],
    ],
    [
      'without resolvers',
      { resolvers: {} },
      [/- Query\.desk: has no resolver\./, /- Book\.heft: has no resolver\./],
    ],
    [
      'where their failure would take along what is beside it',
      { sdl: sdl.replace('heft: String', 'heft: String!').replace('desk: Desk', 'desk: Desk!') },
      [/Query\.desk: must be nullable/, /Book\.heft: must be nullable/],
    ],
    [
      'with something that changes something',
      {
        sdl: `${sdl} type Mutation { tidy: Boolean }`,
        resolvers: { ...resolvers, Mutation: { tidy: () => true } },
      },
      [/what changes something belongs to a domain/],
    ],
    [
      'where the supergraph was composed of another schema',
      {},
      [/Book\.bulk: the supergraph has it, and schema\.graphql has not: run "npm run compose"/],
      sdl.replace('heft: String @requires(fields: "weight")', 'bulk: String @requires(fields: "weight")'),
    ],
    [
      'with a schema that is none',
      { sdl: 'type Query {' },
      [/bff\/views\/schema\.graphql cannot be used/],
      sdl,
    ],
  ];
  for (const [name, views, says, composedOf] of cases) {
    test(name, async () => {
      await assert.rejects(create({ ...good, ...views }, composedOf ?? views.sdl ?? sdl), (error) => {
        assert.ok(error instanceof StartupProblem, String(error));
        for (const piece of says) assert.match(error.message, piece);
        return true;
      });
    });
  }

  test('where the supergraph was composed without them', async () => {
    const supergraph = readSupergraphFacts(compose([schemaOf('library', libraryTypeDefs)]), 'The supergraph');
    await assert.rejects(
      createViews({ bff: 'own', views: good, supergraph, now: Date.now, log: { error: () => {} } }),
      /The supergraph of the BFF "own" knows nothing of the views in bff\/views: run "npm run compose"/,
    );
  });
});

describe('what views ask is refused', () => {
  const cases: [name: string, text: string, says: RegExp][] = [
    ['where it is no GraphQL', '{', /views\/a\.graphql, line 1: Syntax Error/],
    [
      'without a name',
      '{ books { title } }',
      /views\/a\.graphql: must hold exactly one operation, a query with a name/,
    ],
    [
      'where there are two',
      'query A { books { title } } query B { books { title } }',
      /exactly one operation/,
    ],
    ['where it changes something', 'mutation A { rename { title } }', /exactly one operation, a query/],
    [
      'where it asks for what clients do not see',
      'query A {\n books { weight } }',
      /a\.graphql, line 2: Cannot query field "weight"/,
    ],
    [
      'where a variable is not used',
      'query A($id: ID!) { books { title } }',
      /Variable "\$id" is never used/,
    ],
    [
      'where the views would be asked in turn',
      'query A { ...Root } fragment Root on Query { again: desk { greeting } }',
      /a\.graphql: asks for Query\.desk, which the views answer by asking themselves/,
    ],
  ];
  for (const [name, text, says] of cases) {
    test(name, async () => {
      const views = await create({ ...good, documents: [{ file: 'views/a.graphql', text }] });
      assert.throws(
        () => views.connect(clientSchema, async () => ({ data: null, errors: [] })),
        (error) => error instanceof StartupProblem && says.test(error.message),
      );
    });
  }

  test('where two have one name, and all of it is told at once', async () => {
    const text = 'query A { books { title } }';
    const views = await create({
      ...good,
      documents: [
        { file: 'views/a.graphql', text },
        { file: 'views/b.graphql', text },
        { file: 'views/c.graphql', text: 'query C { nothing }' },
      ],
    });
    assert.throws(
      () => views.connect(clientSchema, async () => ({ data: null, errors: [] })),
      /b\.graphql: views\/a\.graphql has a query A too\.\n- views\/c\.graphql, line 1: Cannot query field "nothing"/,
    );
  });
});

test('fields of their own entities may be asked for by what they ask', async () => {
  const text = 'query A { books { heft } }';
  const views = await create({ ...good, documents: [{ file: 'views/a.graphql', text }] });
  assert.deepEqual(
    views.connect(clientSchema, async () => ({ data: null, errors: [] })),
    [text],
  );
});

test('a function of resolvers is called once for each router', async () => {
  let called = 0;
  const views = {
    ...good,
    resolvers: () => {
      called += 1;
      return resolvers;
    },
  };
  await Promise.all([create(views), create(views)]);
  assert.equal(called, 2);
});
