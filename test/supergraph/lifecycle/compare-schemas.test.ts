// Holds the judgement of each kind of change: whom it breaks, whom it may surprise, and who need not care.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { breaksSomebody, checkReport } from '../../../supergraph/lifecycle/check-report.ts';
import { compareSchemas } from '../../../supergraph/lifecycle/compare-schemas.ts';
import { operationCoordinates } from '../../../supergraph/usage/operation-coordinates.ts';
import type { RecordedUse } from '../../../supergraph/usage/read-usage.ts';

const before = `
  type Query { shop: Shop  item(id: ID!, lang: String = "en", size: Int): Item  find(filter: Filter, sort: Sort): [Found!] }
  type Mutation { rename(input: Rename!): Shop }
  type Shop { name: String!  nick: String  old: Int  open: State!  any: Node }
  interface Node { id: ID! }
  type Item implements Node { id: ID!  title: String!  count: Int  tags: [String!]! }
  type Person implements Node { id: ID!  age: Int }
  union Found = Item | Person
  enum State { OPEN CLOSED }
  enum Sort { NAME AGE }
  input Filter { text: String  sort: Sort  and: Filter  limit: Int = 10 }
  input Rename { name: String!  nick: String }
`;

type Word = 'breaks' | 'careful' | 'unused' | 'ok';

interface Case {
  change: [from: string, to: string];
  /** Of a document, what is said of the change. */
  said: [document: string, word: Word][];
}

