// Holds a router to staying awake, whatever few bytes stand for: small operations that are huge once written out.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';
import { type RawServer, startRawServer } from '../fixtures/raw-server.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const sdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { person: Person people(first: Int): [Person!]! }
  type Person @key(fields: "id") { id: ID! name: String friend: Person friends: [Person!]! }
`;

let subgraph: RawServer;
let router: RouterUnderTest;
let asked = 0;

before(async () => {
  subgraph = await startRawServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end('{"data":{"person":null}}');
  });
  router = await startTestRouter(compose([schemaOf('people', sdl, subgraph.url)]), {
    bff: defineBff({
      name: 'test',
      port: 0,
      // So that what is looked at last is met.
      limits: { tokens: 200_000, aliases: 5_000_000 },
      clients: { bounded: { arguments: { first: { default: 5, maximum: 50 } } } },
    }),
  });
});
after(async () => {
  await router?.stop();
  await subgraph?.stop();
});

/** Each fragment holds the next one twice; 2^depth selections. */
function doubling(depth: number, { aliases }: { aliases: boolean }): string {
  const fragments = Array.from({ length: depth }, (_, level) => {
    const next = level + 1 < depth ? `...F${level + 1}` : 'name';
    return `fragment F${level} on Person{${aliases ? `a:friend{${next}}b:friend{${next}}` : `friend{${next}} ...on Person{friend{${next}}}`}}`;
  });
  return `{person{...F0}}${fragments.join('')}`;
}

const cases: { name: string; query: string; code: string }[] = [
  {
    name: 'fragments that double at every step',
    query: doubling(20, { aliases: true }),
    code: 'OPERATION_TOO_LARGE',
  },
  {
    name: 'fragments that double at every step under the same name',
    query: doubling(16, { aliases: false }),
    code: 'OPERATION_TOO_LARGE',
  },
  {
    name: 'a list of 2,500 fields',
    query: `{person{${Array.from({ length: 2_500 }, (_, index) => `a${index}:name`).join(' ')}}}`,
    code: 'OPERATION_TOO_LARGE',
  },
  {
    name: 'a chain of 3,000 fragments',
    query: `{person{...F0}}${Array.from(
      { length: 3_000 },
      (_, index) => `fragment F${index} on Person{${index === 2999 ? 'id' : `friend{...F${index + 1}}`}}`,
    ).join('')}`,
    code: 'DEPTH_LIMIT_EXCEEDED',
  },
  {
    name: 'fragments that use each other in a circle',
    query: '{person{...A}} fragment A on Person{friend{...B}} fragment B on Person{friend{...A}}',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
];

describe('few bytes that stand for very much', () => {
  // What has bounds is gone through once more, before it is planned.
  const clients = ['any', 'bounded'];
  for (const { name, query, code, client } of cases.flatMap((one) =>
    clients.map((client) => ({ ...one, client })),
  )) {
    test(`${name}, from a client with ${client} arguments: refused at once, and nobody else notices`, async () => {
      const headers = { 'apollographql-client-name': client };
      await router.ask('{ person { id } }', { headers });
      asked = 0;
      const began = performance.now();
      const answering = router
        .ask(query, { headers })
        .then((answer) => ({ answer, took: performance.now() - began }));
      const health = await router.fetch('/health/live');
      const healthTook = performance.now() - began;
      const { answer, took } = await answering;
      assert.equal(answer.status, 400);
      assert.deepEqual(
        answer.body.errors?.map(({ extensions }) => extensions),
        [{ code }],
      );
      assert.equal(health.status, 200);
      assert.equal(asked, 0);
      // Alone it takes a few milliseconds; the machine may be shared.
      assert.ok(
        took < 1_000 && healthTook < 1_000,
        `refused after ${took} ms, health after ${healthTook} ms`,
      );
    });
  }

  test('what is large because a page is large is answered', async () => {
    const fields = Array.from({ length: 400 }, (_, index) => `a${index}: name`).join(' ');
    const { status, body } = await router.ask(`{ person { ${fields} friends { ${fields} } } }`);
    assert.deepEqual({ status, body }, { status: 200, body: { data: { person: null } } });
  });
});

test('types that multiply with every level are refused before they are written out', async (t) => {
  const interfaces = 5;
  const names = Array.from({ length: interfaces }, (_, index) => `I${index}`);
  const types = Array.from({ length: 2 ** interfaces }, (_, bits) => {
    const implemented = ['Node', ...names.filter((_, index) => bits & (1 << index))];
    return `type T${bits} implements ${implemented.join(' & ')} { id: ID! link: Node }`;
  });
  const sdl = `type Query { node: Node } interface Node { id: ID! link: Node }
    ${names.map((name) => `interface ${name} { id: ID! link: Node }`).join(' ')} ${types.join(' ')}`;
  const many = await startTestRouter(compose([schemaOf('nodes', sdl, subgraph.url)]));
  t.after(() => many.stop());
  const nested = (depth: number): string =>
    depth === 0 ? 'id' : names.map((name) => `... on ${name} { link { id ${nested(depth - 1)} } }`).join(' ');

  await many.ask('{ node { id } }');
  const began = performance.now();
  const { status, body } = await many.ask(`{ node { ${nested(3)} } }`);
  const took = performance.now() - began;
  assert.equal(status, 400);
  assert.deepEqual(
    body.errors?.map(({ extensions }) => extensions),
    [{ code: 'OPERATION_TOO_LARGE' }],
  );
  assert.ok(took < 5_000, `refused after ${took} ms`);
  const again = performance.now();
  await many.ask(`{ node { ${nested(3)} } }`);
  assert.ok(performance.now() - again < 500, 'and remembered');
});
