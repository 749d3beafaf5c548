// Holds the router to handing a trusted subgraph's answer on unread, but only where it is the client's answer as it is.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag"])`;
const zoo = `${link}
  type Query { animal(id: ID): Animal animals: [Animal!] pet: Pet found: Found }
  type Mutation { feed(id: ID!): Animal }
  type Animal implements Pet @key(fields: "id") { id: ID! name: String! diet: Diet mood: Mood }
  interface Pet { name: String! }
  union Found = Animal | Keeper
  type Keeper { name: String! }
  enum Diet { GRASS MEAT }
  enum Mood { CALM ANGRY @tag(name: "internal") }`;
const clinic = `${link}
  type Animal @key(fields: "id") { id: ID! weight: Int }`;

// No number is a name: who reads this answer finds it wrong.
const wrong = '{"data":{"animal":{"id":"1","name":7}}}';
const unread = { status: 200, text: wrong };

let servers: RawServer[];
let trusting: RouterUnderTest;
let careful: RouterUnderTest;
let clinicAnswer = '';

before(async () => {
  servers = [
    await startRawServer((_, response) => response.end(wrong)),
    await startRawServer((_, response) => response.end(clinicAnswer)),
  ];
  const [{ url: zooUrl = '' } = {}, { url: clinicUrl = '' } = {}] = servers;
  const whole = compose([schemaOf('zoo', zoo, zooUrl), schemaOf('clinic', clinic, clinicUrl)]);
  const { supergraphSdl } = applyContract('bff', whole, { exclude: ['internal'] });
  const start = (trusted: boolean) =>
    startTestRouter(supergraphSdl, {
      bff: defineBff({ name: 'test', port: 0, subgraphs: { every: { trusted } } }),
    });
  trusting = await start(true);
  careful = await start(false);
});
after(async () => {
  await Promise.all([trusting, careful].map((router) => router?.stop()));
  await Promise.all((servers ?? []).map((server) => server.stop()));
});

/** As the first and as the second request of its kind: the second goes without Apollo Server. */
async function twice(router: RouterUnderTest, query: string, body: string, variables = {}) {
  servers[0]?.answerWith((_, response) => response.end(body));
  const seen = [await router.ask(query, { variables }), await router.ask(query, { variables })];
  return seen.map(({ status, text }) => ({ status, text }));
}

describe('the answer of a trusted subgraph is the client’s, unread,', () => {
  const cases: [name: string, query: string, variables?: object][] = [
    ['where one fetch asks for just what the client asked', '{ animal { id name } }'],
    ['with variables', 'query ($id: ID) { animal(id: $id) { id name } }', { id: '1' }],
    ['where fragments are of the type that is there', '{ animal { ...A } } fragment A on Animal { id name }'],
    ['with type names', '{ animal { __typename id name } }'],
    ['with enums of which the client sees all', '{ animal { id name diet } }'],
    ['in lists', '{ animals { id name } }'],
  ];
  for (const [name, query, variables] of cases) {
    test(name, async () => {
      assert.deepEqual(await twice(trusting, query, wrong, variables), [unread, unread]);
    });
  }

  test('but that of another is read', async () => {
    for (const { text } of await twice(careful, '{ animal { id name } }', wrong)) {
      assert.match(text, /SUBGRAPH_MALFORMED/);
    }
  });
});

describe('the answer of a trusted subgraph is read', () => {
  const good = '{"data":{"animal":{"id":"1","name":7,"mood":"ANGRY"}}}';
  const cases: [name: string, query: string, body: string, seen: RegExp][] = [
    [
      'where the client has another name for a field',
      '{ it: animal { id name } }',
      wrong,
      /SUBGRAPH_MALFORMED/,
    ],
    [
      'where the client has another name deep inside',
      '{ animal { key: id name } }',
      wrong,
      /SUBGRAPH_MALFORMED/,
    ],
    [
      'where an enum has values that the client may not see',
      '{ animal { mood } }',
      good,
      /SUBGRAPH_MALFORMED/,
    ],
    ['where types must be told apart', '{ pet { name } }', '{"data":{"pet":{"__typename":"No"}}}', /errors/],
    [
      'at a union',
      '{ found { ... on Keeper { name } } }',
      '{"data":{"found":{"__typename":"No"}}}',
      /errors/,
    ],
    ['where the root has a type name', '{ __typename animal { id name } }', wrong, /SUBGRAPH_MALFORMED/],
    ['beside introspection', '{ animal { id name } __schema { __typename } }', wrong, /SUBGRAPH_MALFORMED/],
    [
      'of a mutation',
      'mutation { feed(id: 1) { name } }',
      '{"data":{"feed":{"name":7}}}',
      /SUBGRAPH_MALFORMED/,
    ],
    [
      'when it has errors',
      '{ animal { id name } }',
      '{"data":{"animal":null},"errors":[{"message":"x"}]}',
      /errors/,
    ],
    ['when it has no data', '{ animal { id name } }', '{"data":null}', /SUBGRAPH_MALFORMED/],
    ['when it is no JSON', '{ animal { id name } }', '<html>', /SUBGRAPH_MALFORMED/],
    [
      'when it has more than data',
      '{ animal { id name } }',
      `${wrong.slice(0, -1)},"extensions":{}}`,
      /MALFORMED/,
    ],
  ];
  for (const [name, query, body, seen] of cases) {
    test(name, async () => {
      for (const { text } of await twice(trusting, query, body)) assert.match(text, seen);
    });
  }

  test('where another subgraph adds to it', async () => {
    clinicAnswer = '{"data":{"_entities":[{"weight":3}]}}';
    const body = '{"data":{"animal":{"__typename":"Animal","id":"1","name":"Leo"}}}';
    const whole = { status: 200, text: '{"data":{"animal":{"name":"Leo","weight":3}}}' };
    assert.deepEqual(await twice(trusting, '{ animal { name weight } }', body), [whole, whole]);
  });
});
