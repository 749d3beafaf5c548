// Keeps the direction of dependencies: a file imports only what lies on a lower floor, never a neighbour.
import assert from 'node:assert/strict';
import test from 'node:test';
import { importsOf, sourceFiles } from './source-files.ts';

/** From the ground up; rooms of one floor do not know each other. */
const floors = [
  ['foundation'],
  ['telemetry'],
  ['store'],
  ['declaration', 'planner', 'transport'],
  ['executor'],
  [
    'resilience',
    'cache',
    'auth',
    'clients',
    'limits',
    'fallback',
    'persisted-documents',
    'subscriptions',
    'usage',
    'views',
  ],
  ['router', 'composition'],
  ['registration', 'lifecycle', 'mock', 'scaffold'],
];

const floorOf = (room: string): number => floors.findIndex((rooms) => rooms.includes(room));

/** Why the import is not allowed; undefined when it is. */
function objection(from: string, to: string): string | undefined {
  const [top = '', room = ''] = from.split('/');
  const [targetTop = '', targetRoom = ''] = to.split('/');
  if (top === 'test' || top === 'deploy') return undefined;
  if (top === 'subgraphs') {
    if (targetTop !== 'subgraphs') return 'a subgraph imports only itself and subgraphs/kit';
    if (room === 'kit' && targetRoom !== 'kit') return 'the kit knows no subgraph';
    // subgraphs/*.ts beside the domains put all of them together.
    const together = room.endsWith('.ts');
    if (!together && targetRoom !== room && targetRoom !== 'kit')
      return 'a subgraph imports no other subgraph';
    return undefined;
  }
  if (top.startsWith('bff-')) {
    const own = targetTop === top;
    return own || to === 'supergraph/index.ts' ? undefined : 'a BFF imports only supergraph/index.ts';
  }
  if (top === 'supergraph') {
    if (targetTop !== 'supergraph') return 'supergraph/ knows no shop';
    if (targetRoom === 'graph') return 'nothing in supergraph/ imports the generated graph';
    if (room.endsWith('.ts') || targetRoom === room) return undefined;
    if (targetRoom.endsWith('.ts')) return 'the doors of supergraph/ are for those outside';
    if (floorOf(targetRoom) < 0) return `the room ${targetRoom} stands on no floor`;
    if (floorOf(targetRoom) >= floorOf(room)) return `${targetRoom} does not lie below ${room}`;
  }
  return undefined;
}

const files = sourceFiles('supergraph', 'subgraphs', 'bff-*', 'deploy');

test('every import points downward', () => {
  const wrong = files
    .flatMap(importsOf)
    .filter(({ to }) => to.includes('/') && to.endsWith('.ts'))
    .flatMap(({ from, to }) => {
      const why = objection(from, to);
      return why === undefined ? [] : [`${from} → ${to}: ${why}`];
    });
  assert.deepEqual(wrong, []);
});

test('the rules object to what they should object to', () => {
  const cases: [string, string, boolean][] = [
    ['subgraphs/catalog/resolvers.ts', 'subgraphs/kit/loaders.ts', true],
    ['subgraphs/catalog/resolvers.ts', 'subgraphs/orders/database.ts', false],
    ['subgraphs/kit/loaders.ts', 'subgraphs/catalog/database.ts', false],
    ['subgraphs/all-subgraphs.ts', 'subgraphs/catalog/catalog.ts', true],
    ['bff-web/main.ts', 'supergraph/index.ts', true],
    ['bff-web/main.ts', 'supergraph/router/start-router.ts', false],
    ['bff-web/main.ts', 'bff-mobile/bff.ts', false],
    ['supergraph/router/health.ts', 'supergraph/store/memory-store.ts', true],
    ['supergraph/store/memory-store.ts', 'supergraph/router/health.ts', false],
    ['supergraph/cache/entity-cache.ts', 'supergraph/auth/authorize.ts', false],
    ['supergraph/router/health.ts', 'subgraphs/kit/calls/caller.ts', false],
  ];
  for (const [from, to, allowed] of cases) {
    assert.equal(objection(from, to) === undefined, allowed, `${from} → ${to}`);
  }
});

test('no files import each other in a circle', () => {
  const edges = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ typeOnly, to }) => !typeOnly && to.endsWith('.ts'))
        .map(({ to }) => to),
    ]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    assert.ok(!path.includes(file), `circle: ${[...path, file].join(' → ')}`);
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});
