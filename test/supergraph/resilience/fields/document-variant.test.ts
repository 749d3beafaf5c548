// Holds documents without some of their fields to asking for all else, validly, and to knowing which places stay empty.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { buildSchema, execute, parse, validate } from 'graphql';
import { readSupergraphFacts } from '../../../../supergraph/foundation/supergraph-facts.ts';
import { AskedDocument } from '../../../../supergraph/resilience/fields/asked-document.ts';
import { DocumentVariant } from '../../../../supergraph/resilience/fields/document-variant.ts';
import { GraphTypes } from '../../../../supergraph/resilience/fields/graph-types.ts';
import { subgraphOperation } from '../../../../supergraph/transport/subgraph-client.ts';
import { supergraphOf } from '../../planner/planned-graph.ts';

const media = `
  type Query { anything: [Anything] named: [Named] shelf(of: Int): Shelf }
  union Anything = Book | Film
  interface Named { name: String }
  type Shelf { books(first: Int): [Book] label: String }
  type Book implements Named @key(fields: "id") { id: ID! name: String pages: Int film: Film related(first: Int): [Named] }
  type Film implements Named @key(fields: "id") { id: ID! name: String minutes: Int }
`;
/** Another subgraph has a type of the interface that this one must not be asked about. */
const music = `
  type Query { songs: [Song] }
  interface Named { name: String }
  type Song implements Named { name: String }
`;

const types = new GraphTypes(readSupergraphFacts(supergraphOf({ media, music }), 'the test').document);
const schema = buildSchema(`
  directive @key(fields: String!) on OBJECT
  scalar _Any
  union _Entity = Book | Film
  ${media.replace('type Query {', 'type Query { _entities(representations: [_Any!]!): [_Entity]!')}
`);

interface Case {
  name: string;
  document: string;
  without: string[];
  /** undefined where nothing is asked. */
  left: string | undefined;
  variables?: object;
  leftVariables?: object;
}

const r = { representations: [{ __typename: 'Book', id: '1' }] };
const cases: readonly Case[] = [
  {
    name: 'one field of several',
    document: '{shelf{label books{id}}}',
    without: ['Shelf.label'],
    left: '{shelf{books{id}}}',
  },
  {
    name: 'a field with all below it, and its variables',
    document: 'query($a:Int,$b:Int){shelf(of:$a){label books(first:$b){id}}}',
    without: ['Shelf.books'],
    variables: { a: 1, b: 2 },
    left: 'query($a:Int){shelf(of:$a){label}}',
    leftVariables: { a: 1 },
  },
  {
    name: 'the only field of an object leaves what tells it from none',
    document: '{shelf{label}}',
    without: ['Shelf.label'],
    left: '{shelf{_left:__typename}}',
  },
  {
    name: 'the only field of the root leaves nothing',
    document: '{shelf{label}}',
    without: ['Query.shelf'],
    left: undefined,
  },
  {
    name: 'a field under two names',
    document: '{a:shelf{label}b:shelf{other:label books{id}}}',
    without: ['Shelf.label'],
    left: '{a:shelf{_left:__typename}b:shelf{books{id}}}',
  },
  {
    name: 'a field of entities',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{__typename name pages}}}',
    without: ['Book.pages'],
    variables: r,
    left: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{__typename name}}}',
  },
  {
    name: 'all fields of entities leave no request',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{__typename pages}}}',
    without: ['Book.pages'],
    variables: r,
    left: undefined,
  },
  {
    name: 'all fields of one list of entities leave the others',
    document:
      'query($r0:[_Any!]!,$r1:[_Any!]!,$v:Int){e0:_entities(representations:$r0){...on Book{related(first:$v){name}}}e1:_entities(representations:$r1){...on Film{minutes}}}',
    without: ['Book.related'],
    variables: { r0: [], r1: [], v: 1 },
    left: 'query($r1:[_Any!]!){e1:_entities(representations:$r1){...on Film{minutes}}}',
    leftVariables: { r1: [] },
  },
  {
    name: 'all fields of the entities of one type leave those of the other',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{pages}...on Film{minutes}}}',
    without: ['Book.pages'],
    variables: r,
    left: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{_left:__typename}...on Film{minutes}}}',
  },
  {
    name: 'what each entity of an interface is remains to be told',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Named{__typename ...on Book{pages}}}}',
    without: ['Book.pages'],
    variables: r,
    left: 'query($representations:[_Any!]!){_entities(representations:$representations){...on Named{__typename ...on Book{_left:__typename}}}}',
  },
  {
    name: 'a field of one type, asked of its interface, is asked of the others that the subgraph has',
    document: '{named{name}}',
    without: ['Book.name'],
    left: '{named{_left:__typename ...on Film{name}}}',
  },
  {
    name: 'a field of all types of an interface',
    document: '{named{name}}',
    without: ['Book.name', 'Film.name'],
    left: '{named{_left:__typename}}',
  },
  {
    name: 'a field below type conditions and fragments',
    document:
      '{anything{...on Book{...parts film{minutes name}}...on Film{minutes}}}fragment parts on Book{pages name}',
    without: ['Film.minutes', 'Book.pages'],
    left: '{anything{...on Book{...on Book{name}film{name}}...on Film{_left:__typename}}}',
  },
];

