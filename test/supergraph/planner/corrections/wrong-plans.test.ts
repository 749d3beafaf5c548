// Plans that Apollo's planner gets wrong: each is shown wrong as it comes and right as we hand it on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema } from 'graphql';
import type { FetchNode } from '../../../../supergraph/planner/plan.ts';
import { fetchesOf, outline, planned, plannedByStock, required, type Subgraphs } from '../planned-graph.ts';

interface Case {
  name: string;
  subgraphs: Subgraphs;
  operation: string;
  /** The fetch that is looked at: the last one to this subgraph. */
  subgraph: string;
  stock: RegExp;
  ours: RegExp;
}

const entityFetch = (document: string): string =>
  `query($representations:[_Any!]!){_entities(representations:$representations){${document}}}`;

/** A fetch in one line: what it asks for, then what it sends. */
const line = (fetch: FetchNode | undefined): string =>
  fetch ? `${fetch.document} <- ${(fetch.requires ?? []).map(required).join(' ')}` : '';

const escaped = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

const items = {
  prices: `type Query { items: [Item] } enum Currency { USD EUR }
    type Item @key(fields: "id") { id: ID! price(currency: Currency!, round: Boolean = false): Float size: Size }
    type Size { width(unit: String = "cm"): Int }`,
  taxes: `enum Currency { USD EUR }
    type Item @key(fields: "id") {
      id: ID!
      price(currency: Currency!, round: Boolean = false): Float @external
      size: Size @external
      american: Float @requires(fields: "price(currency: USD)")
      european(rate: Float): Float @requires(fields: "price(round: true, currency: EUR)")
      box: String @requires(fields: "size { width(unit: \\"mm \u2603\\") }")
      bag: String @requires(fields: "size { width }")
      plain: Int
    }
    type Size { width(unit: String = "cm"): Int @external }`,
};

const contacts = {
  people: `interface Contact @key(fields: "id") { id: ID! size: Int! }
    type Person implements Contact @key(fields: "id") { id: ID! size: Int! }
    type Company implements Contact @key(fields: "id") { id: ID! size: Int! }
    type Query { search: [Contact!]! }`,
  notes: `type Contact @key(fields: "id") @interfaceObject {
      id: ID! size: Int! @external area: Int @requires(fields: "size") note: String
    }
    type Query { noted: [Contact!]! }`,
};

const cases: Case[] = [
  {
    name: 'a key that is not resolvable is not the way back into a subgraph',
    subgraphs: {
      names: 'type Thing @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! name: String }',
      labels: `type Query { thing: Thing }
        type Thing @key(fields: "id", resolvable: false) @key(fields: "sku") {
          id: ID! sku: ID! name: String @external label: String @requires(fields: "name")
        }`,
    },
    operation: '{thing{label}}',
    subgraph: 'labels',
    stock: escaped('...on Thing{__typename name id}'),
    ours: escaped('...on Thing{__typename name sku}'),
  },
  {
    name: 'a key is not asked of a subgraph that knows it as external',
    subgraphs: {
      a: `type Query { book: Book }
        type Book @key(fields: "isbn") { isbn: ID! id: ID! @external label: Int @requires(fields: "id") }`,
      b: `type Book @key(fields: "id") @key(fields: "isbn") {
          id: ID! isbn: ID! weight: Int @external postage: Int @requires(fields: "weight")
        }`,
      c: 'type Book @key(fields: "isbn") { isbn: ID! weight: Int }',
    },
    operation: '{book{postage}}',
    subgraph: 'a',
    stock: escaped('{book{__typename isbn id}}'),
    ours: escaped('{book{__typename isbn}}'),
  },
  {
    name: "a required field with arguments is kept apart from the client's own",
    subgraphs: items,
    operation: '{items{american _0_price:price(currency:EUR)}}',
    subgraph: 'taxes',
    stock: escaped('...on Item{__typename id price}'),
    ours: escaped('...on Item{__typename id required0_price as price}'),
  },
  {
    name: 'the arguments of a required field within another reach the subgraph that has it',
    subgraphs: items,
    operation: '{items{box}}',
    subgraph: 'prices',
    stock: /size\{width\(unit:"mm ☃"\)\}/,
    ours: /size\{required2_width:width\(unit:"mm ☃"\)\}/,
  },
  {
    name: 'the name of an interface object does not take the place of the name of the type',
    subgraphs: {
      titles: `interface Media @key(fields: "id") { id: ID! title: String! }
        type Book implements Media @key(fields: "id") { id: ID! title: String! }`,
      reviews:
        'type Media @key(fields: "id") @interfaceObject { id: ID! review: Int! } type Query { top: [Media!]! }',
    },
    operation: '{top{__typename title ...on Book{__typename review}}}',
    subgraph: 'reviews',
    stock: escaped(entityFetch('...on Media{__typename review}')),
    ours: escaped(entityFetch('...on Media{review}')),
  },
  {
    name: 'every object that an interface object is asked about has its key in the representation',
    subgraphs: contacts,
    operation: '{noted{...on Person{area}}}',
    subgraph: 'notes',
    stock: escaped('...on Person{__typename id} ...on Contact{__typename size}'),
    ours: escaped('<- ...on Contact{__typename size id}'),
  },
  {
    name: 'what an interface object requires is fetched for every object it is asked about',
    subgraphs: contacts,
    operation: '{search{note ...on Person{area}}}',
    subgraph: 'people',
    stock: escaped('{search{__typename id ...on Person{__typename id size}}}'),
    ours: escaped('{search{__typename id size ...on Person{__typename}}}'),
  },
];

