// Holds what a router shows of its plans and keeps of them.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { entry, manifestOf } from '../fixtures/registered-operations.ts';
import { startTestRouter } from '../fixtures/router-under-test.ts';

const query = '{ books { name: title postage } }';
let graph: FixtureGraph;
before(async () => {
  graph = await startFixtureGraph();
});
after(() => graph?.stop());

test('the plan of an operation comes with its answer when the client asks for it, and never in production', async (t) => {
  const router = await startTestRouter(graph.supergraphSdl);
  const inProduction = await startTestRouter(graph.supergraphSdl, { environment: { production: true } });
  t.after(() => Promise.all([router.stop(), inProduction.stop()]));
  const headers = { 'x-query-plan': '1' };

  const told = await router.ask(query, { headers });
  const { queryPlan } = told.body.extensions as { queryPlan: { text: string; plan: object } };
  assert.match(queryPlan.text, /Sequence \{\n\s+Fetch\(service: "library"\)/);
  assert.deepEqual(Object.keys(queryPlan.plan), ['node']);
  assert.equal('extensions' in (await router.ask(query)).body, false);
  assert.equal('extensions' in (await inProduction.ask(query, { headers })).body, false);
  assert.deepEqual(told.body.data, (await inProduction.ask(query)).body.data);
});

test('registered operations are planned before the router serves, in all their forms', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const shelf = `query Shelf($withTitle: Boolean!) { books { weight ...Title @include(if: $withTitle) } }
    fragment Title on Book { title }`;
  const home = mkdtempSync(join(tmpdir(), 'manifests-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const manifests = { manifest: join(home, 'manifest.json'), released: join(home, 'released') };
  writeFileSync(
    manifests.manifest,
    manifestOf(entry('Broken', 'query Broken { nothing }'), entry('Shelf', shelf)),
  );
  const bff = defineBff({ name: 'test', port: 0, documents: { folder: 'd', unregistered: 'allow' } });
  const plansOf = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;

  const router = await startTestRouter(graph.supergraphSdl, {
    bff,
    manifests,
    environment: { planFolder: folder },
  });
  await router.stop();
  assert.equal(plansOf(), 2, 'with the title and without');

  // The second start finds them, and plans only what is new.
  const again = await startTestRouter(graph.supergraphSdl, {
    bff,
    manifests,
    environment: { planFolder: folder },
  });
  t.after(() => again.stop());
  const answer = await again.ask(
    'query ($withTitle: Boolean!) { books { weight title @include(if: $withTitle) } }',
    {
      variables: { withTitle: true },
    },
  );
  assert.deepEqual(answer.body.data?.['books'], [
    { weight: 300, title: 'Middlemarch' },
    { weight: 1200, title: 'War and Peace' },
  ]);
  assert.equal(plansOf(), 2, 'the client spelled it differently, and it is the same operation');
});
