// Holds what is told of a selection beside its rule, and the rule of an interface that a subgraph knows as an object.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cachedGraph, composed } from './cached-graph.ts';
import { hour } from './hold-rules.ts';

describe('an interface that a subgraph knows as an object', () => {
  const media = composed({
    catalog: `
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String }
      type Book implements Media @key(fields: "id") { id: ID! title: String @cacheControl(maxAge: 3) }
      type Film implements Media @key(fields: "id") { id: ID! title: String }
    `,
    ratings: `
      type Media @key(fields: "id") @interfaceObject { id: ID! stars: Int @cacheControl(maxAge: 50) similar: Media }
    `,
  });
  const select = '{ ... on Media { stars } }';

  test('has the rule of the interface', () => {
    const graph = cachedGraph(media, { Media: hour });
    assert.equal(graph.ruleOf('Media', select)?.maxAge, 50_000);
    assert.equal(graph.ruleOf('Book', select)?.maxAge, 50_000);
  });
  test('can be any of its members, and so the strictest of their rules holds', () => {
    const graph = cachedGraph(media, { Media: hour, 'Film.stars': { maxAge: '2s', scope: 'viewer' } });
    assert.deepEqual(
      [graph.ruleOf('Media', select)?.maxAge, graph.ruleOf('Media', select)?.scope],
      [2000, 'viewer'],
    );
    assert.deepEqual(
      [graph.ruleOf('Book', select)?.maxAge, graph.ruleOf('Book', select)?.scope],
      [50_000, 'public'],
    );
    assert.equal(cachedGraph(media, { Book: hour }).ruleOf('Media', select), undefined);
  });
  test('has the hint of one of its members', () => {
    const graph = cachedGraph(media, { Media: hour });
    assert.equal(graph.ruleOf('Media', '{ title }')?.maxAge, 3000);
    assert.equal(graph.ruleOf('Film', '{ ... on Media { title } }')?.maxAge, 3_600_000);
  });
  test('is told, also where it is named by its key alone', () => {
    const graph = cachedGraph(media, { Media: hour });
    for (const select of ['{ similar { __typename id } }', '{ similar { id stars } }']) {
      assert.deepEqual(graph.ruleOf('Media', select)?.types, ['Book', 'Film', 'Media']);
    }
  });
});

describe('the signature', () => {
  const signature = (subgraph: string, select: string): string | undefined =>
    cachedGraph(composed({ shop: subgraph }), { Product: hour }).ruleOf('Product', select)?.signature;
  const sdl = (price: string, deals = 'Coupon') => `
    type Query { product: Product }
    type Product @key(fields: "id") { id: ID! name: String price: ${price} deal: Deal }
    type Money { amount: Int }
    type Coupon { amount: Int }
    type Voucher { amount: Int }
    union Deal = ${deals}
  `;

  test('has all coordinates, sorted', () => {
    assert.equal(
      signature(sdl('Money'), '{ __typename price { amount } name }'),
      'Money.amount:Int Product.__typename:String! Product.name:String Product.price:Money',
    );
  });
  test('does not change with the order, nor with what is not selected', () => {
    assert.equal(
      signature(sdl('Int'), '{ name id }'),
      signature(sdl('[Money]'), '{ ... on Product { id } name }'),
    );
  });
  test('changes with the type of a field', () => {
    const texts = ['Int', 'Int!', '[Int]', 'Float'].map((type) => signature(sdl(type), '{ price }'));
    assert.equal(new Set(texts).size, texts.length);
  });
  test('changes with what something can be', () => {
    const select = '{ deal { __typename } }';
    assert.notEqual(signature(sdl('Int'), select), signature(sdl('Int', 'Coupon | Voucher'), select));
  });
});

test('many members within each other take no time that grows with the depth', () => {
  const members = Array.from({ length: 40 }, (_, index) => `Part${index}`);
  const document = composed({
    parts: `
      type Query { part: Part }
      interface Part @key(fields: "id") { id: ID! below: [Part!]! name: String }
      ${members.map((name) => `type ${name} implements Part @key(fields: "id") { id: ID! below: [Part!]! name: String }`).join('\n')}
    `,
  });
  const graph = cachedGraph(document, { Part: hour });
  const deep = `${'{ name below '.repeat(12)}{ id }${' }'.repeat(12)}`;
  assert.equal(graph.ruleOf('Part', deep)?.types.length, members.length + 1);
});