for (const { name, subgraphs, operation, subgraph, stock, ours } of cases) {
  test(name, () => {
    const last = ({ plan }: ReturnType<typeof planned>): string =>
      line(fetchesOf(plan(operation)).findLast((fetch) => fetch.subgraph === subgraph));
    assert.match(last(plannedByStock(subgraphs)), stock);
    const right = last(planned(subgraphs));
    assert.match(right, ours);
    assert.doesNotMatch(right, stock);
  });
}

test('a field is not asked for before what it requires is there, however long the chain', () => {
  const subgraphs = {
    left: `type Query { games: [Game!]! }
      type Game @key(fields: "id") {
        id: ID! first: Int second: Int @external third: Int @requires(fields: "second")
        fourth: Int @external fifth: Int @requires(fields: "fourth")
      }`,
    right: `type Game @key(fields: "id") {
        id: ID! first: Int @external second: Int @requires(fields: "first")
        third: Int @external fourth: Int @requires(fields: "third")
      }`,
  };
  const operation = '{games{fifth}}';
  assert.match(fetchesOf(plannedByStock(subgraphs).plan(operation))[0]?.document ?? '', /third/);
  assert.deepEqual(outline(planned(subgraphs).plan(operation)), {
    sequence: [
      'left: {games{__typename id first}}',
      `right @ games.@: ${entityFetch('...on Game{second}')} <- ...on Game{__typename id first}`,
      `left @ games.@: ${entityFetch('...on Game{third}')} <- ...on Game{__typename second id}`,
      `right @ games.@: ${entityFetch('...on Game{fourth}')} <- ...on Game{__typename third id}`,
      `left @ games.@: ${entityFetch('...on Game{fifth}')} <- ...on Game{__typename fourth id}`,
    ],
  });
});

test('a fetch waits for all that it sends', () => {
  const graph = planned({
    a: `type Query { t: T } type T @key(fields: "id") @key(fields: "k") {
        id: ID! k: ID! two: Int @external one: Int @external three: Int @requires(fields: "one two")
      }`,
    b: 'type T @key(fields: "id") { id: ID! one: Int three: Int @external four: Int @requires(fields: "three") }',
    c: 'type T @key(fields: "k") { k: ID! two: Int }',
  });
  assert.deepEqual(outline(graph.plan('{t{four}}')), {
    sequence: [
      'a: {t{__typename id k}}',
      {
        parallel: [
          `b @ t: ${entityFetch('...on T{one}')} <- ...on T{__typename id}`,
          `c @ t: ${entityFetch('...on T{two}')} <- ...on T{__typename k}`,
        ],
      },
      `a @ t: ${entityFetch('...on T{three}')} <- ...on T{__typename one two id}`,
      `b @ t: ${entityFetch('...on T{four}')} <- ...on T{__typename three id}`,
    ],
  });
});

