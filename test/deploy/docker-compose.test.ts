// Holds docker-compose.yml and the Dockerfile against the code: there is no engine here to start them with.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { parse } from 'yaml';
import { layout } from '../../deploy/parts.ts';
import { root, sourceFiles } from '../architecture/source-files.ts';

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string | number>;
  ports?: string[];
  expose?: string[];
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  read('docker-compose.yml'),
  { merge: true },
);
const services = Object.entries(compose.services);
const ours = services.filter(([, { build }]) => build !== undefined);
const { subgraphs, bffs } = layout({ separate: true, embedded: false });
const long = ours.filter(([name]) => name !== 'seed');

test('there is one service for each part that npm start runs, and nothing else but the stores and the seed', () => {
  const parts = [...subgraphs, ...bffs].map(({ name }) => name);
  assert.deepEqual(services.map(([name]) => name).sort(), [...parts, 'postgres', 'redis', 'seed'].sort());
});

test('every process of ours runs a file that exists and is in the image', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY ([\w./-]+) \.\//gm)].map((match) => match[1]);
  for (const [name, { command }] of ours) {
    assert.deepEqual(command?.slice(0, 3), ['node', '--import', 'tsx'], name);
    const file = command?.at(-1) ?? '';
    assert.ok(existsSync(join(root, file)), `${name} runs ${file}`);
    assert.ok(copied.includes(file.split('/')[0]), `${file} is not copied into the image`);
  }
});

test('a process listens on the port it has in the code, and its health check asks that port', () => {
  const ports = new Map(
    [...subgraphs, ...bffs].flatMap(({ serves }) => serves.map((one) => [one.name, portOf(one.url)])),
  );
  for (const [name, { environment, healthcheck, expose, ports: published }] of long) {
    const port = ports.get(name);
    assert.equal(environment?.['PORT'], Number(port), name);
    assert.ok(healthcheck?.test.join(' ').includes(`127.0.0.1:${port}/health/ready`), name);
    assert.deepEqual(published ?? expose, published ? [`127.0.0.1:${port}:${port}`] : [port], name);
  }
});

test('every variable is read by an environment.ts', () => {
  const readers = sourceFiles('supergraph', 'subgraphs').filter((path) => path.endsWith('/environment.ts'));
  const code = readers.map(read).join('\n');
  const families: [RegExp, string][] = [
    [/^[A-Z]+_DATABASE_PASSWORD$/, '_DATABASE_PASSWORD'],
    [/^SUBGRAPH_[A-Z]+_URL$/, 'SUBGRAPH_'],
  ];
  for (const [name, { environment = {} }] of ours) {
    for (const variable of Object.keys(environment)) {
      const needle = families.find(([pattern]) => pattern.test(variable))?.[1] ?? `'${variable}'`;
      assert.ok(code.includes(needle), `${name} sets ${variable}, which nobody reads`);
    }
  }
});

test('addresses name a service and the port it listens on', () => {
  const addresses = ours.flatMap(([name, { environment = {} }]) =>
    Object.entries(environment)
      .filter(([, value]) => /^\w+:\/\//.test(String(value)))
      .map(([variable, value]) => ({
        name,
        variable,
        url: new URL(String(value).replaceAll(/\$\{[^}]*\}/g, 'x')),
      })),
  );
  const known: Record<string, string> = { postgres: '5432', redis: '6379' };
  for (const { name, variable, url } of addresses) {
    const service = compose.services[url.hostname];
    assert.ok(service, `${name}: ${variable} names ${url.hostname}`);
    assert.equal(
      url.port,
      known[url.hostname] ?? String(service.environment?.['PORT']),
      `${name}: ${variable}`,
    );
  }
});

test('accounts knows where every domain is, as routers do: it has all of them erase who leaves', () => {
  const addressesOf = (name: string) =>
    Object.entries(compose.services[name]?.environment ?? {}).filter(([key]) =>
      /^SUBGRAPH_\w+_URL$/.test(key),
    );
  assert.equal(addressesOf('accounts').length, subgraphs.length);
  assert.deepEqual(addressesOf('accounts'), addressesOf('bff-web'));
});

test('both BFFs keep their query plans and what clients use on one volume, which the user of the image may write to', () => {
  for (const { name } of bffs) {
    const { environment, volumes = [] } = compose.services[name] ?? {};
    const [volume = '', folder = ''] = volumes[0]?.split(':') ?? [];
    assert.ok(volume in compose.volumes, name);
    assert.deepEqual(volumes, compose.services['bff-web']?.volumes);
    for (const variable of ['PLAN_FOLDER', 'USAGE_FOLDER'])
      assert.ok(String(environment?.[variable]).startsWith(`${folder}/`), `${name}: ${variable}`);
    assert.ok(read('Dockerfile').includes(`RUN install -d -o node -g node ${folder}\n`), folder);
  }
});

test('a subgraph enters the database as its own role and no other', () => {
  for (const { name } of subgraphs) {
    const url = String(compose.services[name]?.environment?.['DATABASE_URL']);
    assert.match(
      url,
      new RegExp(`^postgres://tributary_${name}:\\$\\{${name.toUpperCase()}_DATABASE_PASSWORD:`),
    );
    assert.ok(url.endsWith(`/tributary_${name}`), url);
  }
});

test('services start in order: databases, seed, subgraphs, BFFs', () => {
  const needs = (name: string) => Object.keys(compose.services[name]?.depends_on ?? {}).sort();
  assert.deepEqual(needs('seed'), ['postgres']);
  for (const { name } of subgraphs) assert.deepEqual(needs(name), ['seed']);
  for (const { name } of bffs)
    assert.deepEqual(needs(name), [...subgraphs.map((one) => one.name), 'redis'].sort());
});

test('every secret comes from the environment, and the example file names each of them', () => {
  const used = new Set([...read('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map((match) => match[1]));
  const offered = [...read('deploy/compose.env.example').matchAll(/^(\w+)=/gm)].map((match) => match[1]);
  assert.deepEqual([...used].sort(), offered.sort());
});

test('the image is built in stages and does not run as root', () => {
  const dockerfile = read('Dockerfile');
  assert.ok((dockerfile.match(/^FROM /gm) ?? []).length >= 2);
  assert.match(dockerfile, /^USER node$/m);
});

function portOf(url: string): string {
  return new URL(url).port;
}
