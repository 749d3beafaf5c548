// Holds a router to reading its manifests again, without a restart and without a moment in which it answers what it should not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, schemaOf, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { startRawServer } from '../fixtures/raw-server.ts';
import { codes, entry, hashed, manifestOf, post, sha256 } from '../fixtures/registered-operations.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const title = 'query Title($id: ID!) { book(id: $id) { __typename id title } }';
const older = 'query Title { book(id: "b2") { title } }';
const stranger = 'query Stranger { books { title } }';

let graph: FixtureGraph;
let folder: string;
before(async () => {
  graph = await startFixtureGraph();
  folder = mkdtempSync(join(tmpdir(), 'registered-'));
});
after(async () => {
  await graph?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<RouterUnderTest & { manifest: string }> {
  const home = mkdtempSync(join(folder, 'router-'));
  const manifest = join(home, 'manifest.json');
  writeFileSync(manifest, manifestOf(entry('Title', title)));
  const router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({ name: 'test', port: 0, documents: { folder: 'documents', unregistered: 'reject' } }),
    manifests: { manifest, released: join(home, 'released') },
    environment: { production: true },
  });
  return { ...router, manifest };
}

const middlemarch = { book: { __typename: 'Book', id: 'b1', title: 'Middlemarch' } };
const variables = { id: 'b1' };

describe('a manifest that is replaced', () => {
  test('takes effect without a restart, also for what was known; a broken one changes nothing', async (t) => {
    const router = await start();
    t.after(() => router.stop());
    const titleById = () => post(router, { extensions: hashed(sha256(title)), variables });
    const strangerById = () => post(router, { extensions: hashed(sha256(stranger)) });
    const until = async (ask: () => Promise<Answer>, holds: (answer: Answer) => boolean) => {
      const end = Date.now() + 10_000;
      for (;;) {
        const answer = await ask();
        if (holds(answer)) return answer;
        assert.ok(Date.now() < end, JSON.stringify(answer.body));
      }
    };
    assert.deepEqual(codes(await titleById()), middlemarch);
    assert.deepEqual(codes(await titleById()), middlemarch);
    writeFileSync(router.manifest, manifestOf(entry('Stranger', stranger)));
    await until(strangerById, ({ body }) => body.data !== undefined);
    assert.deepEqual(codes(await titleById()), ['PERSISTED_QUERY_NOT_FOUND']);
    assert.deepEqual(codes(await post(router, { query: title, variables })), ['OPERATION_NOT_REGISTERED']);
    writeFileSync(router.manifest, '{');
    writeFileSync(router.manifest, manifestOf(entry('Stranger', stranger), entry('Title', title)));
    await until(titleById, ({ body }) => body.data !== undefined);
  });

  test('what is under way meanwhile is answered once, and not known for ever', async (t) => {
    const held: ServerResponse[] = [];
    let asked = () => {};
    const subgraph = await startRawServer((_request, response) => {
      held.push(response);
      asked();
    });
    t.after(() => subgraph.stop());
    const sdl = compose([schemaOf('slow', 'type Query { slow: Int quick: Int }', subgraph.url)]);
    const home = mkdtempSync(join(folder, 'under-way-'));
    const manifest = join(home, 'm.json');
    const [slow, quick] = ['query Slow { slow }', 'query Quick { __typename }'];
    writeFileSync(manifest, manifestOf(entry('Slow', slow)));
    const router = await startTestRouter(sdl, {
      bff: defineBff({ name: 'test', port: 0, documents: { folder: 'd', unregistered: 'reject' } }),
      manifests: { manifest, released: join(home, 'released') },
      environment: { production: true },
    });
    t.after(() => router.stop());
    const byId = (text: string) => post(router, { extensions: hashed(sha256(text)) });
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const first = byId(slow);
    await isAsked;
    writeFileSync(manifest, manifestOf(entry('Quick', quick)));
    for (const end = Date.now() + 10_000; (await byId(quick)).body.data === undefined; )
      assert.ok(Date.now() < end, 'the manifest is not read again');
    held[0]?.setHeader('content-type', 'application/json').end('{"data":{"slow":1}}');
    assert.deepEqual(codes(await first), { slow: 1 });
    assert.deepEqual(codes(await byId(slow)), ['PERSISTED_QUERY_NOT_FOUND']);
  });

  test('a router in production does not start without being told of it', async () => {
    await assert.rejects(
      startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'test', port: 0, documents: { folder: 'd', unregistered: 'reject' } }),
        environment: { production: true },
      }),
      /nobody said where their manifest is/,
    );
  });

  test('the router does not start without one, and says where it looked', async () => {
    await assert.rejects(
      startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'test', port: 0, documents: { folder: 'd', unregistered: 'reject' } }),
        manifests: { manifest: join(folder, 'nowhere.json'), released: join(folder, 'none') },
      }),
      /There is no manifest of registered operations at \S+nowhere\.json: run "npm run documents"\./,
    );
  });

  test('nor with one id for two texts', async () => {
    const home = mkdtempSync(join(folder, 'twice-'));
    mkdirSync(join(home, 'released'));
    writeFileSync(join(home, 'm.json'), manifestOf(entry('Title', title, { id: 'same' })));
    writeFileSync(join(home, 'released', 'a.json'), manifestOf(entry('Title', older, { id: 'same' })));
    await assert.rejects(
      startTestRouter(graph.supergraphSdl, {
        bff: defineBff({ name: 'test', port: 0, documents: { folder: 'd', unregistered: 'reject' } }),
        manifests: { manifest: join(home, 'm.json'), released: join(home, 'released') },
      }),
      /a\.json: the id of Title \("same"\) stands for another text elsewhere\./,
    );
  });
});