test('fetches that ask alike, one after the other, become one', () => {
  const graph = planned({
    a: 'type Query { t: T } type T @key(fields: "id") { id: ID! f0: Int f6: Int }',
    b: `type T @key(fields: "id") {
        id: ID! f0: Int @external f1: Int f3: Int @requires(fields: "f0")
        f4: Int @external f6: Int @external f7: Int @requires(fields: "f4 f6")
      }`,
    c: `type T @key(fields: "id") {
        id: ID! f1: Int @external f3: Int @external f4: Int @requires(fields: "f1 f3")
      }`,
  });
  const asked = fetchesOf(graph.plan('{t{f3 f7}}')).map(({ document }) => document);
  assert.equal(asked.filter((document) => document.includes('f3')).length, 1);
});

test('variants of one required field are sent apart, each with the fields that need it', () => {
  const operation = 'query($v0:Float){items{american _0_european:european(rate:$v0)plain box bag}}';
  const stock = fetchesOf(plannedByStock(items).plan(operation)).filter(
    ({ subgraph }) => subgraph === 'taxes',
  );
  assert.equal(stock.length, 1, 'as it comes both variants are one fetch');
  assert.deepEqual(outline(planned(items).plan(operation)), {
    sequence: [
      'prices: {items{__typename id size{width required2_width:width(unit:"mm ☃")}required1_price:price(currency:EUR round:true)required0_price:price(currency:USD)}}',
      {
        parallel: [
          `taxes @ items.@: ${entityFetch('...on Item{american plain box}')} <- ...on Item{__typename id size{required2_width as width} required0_price as price}`,
          'taxes @ items.@: query($representations:[_Any!]!$v0:Float){_entities(representations:$representations){...on Item{_0_european:european(rate:$v0)bag}}} <- ...on Item{__typename id size{width} required1_price as price}',
        ],
      },
    ],
  });
  const variables = fetchesOf(planned(items).plan(operation)).map((fetch) => fetch.variables);
  assert.deepEqual(variables, [[], [], ['v0']]);
});

test('variants are no conflict where they stand in objects of different types', () => {
  const graph = planned({
    prices: `type Query { things: [Thing] } union Thing = Book | Film
      type Book @key(fields: "id") { id: ID! price(in: String): Int }
      type Film @key(fields: "id") { id: ID! price(in: String): Int }`,
    taxes: `type Book @key(fields: "id") { id: ID! price(in: String): Int @external tax: Int @requires(fields: "price(in: \\"a\\")") }
      type Film @key(fields: "id") { id: ID! price(in: String): Int @external fee: Int @requires(fields: "price(in: \\"b\\")") }`,
  });
  const fetches = fetchesOf(graph.plan('{things{...on Book{tax}...on Film{fee}}}'));
  assert.deepEqual(
    fetches.map((fetch) => fetch.requires?.map(required)),
    [
      undefined,
      [
        '...on Book{__typename id required0_price as price}',
        '...on Film{__typename id required1_price as price}',
      ],
    ],
  );
});

