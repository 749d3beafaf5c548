// What the bound on one operation lets through and what it refuses, and that counting costs nothing itself.
import assert from 'node:assert/strict';
import test from 'node:test';
import { buildSchema, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { refuseLargeOperation } from '../../../subgraphs/kit/operation-size.ts';

const schema = buildSchema(`
  scalar _Any
  union _Entity = Book
  type Query {
    books(first: Int = 20, after: String): Books!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Books { edges: [Edge!]! totalCount: Int! }
  type Edge { node: Book! }
  type Book { title: String! authors: [Author!]! related(first: Int): [Book!]! }
  type Author { name: String! books(first: Int = 20): Books! }
`);

function check(text: string, variables: Record<string, unknown> = {}): void {
  const document = parse(text);
  const operation = document.definitions.find((node): node is OperationDefinitionNode => {
    return node.kind === Kind.OPERATION_DEFINITION;
  });
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  assert.ok(operation);
  refuseLargeOperation(schema, operation, fragments, variables);
}

const page = (inner: string, first = 100): string => `books(first: ${first}) { edges { node { ${inner} } } }`;
const related = (inner: string): string => `related(first: 100) { ${inner} }`;
const doubling = Array.from({ length: 60 }, (_, level) => {
  return `fragment F${level} on Book { a: related(first: 1) { ...F${level + 1} } b: related(first: 1) { ...F${level + 1} } }`;
});

const cases: { name: string; text: string; variables?: Record<string, unknown>; refused: boolean }[] = [
  { name: 'a page of pages', text: `{ ${page(related('title'))} }`, refused: false },
  { name: 'a page of pages of pages', text: `{ ${page(related(related('title')))} }`, refused: true },
  { name: 'short pages of pages of pages', text: `{ ${page(related('title'), 10)} }`, refused: false },
  {
    name: 'pages whose length a variable says',
    text: 'query ($n: Int) { books(first: $n) { edges { node { related(first: $n) { related(first: $n) { title } } } } } }',
    variables: { n: 100 },
    refused: true,
  },
  {
    name: 'the same with a small variable',
    text: 'query ($n: Int) { books(first: $n) { edges { node { related(first: $n) { related(first: $n) { title } } } } } }',
    variables: { n: 10 },
    refused: false,
  },
  {
    name: 'a page for each of 1,000 representations',
    text: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { related(first: 20) { title } } } }`,
    variables: { representations: Array.from({ length: 1000 }, () => ({})) },
    refused: false,
  },
  {
    name: 'a page of pages for each of 100 representations',
    text: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Book { ${related(related('title'))} } } }`,
    variables: { representations: Array.from({ length: 100 }, () => ({})) },
    refused: true,
  },
  {
    name: 'fragments',
    text: `{ ${page('...A')} } fragment A on Book { ${related(related('title'))} }`,
    refused: true,
  },
  {
    name: 'aliases',
    text: `{ ${Array.from({ length: 12 }, (_, n) => `a${n}: ${page(related('title'))}`).join(' ')} }`,
    refused: true,
  },
  {
    name: 'an overflow',
    text: `{ ${page('...F0')} } ${doubling.join(' ')} fragment F60 on Book { title }`,
    refused: true,
  },
];

for (const { name, text, variables, refused } of cases) {
  test(`${name}: ${refused ? 'refused' : 'accepted'}`, () => {
    const began = performance.now();
    if (refused) assert.throws(() => check(text, variables), { extensions: { code: 'BAD_USER_INPUT' } });
    else check(text, variables);
    assert.ok(performance.now() - began < 100);
  });
}
