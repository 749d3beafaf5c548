// Holds what the processes of `npm start` are told: where BFFs keep their query plans, and where keys are.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type LayoutOptions, layout } from '../../deploy/parts.ts';
import { onePort } from '../../deploy/ports.ts';
import { root } from '../architecture/source-files.ts';

/** Each that a BFF is told, once. */
const foldersWith = (options: Partial<LayoutOptions>): unknown[] => [
  ...new Set(
    layout({ separate: false, embedded: true, ...options }).bffs.map(
      ({ environment }) => environment['PLAN_FOLDER'],
    ),
  ),
];

test('keys of another provider stay where they are said to be, wherever everything else is', () => {
  const jwksUrl = 'https://id.example.com/keys';
  for (const port of [4000, 5000]) {
    const { subgraphs, bffs } = layout({ separate: false, embedded: true, port, jwksUrl });
    const told = [...subgraphs, ...bffs].map(({ environment }) => environment['JWKS_URL']);
    assert.deepEqual([...new Set(told)], [jwksUrl]);
  }
});

test('all BFFs keep query plans for the next start, where they are told to or beside the packages', () => {
  const usual = join(root, 'node_modules/.cache/tributary/plans');
  assert.deepEqual(foldersWith({}), [usual]);
  assert.deepEqual(foldersWith({ planFolder: '/plans' }), ['/plans']);
  assert.deepEqual(foldersWith({ planFolder: '' }), [''], 'and nowhere if that is wanted');
});

test('and write down what their clients use, beside the data', () => {
  const folders = (usageFolder?: string) =>
    layout({ separate: false, embedded: true, ...(usageFolder !== undefined && { usageFolder }) }).bffs.map(
      ({ environment }) => environment['USAGE_FOLDER'],
    );
  assert.deepEqual([...new Set(folders())], [join(root, '.data/usage')]);
  assert.deepEqual([...new Set(folders(''))], ['']);
});

test('every BFF has an admin port of its own, where there is one, and a port for its metrics', () => {
  const ports = (adminPort?: number) =>
    layout({ separate: false, embedded: true, ...(adminPort !== undefined && { adminPort }) })
      .bffs.map(({ environment }) => environment['ADMIN_PORT'])
      .slice(0, 2);
  assert.deepEqual(ports(), [undefined, undefined]);
  assert.deepEqual(ports(4900), ['4900', '4901']);
  const { bffs } = layout({ separate: false, embedded: true, metricsPort: 4800 });
  assert.deepEqual(
    bffs.slice(0, 2).map(({ environment }) => environment['METRICS_PORT']),
    ['4800', '4801'],
  );
});

test('where an admin port and metrics are is known, with the variable that says so', () => {
  const besides = (options: Partial<LayoutOptions>) =>
    layout({ separate: false, embedded: true, ...options })
      .bffs.slice(0, 2)
      .flatMap((part) => part.besides.map(({ name, url, chosenBy }) => `${chosenBy} ${name} ${url}`));
  assert.deepEqual(besides({}), []);
  assert.deepEqual(besides({ adminPort: 4900, metricsPort: 4800, host: '127.0.0.2' }), [
    'ADMIN_PORT admin port of bff-web http://127.0.0.2:4900/cache',
    'METRICS_PORT metrics of bff-web http://127.0.0.2:4800/metrics',
    'ADMIN_PORT admin port of bff-mobile http://127.0.0.2:4901/cache',
    'METRICS_PORT metrics of bff-mobile http://127.0.0.2:4801/metrics',
  ]);
  assert.deepEqual(besides({ adminPort: 65_535 }), [
    'ADMIN_PORT admin port of bff-web http://127.0.0.1:65535/cache',
  ]);
  assert.deepEqual(
    besides({ adminPort: 1.5, metricsPort: -3 }),
    [],
    'what is no port is for the BFFs to refuse',
  );
});

test('two that would have one port are found', () => {
  const at = (port: number) => ({ url: `http://127.0.0.1:${port}/` });
  assert.equal(onePort([at(1), at(2), at(3)]), undefined);
  assert.deepEqual(onePort([at(1), at(2), at(3), at(2), at(1)]), [at(2), at(2)]);
});

test('every BFF has the port of its declaration, and keeps its distance to the others where all are moved', () => {
  const urls = (port: number) =>
    layout({ separate: false, embedded: true, port }).bffs.flatMap(({ serves }) =>
      serves.map(({ url }) => url),
    );
  assert.deepEqual(urls(4000).slice(0, 2), [
    'http://127.0.0.1:4000/graphql',
    'http://127.0.0.1:4001/graphql',
  ]);
  assert.deepEqual(urls(5000).slice(0, 2), [
    'http://127.0.0.1:5000/graphql',
    'http://127.0.0.1:5001/graphql',
  ]);
});