test('a required field with arguments may itself be required, overridden or of an interface', () => {
  const chain = planned({
    a: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! base: Int price(in: String): Int }',
    b: `type Thing @key(fields: "id") {
        id: ID! base: Int @external
        price(in: String): Int @override(from: "a") @requires(fields: "base")
      }`,
    c: `type Thing @key(fields: "id") { id: ID! price(in: String): Int @external tax: Int @requires(fields: "price(in: \\"x\\")") }`,
  });
  assert.deepEqual(outline(chain.plan('{thing{tax}}')), {
    sequence: [
      'a: {thing{__typename id base}}',
      `b @ thing: ${entityFetch('...on Thing{required0_price:price(in:"x")}')} <- ...on Thing{__typename base id}`,
      `c @ thing: ${entityFetch('...on Thing{tax}')} <- ...on Thing{__typename required0_price as price id}`,
    ],
  });
  const abstract = planned({
    a: `type Query { holder: Holder } type Holder @key(fields: "id") { id: ID! thing: Thing }
      interface Thing { price(in: String): Int }
      type Book implements Thing { price(in: String): Int }
      type Film implements Thing { price(in: String): Int }`,
    b: `type Holder @key(fields: "id") { id: ID! thing: Thing @external tax: Int @requires(fields: "thing { ... on Book { price(in: \\"b\\") } ... on Film { price } }") }
      interface Thing { price(in: String): Int }
      type Book implements Thing { price(in: String): Int @external }
      type Film implements Thing { price(in: String): Int @external }`,
  });
  assert.deepEqual(outline(abstract.plan('{holder{tax}}')), {
    sequence: [
      'a: {holder{__typename id thing{__typename ...on Book{required0_price:price(in:"b")}...on Film{price}}}}',
      `b @ holder: ${entityFetch('...on Holder{tax}')} <- ...on Holder{__typename id thing{...on Book{required0_price as price} ...on Film{price}}}`,
    ],
  });
});

test('clients see nothing of what the planner is told', () => {
  for (const subgraphs of [items, contacts]) {
    const graph = planned(subgraphs);
    assert.equal(graph.apiSchemaSdl, plannedByStock(subgraphs).apiSchemaSdl);
    assert.doesNotThrow(() => buildSchema(graph.apiSchemaSdl));
  }
  assert.throws(() => planned(items).plan('{items{required0_price}}'), /required0_price/);
});

test('names of hidden fields meet no field of the graph', () => {
  const graph = planned({
    a: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! price(in: String): Int required0_price: Int required_: Int }',
    b: `type Thing @key(fields: "id") { id: ID! price(in: String): Int @external tax: Int @requires(fields: "price(in: \\"x\\")") }`,
  });
  const [first] = fetchesOf(graph.plan('{thing{tax required0_price required_}}'));
  assert.match(first?.document ?? '', /required__0_price:price\(in:"x"\)/);
});

test('a field with arguments that a context takes is kept apart too, and its variable is told', () => {
  const graph = planned({
    a: `type Query { shop: Shop! }
      type Shop @key(fields: "id") @context(name: "place") { id: ID! city(short: Boolean): String! shelves: [[Shelf!]!]! }
      type Shelf @key(fields: "id") { id: ID! label(city: String @fromContext(field: "$place { city(short: true) }"), size: Int): String! }`,
    b: 'type Query { other: Int! }',
  });
  const fetches = fetchesOf(
    graph.plan('query($v0:Int){shop{_0_city:city(short:false)shelves{_0_label:label(size:$v0)}}}'),
  );
  assert.match(fetches[0]?.document ?? '', /required0_city:city\(short:true\)/);
  const [, second] = fetches;
  assert.deepEqual(second?.path, ['shop', 'shelves', '@', '@']);
  assert.deepEqual(second?.variables, ['v0']);
  assert.deepEqual(second?.contexts, [
    { variable: 'contextualArgument_1_0', path: ['..', '... on Shop', 'required0_city'] },
  ]);
});

test('supergraphs that link authentication, cost and contexts are planned', () => {
  const graph = planned({
    a: `type Query { shop: Shop! @authenticated @cost(weight: 5) }
      type Shop @key(fields: "id") @requiresScopes(scopes: [["read"]]) { id: ID! secret: String @policy(policies: [["p"]]) items(first: Int): [Int] @listSize(slicingArguments: ["first"]) }`,
    b: 'type Shop @key(fields: "id") { id: ID! other: Int }',
  });
  assert.deepEqual(
    fetchesOf(graph.plan('{shop{secret other}}')).map(({ subgraph }) => subgraph),
    ['a', 'b'],
  );
});