const cases: Case[] = [
  {
    change: ['old: Int', ''],
    said: [
      ['{ shop { old } }', 'breaks'],
      ['{ shop { ...F } } fragment F on Shop { nick old }', 'breaks'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  {
    change: ['name: String!  nick', 'name: String  nick'],
    said: [
      ['{ shop { name } }', 'breaks'],
      ['{ shop { nick } }', 'unused'],
    ],
  },
  {
    change: ['nick: String  old', 'nick: String!  old'],
    said: [
      ['{ shop { nick } }', 'careful'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  { change: ['count: Int', 'count: Float'], said: [['{ item(id: 1) { count } }', 'breaks']] },
  { change: ['count: Int', 'count: [Int]'], said: [['{ item(id: 1) { count } }', 'breaks']] },
  { change: ['tags: [String!]!', 'tags: [String]!'], said: [['{ item(id: 1) { tags } }', 'breaks']] },
  { change: ['any: Node', 'any: Item'], said: [['{ shop { any { id } } }', 'ok']] },
  { change: ['any: Node', 'any: Shop'], said: [['{ shop { any { __typename } } }', 'breaks']] },
  {
    change: ['enum State { OPEN CLOSED }', 'enum State { OPEN CLOSED SOON }'],
    said: [
      ['{ shop { open } }', 'careful'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  { change: ['enum State { OPEN CLOSED }', 'enum State { OPEN }'], said: [['{ shop { open } }', 'unused']] },
  {
    change: ['enum Sort { NAME AGE }', 'enum Sort { NAME }'],
    said: [
      ['{ find(sort: AGE) { __typename } }', 'breaks'],
      ['{ find(sort: NAME) { __typename } }', 'unused'],
      ['query ($sort: Sort) { find(sort: $sort) { __typename } }', 'breaks'],
      ['query ($filter: Filter) { find(filter: $filter) { __typename } }', 'breaks'],
    ],
  },
  {
    change: ['Found = Item | Person', 'Found = Item | Person | Shop'],
    said: [
      ['{ find { __typename } }', 'careful'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  {
    change: ['Found = Item | Person', 'Found = Item'],
    said: [
      ['{ find { ... on Person { age } } }', 'breaks'],
      ['{ find { ... on Item { title } } }', 'unused'],
      ['{ find { __typename } shop { any { ... on Person { age } } } }', 'unused'],
    ],
  },
  {
    change: ['type Person implements Node', 'type Person'],
    said: [
      ['{ shop { any { ... on Person { age } } } }', 'breaks'],
      ['{ find { ... on Person { age } } }', 'unused'],
    ],
  },
  {
    change: ['type Shop {', 'type Shop implements Node { id: ID! '],
    said: [['{ shop { any { id } } }', 'careful']],
  },
  {
    change: ['size: Int', 'size: Int, shelf: Int!'],
    said: [
      ['{ item(id: 1) { title } }', 'breaks'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  { change: ['size: Int', 'size: Int, shelf: Int! = 1'], said: [['{ item(id: 1) { title } }', 'ok']] },
  {
    change: [', size: Int', ''],
    said: [
      ['{ item(id: 1, size: 2) { title } }', 'breaks'],
      ['{ item(id: 1) { title } }', 'unused'],
    ],
  },
  {
    change: ['size: Int', 'size: Int!'],
    said: [
      ['{ item(id: 1) { title } }', 'breaks'],
      ['query ($size: Int) { item(id: 1, size: $size) { title } }', 'breaks'],
      ['query ($size: Int!) { item(id: 1, size: $size) { title } }', 'unused'],
      ['{ item(id: 1, size: 2) { title } }', 'unused'],
    ],
  },
  { change: ['item(id: ID!', 'item(id: ID'], said: [['{ item(id: 1) { title } }', 'ok']] },
  {
    change: ['lang: String = "en"', 'lang: String = "de"'],
    said: [
      ['{ item(id: 1) { title } }', 'careful'],
      ['{ item(id: 1, lang: "en") { title } }', 'unused'],
    ],
  },
  {
    change: ['text: String', ''],
    said: [
      ['{ find(filter: { text: "x" }) { __typename } }', 'breaks'],
      ['{ find(filter: { limit: 1 }) { __typename } }', 'unused'],
      ['query ($filter: Filter) { find(filter: $filter) { __typename } }', 'breaks'],
    ],
  },
  {
    change: ['nick: String }', 'nick: String  reason: String! }'],
    said: [
      ['mutation { rename(input: { name: "x" }) { name } }', 'breaks'],
      ['mutation ($input: Rename!) { rename(input: $input) { name } }', 'breaks'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  {
    change: ['nick: String }', 'nick: String! }'],
    said: [
      ['mutation { rename(input: { name: "x" }) { name } }', 'breaks'],
      ['mutation { rename(input: { name: "x", nick: "y" }) { name } }', 'unused'],
      ['mutation ($input: Rename!) { rename(input: $input) { name } }', 'breaks'],
    ],
  },
  {
    change: ['nick: String }', 'nick: String  reason: String }'],
    said: [['mutation ($input: Rename!) { rename(input: $input) { name } }', 'ok']],
  },
  {
    change: ['limit: Int = 10', 'limit: Int = 20'],
    said: [['query ($filter: Filter) { find(filter: $filter) { __typename } }', 'careful']],
  },
  {
    change: ['type Mutation { rename(input: Rename!): Shop }', ''],
    said: [
      ['mutation ($input: Rename!) { rename(input: $input) { name } }', 'breaks'],
      ['{ shop { name } }', 'unused'],
    ],
  },
  {
    change: ['interface Node { id: ID! }', 'type Node { id: ID! }'],
    said: [['{ shop { any { id } } }', 'breaks']],
  },
  {
    change: ['old: Int', 'old: Int @deprecated(reason: "No successor. Ends 2027-01-31.")'],
    said: [['{ shop { old } }', 'ok']],
  },
  { change: ['old: Int', 'old: Int  fresh: Int'], said: [['{ shop { old } }', 'ok']] },
];

function registered(text: string) {
  const schema = buildSchema(before);
  const document = parse(text);
  assert.deepEqual(validate(schema, document), [], text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  assert.equal(operation.kind, Kind.OPERATION_DEFINITION);
  return { id: `id of ${text}`, name: 'Asked', document, operation };
}

/** As a router writes it down: the text itself is not kept. */
function recorded(text: string): RecordedUse {
  const { document, operation } = registered(text);
  const { named, possible } = operationCoordinates(buildSchema(before), document, operation);
  return {
    client: 'ios',
    version: '3.1.0',
    operation: 'Asked',
    id: 'unknown',
    named: new Set(named.keys()),
    possible: new Set(possible.keys()),
    count: 12,
    first: '2026-11-20T08:00:00.000Z',
    last: '2026-11-22T08:00:00.000Z',
  };
}

function changed([from, to]: [string, string]) {
  assert.ok(before.includes(from), from);
  let sdl = before.replace(from, to);
  // What holds to an interface must be valid still.
  if (to.startsWith('type Node')) sdl = sdl.replaceAll(' implements Node', '');
  return buildSchema(sdl);
}

const rank = (word: Word): number => ['ok', 'unused', 'careful', 'breaks'].indexOf(word);
const wordsIn = (report: string): Word[] =>
  [...report.matchAll(/^ {2}(breaks|careful|unused|ok) /gm)].map(([, word]) => word as Word);
const worst = (report: string): Word =>
  wordsIn(report).reduce((known, word) => (rank(word) > rank(known) ? word : known), 'ok' as Word);

for (const { change, said } of cases) {
  const [from, to] = change;
  for (const [text, word] of said) {
    test(`"${from}" → "${to}": ${word} with ${text}`, async () => {
      const compared = { before: buildSchema(before), now: changed(change) };
      const nothing = { uses: [], others: [], files: 0 };
      const byDocument = await compareSchemas({ ...compared, documents: [registered(text)], usage: nothing });
      const report = checkReport('bff-test', 'before', byDocument);
      assert.equal(worst(report), word, report);
      assert.equal(breaksSomebody(byDocument), word === 'breaks');
      assert.equal(/registered: Asked/.test(report), word === 'breaks' || word === 'careful', report);

      const usage = { uses: [recorded(text)], others: [], files: 1 };
      const byUsage = await compareSchemas({ ...compared, documents: [], usage });
      const second = checkReport('bff-test', 'before', byUsage);
      // Without its text more is taken to break, and never less.
      assert.ok(rank(worst(second)) >= rank(word), second);
      assert.equal(breaksSomebody(byUsage), worst(second) === 'breaks');
    });
  }
}

test('a use by a client is told with its version, operation, number and day', async () => {
  const comparison = await compareSchemas({
    before: buildSchema(before),
    now: changed(['old: Int', '']),
    documents: [],
    usage: {
      uses: [recorded('{ shop { old } }'), { ...recorded('{ shop { old } }'), client: undefined, count: 1 }],
      others: [
        { coordinate: 'Shop.old', named: true, count: 7, first: '2026-11-20T08', last: '2026-11-20T08' },
        { coordinate: 'Shop.name', named: true, count: 9, first: '2026-11-20T08', last: '2026-11-20T08' },
      ],
      files: 1,
    },
  });
  assert.equal(
    checkReport('bff-test', 'HEAD~1', comparison),
    `bff-test against HEAD~1:
  breaks   Field 'old' was removed from object type 'Shop'
           recorded: ios 3.1.0, Asked, 12 times, last on 2026-11-22
           recorded: (not said), Asked, once, last on 2026-11-22
           recorded: (others), 7 times`,
  );
});

test('recorded usage of a registered document is judged by its text', async () => {
  const text = '{ find { __typename } shop { any { ... on Person { age } } } }';
  const use = { ...recorded(text), id: registered(text).id };
  const compared = { before: buildSchema(before), now: changed(['Found = Item | Person', 'Found = Item']) };
  const documents = [registered(text)];
  const known = await compareSchemas({
    ...compared,
    documents,
    usage: { uses: [use], others: [], files: 1 },
  });
  assert.equal(breaksSomebody(known), false);
  const unknown = { ...use, id: 'unknown' };
  const blind = await compareSchemas({
    ...compared,
    documents: [],
    usage: { uses: [unknown], others: [], files: 1 },
  });
  assert.equal(breaksSomebody(blind), true);
});

test('a document that breaks by something that is not listed is told all the same', async () => {
  const directive = 'directive @loud on FIELD';
  const comparison = await compareSchemas({
    before: buildSchema(`${directive} ${before}`),
    now: buildSchema(before),
    documents: [{ ...registered('{ shop { name } }'), document: parse('{ shop { name @loud } }') }],
    usage: { uses: [], others: [], files: 0 },
  });
  assert.ok(breaksSomebody(comparison));
  assert.match(checkReport('bff-test', 'before', comparison), /breaks {3}Unknown directive "@loud"/);
});

test('what is new is told once, and not part by part', async () => {
  const now = before.replace(
    'old: Int',
    'old: Int  fresh(size: Size): Fresh } type Fresh { id: ID! } enum Size { S L } extend type Shop { more: Int',
  );
  const comparison = await compareSchemas({
    before: buildSchema(before),
    now: buildSchema(now),
    documents: [],
    usage: { uses: [], others: [], files: 0 },
  });
  assert.deepEqual(comparison.changes.map(({ message }) => message).sort(), [
    "Field 'fresh' was added to object type 'Shop'",
    "Field 'more' was added to object type 'Shop'",
    "Type 'Fresh' was added",
    "Type 'Size' was added",
  ]);
});

test('descriptions are no change, and are counted', async () => {
  const comparison = await compareSchemas({
    before: buildSchema(before),
    now: buildSchema(before.replace('old: Int', '"Old." old: Int')),
    documents: [],
    usage: { uses: [], others: [], files: 0 },
  });
  assert.equal(
    checkReport('bff-test', 'before', comparison),
    'bff-test: no changes against before, but for descriptions (1).',
  );
});
