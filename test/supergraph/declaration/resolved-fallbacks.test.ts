// Holds what stands in for a field where several say something: the BFF, its domain, and the same of an interface.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import { checkFallbacks } from '../../../supergraph/declaration/check-fallbacks.ts';
import type { Fallbacks } from '../../../supergraph/declaration/fallback-words.ts';
import { critical, field, lastKnown, omit, value } from '../../../supergraph/declaration/fallback-words.ts';
import { resolveFallbacks, traceFallbacks } from '../../../supergraph/declaration/resolved-fallbacks.ts';
import type { ContractTags } from '../../../supergraph/foundation/contract-tags.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';

const library = (fields: string, name = '@fallback'): string => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@composeDirective"])
    @link(url: "https://specs.tributary.dev/fallback/v1.0", import: [{ name: "@fallback", as: "${name}" }])
    @composeDirective(name: "${name}")
  directive ${name}(
    omit: Boolean, lastKnown: String, field: String, arguments: fallback__Value, value: fallback__Value, critical: Boolean
  ) on FIELD_DEFINITION
  scalar fallback__Value
  ${fields}
`;
const usual = `
  type Query {
    book: Book @tag(name: "app")
    books: [Book!] @tag(name: "app") @fallback(field: "Query.popular", arguments: { first: 3 }, value: [], lastKnown: "1h", omit: true)
    popular(first: Int): [Book!] @fallback(value: null)
  }
  interface Titled @tag(name: "app") { title: String! @fallback(value: "Untitled") pages: Int }
  type Book implements Titled @key(fields: "id") {
    id: ID!
    title: String! @tag(name: "app")
    pages: Int @tag(name: "app") @fallback(lastKnown: "1d")
    author: Author @tag(name: "app") @fallback(value: { name: "Nobody", shelf: 3 })
    format: Format @tag(name: "app") @fallback(value: LEDGER)
    weight: Float @tag(name: "app")
  }
  type Film implements Titled { title: String! @tag(name: "app") @fallback(critical: true) pages: Int @tag(name: "app") }
  type Author { name: String! @tag(name: "app") shelf: Int! }
  enum Format { PAPER @tag(name: "app") LEDGER @tag(name: "internal") }
`;

function supergraph(sdl: string, contract: ContractTags = {}) {
  const whole = compose([schemaOf('library', sdl)]);
  return parse(applyContract('x', whole, contract).supergraphSdl, { noLocation: true });
}
/** Without prototypes that say where an object was read. */
const plain = (given: unknown): unknown => JSON.parse(JSON.stringify(given));

function resolved(fallbacks: Fallbacks | undefined, document = supergraph(library(usual))) {
  assert.deepEqual(checkFallbacks(fallbacks, document), []);
  const bff = fallbacks === undefined ? {} : { fallbacks };
  return plain(Object.fromEntries(resolveFallbacks({ bff, supergraph: document })));
}

const ofDomain = {
  'Query.books': [omit, lastKnown({ upTo: '1h' }), field('Query.popular', { first: 3 }), value([])],
  'Query.popular': [value(null)],
  'Titled.title': [value('Untitled')],
  'Book.title': [value('Untitled')],
  'Book.pages': [lastKnown({ upTo: '1d' })],
  'Book.author': [value({ name: 'Nobody', shelf: 3 })],
  'Book.format': [value('LEDGER')],
  'Film.title': [critical],
};

test('a domain’s fallbacks hold where the BFF says nothing, for objects of an interface too', () => {
  assert.deepEqual(resolved(undefined), ofDomain);
  assert.deepEqual(resolved({}), ofDomain);
});

test('the directive may be called something else', () => {
  const sdl = library(usual, '@standIn').replaceAll('@fallback(', '@standIn(');
  assert.deepEqual(resolved(undefined, supergraph(sdl)), ofDomain);
});

test('what a BFF says takes the place of all that the domain says of the field', () => {
  assert.deepEqual(resolved({ 'Query.books': omit, 'Book.weight': [lastKnown({ upTo: '5s' }), value(1)] }), {
    ...ofDomain,
    'Query.books': [omit],
    'Book.weight': [lastKnown({ upTo: '5s' }), value(1)],
  });
});

test('what a BFF says of an interface counts before what a domain says of the object', () => {
  assert.deepEqual(resolved({ 'Titled.title': value('?'), 'Book.title': value('Book') }), {
    ...ofDomain,
    'Titled.title': [value('?')],
    'Book.title': [value('Book')],
    'Film.title': [value('?')],
  });
});

test('a graph without any has none', () => {
  const document = supergraph('type Query { a: Int }');
  assert.deepEqual(resolved(undefined, document), {});
  assert.deepEqual(resolved({ 'Query.a': value(7) }, document), { 'Query.a': [value(7)] });
});

test('a directive of somebody else that has the name is none', () => {
  const sdl = library(usual).replace('specs.tributary.dev/fallback', 'specs.other.dev/fallback');
  assert.deepEqual(resolved(undefined, supergraph(sdl)), {});
});

describe('under a contract', () => {
  const document = supergraph(library(usual), { include: ['app'], exclude: ['internal'] });

  test('what the domain says is left out where clients cannot have it, and the rest holds', () => {
    const { 'Query.popular': _, ...rest } = ofDomain;
    assert.deepEqual(resolved(undefined, document), {
      'Query.books': [omit, lastKnown({ upTo: '1h' }), value([])],
      'Titled.title': rest['Titled.title'],
      'Book.title': rest['Book.title'],
      'Book.author': rest['Book.author'],
      'Film.title': rest['Film.title'],
    });
  });

  test('it is told what was left out, and who says what', () => {
    const traced = traceFallbacks({
      bff: { fallbacks: { 'Titled.title': value('?') } },
      supergraph: document,
    });
    assert.deepEqual(plain(traced.get('Book.pages')), {
      fallbacks: [],
      origin: '@fallback',
      saidOf: 'Book.pages',
      leftOut: [lastKnown({ upTo: '1d' })],
    });
    const { origin, saidOf } = traced.get('Film.title') ?? assert.fail();
    assert.deepEqual({ origin, saidOf }, { origin: 'declared', saidOf: 'Titled.title' });
  });

  test('a BFF is refused what its clients do not see', () => {
    const fallbacks = { 'Query.popular': value(null), 'Book.format': value('LEDGER') };
    assert.deepEqual(checkFallbacks(fallbacks, document), [
      'fallbacks.Query.popular: there is no such field.',
      'fallbacks.Book.format.value: must be one of Format (PAPER), but is "LEDGER".',
    ]);
  });
});

test('a BFF that leads a domain’s fallback back to itself is refused', () => {
  const fallbacks = { 'Query.popular': field('Query.books') };
  assert.deepEqual(checkFallbacks(fallbacks, supergraph(library(usual))), [
    'fallbacks.Query.books: would stand in for itself: Query.books → Query.popular → Query.books.',
  ]);
});

test('a domain’s fallback that does not fit is refused when a BFF starts', () => {
  const sdl = library('type Query { a: Int! @fallback(value: null) b: Int @fallback(lastKnown: "x") }');
  assert.deepEqual(checkFallbacks(undefined, supergraph(sdl)), [
    "the graph's @fallback of Query.a: value: must not be null: its type is Int!.",
    `the graph's @fallback of Query.b: lastKnown: "x" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ]);
});
