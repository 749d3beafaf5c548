// Holds the page of the HTTP edge to what holds: the table's numbers, codes and headers are those of the code.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { readEnvironment } from '../../../supergraph/foundation/environment.ts';
import { errorTable } from '../../../supergraph/foundation/errors.ts';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import { safeHeaders } from '../../../supergraph/router/edge/safe-headers.ts';
import {
  mostHeaders,
  mostUnderWay,
  patientApp,
  patientServer,
  untakenTimeout,
} from '../../../supergraph/router/edge/server-limits.ts';
import { explainBff } from '../../../supergraph/router/explain-bff.ts';
import { testEnvironment } from '../../supergraph/fixtures/router-under-test.ts';

const docs = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8');
const [, section = ''] = /\n#### The HTTP edge\n([\s\S]*?)\n### /.exec(docs) ?? [];
const rows = [...section.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].slice(1);

test('the table has the bounds that the servers are made with', () => {
  const bounds = rows.map(([, , bound]) => bound);
  assert.deepEqual(bounds, [
    `${patientServer.headersTimeout / 1000} s`,
    `${patientServer.requestTimeout / 1000} s`,
    `${patientApp.keepAliveTimeout / 1000} s`,
    '16 KB',
    String(mostHeaders),
    '`limits.body`',
    '`MAX_CONNECTIONS`',
    String(mostUnderWay),
    `${untakenTimeout / 1000} s`,
  ]);
  const found = [...section.matchAll(/(\d{3}), `([A-Z_]+)`/g)];
  assert.equal(found.length, 6);
  for (const [, status, code = ''] of found) {
    assert.equal(errorTable[code as keyof typeof errorTable].status, Number(status), code);
  }
});

test('the headers are those of every answer', () => {
  const said = section.replaceAll(/\s+/g, ' ');
  for (const [name, value] of safeHeaders(true)) {
    if (name !== 'content-security-policy') assert.ok(said.includes(`\`${name}: ${value}\``), name);
  }
});

test('MAX_CONNECTIONS is what the environment says unless it is set, and --explain tells it', () => {
  const { maxConnections } = readEnvironment();
  assert.match(docs, new RegExp(`^\\| \`MAX_CONNECTIONS\` \\|.*\\| \`${maxConnections}\` \\|$`, 'm'));
  const supergraph = new URL('../../../supergraph/graph/supergraph.graphql', import.meta.url);
  const facts = readSupergraphFacts(readFileSync(supergraph, 'utf8'), 'the shop');
  const bff = defineBff({ name: 'test', port: 0 });
  const told = (most: number) => explainBff(bff, facts, { ...testEnvironment, maxConnections: most });
  assert.match(told(maxConnections), /^connections +10000 +\(default\)/m);
  assert.match(told(50), /^connections +50 +\(MAX_CONNECTIONS\)/m);
});