const variantOf = ({ document, without }: Pick<Case, 'document' | 'without'>) =>
  new DocumentVariant(new AskedDocument(document, 'media', types), new Set(without));

suite('a document without', () => {
  for (const one of cases) {
    test(one.name, () => {
      const { document, left, variables = {}, leftVariables = variables } = one;
      const { operation, ...variant } = { operation: variantOf(one).operation };
      assert.deepEqual(variant, {});
      assert.equal(operation?.document, left);
      if (operation === undefined) return;
      assert.deepEqual(validate(schema, parse(document)), [], 'what is asked in the test');
      assert.deepEqual(validate(schema, parse(operation.document)), []);
      const request = variantOf(one).request(
        { operation: subgraphOperation('query', document), variables: JSON.stringify(variables) },
        operation,
      );
      assert.deepEqual(JSON.parse(request.variables), leftVariables);
    });
  }
});

test('variables taken apart lose those that are not used, too', () => {
  const document =
    'query($r0:[_Any!]!,$r1:[_Any!]!){e0:_entities(representations:$r0){...on Book{pages}}e1:_entities(representations:$r1){...on Film{minutes}}}';
  const variant = variantOf({ document, without: ['Book.pages'] });
  assert.ok(variant.operation);
  const { parts } = variant.request(
    {
      operation: subgraphOperation('query', document),
      variables: '{"r0":[{}],"r1":[{}]}',
      parts: {
        representations: new Map([
          ['r0', ['{}']],
          ['r1', ['{}']],
        ]),
        values: new Map(),
      },
    },
    variant.operation,
  );
  assert.deepEqual([...(parts?.representations.keys() ?? [])], ['r1']);
});

interface Empty {
  name: string;
  document: string;
  without: string[];
  data: Record<string, unknown>;
  places: string[];
}

const empty: readonly Empty[] = [
  {
    name: 'in each object that is there, through lists and past null',
    document: '{shelf{books{id pages}}}',
    without: ['Book.pages'],
    data: { shelf: { books: [{ id: '1' }, null, { id: '2' }] } },
    places: ['shelf.books.0.pages', 'shelf.books.2.pages'],
  },
  {
    name: 'in objects of the type alone',
    document: '{anything{__typename ...on Book{name pages} ...on Film{name}}}',
    without: ['Book.name'],
    data: {
      anything: [
        { __typename: 'Book', pages: 1 },
        { __typename: 'Film', name: 'M' },
      ],
    },
    places: ['anything.0.name'],
  },
  {
    name: 'where only the mark tells the type',
    document: '{named{name}}',
    without: ['Book.name'],
    data: { named: [{ _left: 'Book' }, { _left: 'Film', name: 'M' }] },
    places: ['named.0.name'],
  },
  {
    name: 'not within what is left out as a whole',
    document: '{shelf{label books{pages}}}',
    without: ['Shelf.books', 'Book.pages'],
    data: { shelf: { label: 'x' } },
    places: ['shelf.books'],
  },
  {
    name: 'at a list of entities that is not asked for',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{__typename pages}}}',
    without: ['Book.pages'],
    data: {},
    places: ['_entities'],
  },
  {
    name: 'in each entity',
    document:
      'query($representations:[_Any!]!){_entities(representations:$representations){...on Book{__typename pages name}}}',
    without: ['Book.pages'],
    data: { _entities: [{ __typename: 'Book', name: 'B' }, null] },
    places: ['_entities.0.pages'],
  },
];

suite('the places that stay empty are', () => {
  for (const { name, data, places, ...asked } of empty) {
    test(name, () => {
      assert.deepEqual(
        variantOf(asked)
          .places(data)
          .map((path) => path.join('.')),
        places,
      );
    });
  }
});

interface Blame {
  name: string;
  document: string;
  path: (string | number)[];
  data: unknown;
  field: string | undefined;
}

const blames: readonly Blame[] = [
  {
    name: 'its own field',
    document: '{shelf{label}}',
    path: ['shelf', 'label'],
    data: { shelf: { label: null } },
    field: 'Shelf.label',
  },
  {
    name: 'the field of an item',
    document: '{shelf{books{id}}}',
    path: ['shelf', 'books', 1],
    data: { shelf: { books: [{}, null] } },
    field: 'Shelf.books',
  },
  {
    name: 'the field below a null that went up',
    document: '{shelf{books{id}}}',
    path: ['shelf', 'books', 1, 'id'],
    data: { shelf: null },
    field: 'Book.id',
  },
  {
    name: 'the field of the object that is there',
    document: '{named{__typename name}}',
    path: ['named', 0, 'name'],
    data: { named: [{ __typename: 'Film' }] },
    field: 'Film.name',
  },
  {
    name: 'the field as it is asked for, where no object is there',
    document: '{named{name}}',
    path: ['named', 0, 'name'],
    data: { named: [null] },
    field: 'Named.name',
  },
  {
    name: 'the field as it is asked for, of a type that there is not',
    document: '{named{__typename name}}',
    path: ['named', 0, 'name'],
    data: { named: [{ __typename: 'Nonsense' }] },
    field: 'Named.name',
  },
  {
    name: 'no field for an entity',
    document: 'query($r:[_Any!]!){_entities(representations:$r){...on Book{pages}}}',
    path: ['_entities', 0],
    data: { _entities: [null] },
    field: undefined,
  },
  {
    name: 'the field of an entity',
    document: 'query($r:[_Any!]!){_entities(representations:$r){...on Book{x:pages}}}',
    path: ['_entities', 0, 'x'],
    data: { _entities: [{ x: null }] },
    field: 'Book.pages',
  },
  {
    name: 'nothing for a path that leads nowhere',
    document: '{shelf{label}}',
    path: ['shelf', 'nothing'],
    data: {},
    field: undefined,
  },
  {
    name: 'nothing for a path of no form',
    document: '{shelf{label}}',
    path: [null, {}] as never,
    data: {},
    field: undefined,
  },
];

suite('an error speaks of', () => {
  for (const { name, document, path, data, field } of blames) {
    test(name, () => {
      assert.equal(new AskedDocument(document, 'media', types).locate(path, data)?.coordinate, field);
    });
  }
});

test('what an executor says of a variant has just those places open', () => {
  // The fields that are left out are those that are not there, in every combination of some.
  const document =
    '{anything{__typename ...on Book{name pages film{name minutes}} ...on Film{name minutes}} named{name} shelf{label books{id}}}';
  const root = {
    anything: [
      { __typename: 'Book', name: 'B', pages: 1, film: { name: 'M', minutes: 2 } },
      { __typename: 'Film', name: 'N', minutes: 3 },
    ],
    named: [{ __typename: 'Film', name: 'N' }],
    shelf: { label: 'L', books: [{ id: '1' }] },
  };
  const fields = [
    'Book.name',
    'Film.name',
    'Book.pages',
    'Film.minutes',
    'Shelf.label',
    'Query.named',
    'Book.film',
  ];
  const leaves = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
      : [path];
  const run = (text: string) =>
    JSON.parse(JSON.stringify(execute({ schema, document: parse(text), rootValue: root }))).data as Record<
      string,
      unknown
    >;
  const all = leaves(run(document), '');
  for (let draw = 1; draw < 2 ** fields.length; draw++) {
    const without = fields.filter((_, index) => draw & (2 ** index));
    const variant = variantOf({ document, without });
    assert.deepEqual(validate(schema, parse(variant.operation?.document ?? '')), [], without.join());
    const data = run(variant.operation?.document ?? '');
    const open = variant.places(data).map((path) => path.join('.'));
    const there = leaves(data, '').filter((path) => !path.endsWith('_left'));
    const lost = all.filter((path) => !there.includes(path));
    assert.deepEqual(
      there.filter((path) => !all.includes(path) && !open.includes(path)),
      [],
      without.join(),
    );
    for (const path of lost) {
      assert.ok(
        open.some((place) => path === place || path.startsWith(`${place}.`)),
        `${path} without ${without}`,
      );
    }
  }
});
