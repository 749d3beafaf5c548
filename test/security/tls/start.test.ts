// Holds a router to not starting where its TLS would not be what was asked for, and to saying what to put right.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { defineBff, type SubgraphTls } from '../../../supergraph/declaration/define-bff.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import { startChild } from '../../supergraph/fixtures/child-process.ts';
import { startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import {
  type Authority,
  type Credentials,
  createAuthority,
  createPemFolder,
  type PemFolder,
} from '../../support/certificates.ts';
import { supergraphOver } from './secure-subgraph.ts';

let authority: Authority;
let credentials: Credentials;
let other: Credentials;
let files: PemFolder;
before(async () => {
  authority = await createAuthority();
  [credentials, other] = await Promise.all([authority.issue(), authority.issue()]);
  files = createPemFolder();
  files.write('cert.pem', credentials.cert);
  files.write('key.pem', credentials.key);
  files.write('ca.pem', authority.cert);
  files.write('other-key.pem', other.key);
  files.write('garbage.pem', 'garbage');
  files.write('empty.pem', '');
  files.write('half.pem', credentials.cert.slice(0, credentials.cert.length / 2));
  files.write('ca-and-half.pem', authority.cert + credentials.cert.slice(0, credentials.cert.length / 2));
  const locked = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'pass' } as const;
  files.write('locked-key.pem', String(createPrivateKey(credentials.key).export(locked)));
});
after(() => files?.remove());

type Part = 'ca' | 'cert' | 'key';
const good: Record<Part, string> = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' };
const wrong: [what: string, changes: Partial<Record<Part, string>>, sentence: string][] = [
  ['no certificate there', { cert: 'away.pem' }, '$CERT names "$/away.pem", which cannot be read (ENOENT).'],
  ['no key there', { key: 'away.pem' }, '$KEY names "$/away.pem", which cannot be read (ENOENT).'],
  ['no CA there', { ca: 'away.pem' }, '$CA names "$/away.pem", which cannot be read (ENOENT).'],
  ...(['garbage', 'empty', 'half', 'key', 'ca-and-half'] as const).flatMap((name) =>
    (['cert', 'ca'] as const).map((part): (typeof wrong)[number] => [
      `${name}.pem for its ${part}`,
      { [part]: `${name}.pem` },
      `$${part.toUpperCase()} names "$/${name}.pem", which holds no whole certificate in PEM.`,
    ]),
  ),
  ...['garbage', 'empty', 'cert', 'locked-key'].map((name): (typeof wrong)[number] => [
    `${name}.pem for its key`,
    { key: `${name}.pem` },
    `$KEY names "$/${name}.pem", which holds no whole private key in PEM, without a passphrase.`,
  ]),
  ["another's key", { key: 'other-key.pem' }, '$KEY is not the key of the certificate in $CERT.'],
];

const sdl = () => supergraphOver(1, { scheme: 'https' });

/** Where such files are named, how they are called there, and how a router gets them. */
interface Place {
  names: Record<Part, string>;
  options: (paths: Record<Part, string>) => { tls?: SubgraphTls; environment?: Partial<Environment> };
}

function named(names: Place['names'], paths: Record<Part, string>) {
  const file = (part: Part) => ({ path: paths[part], namedBy: names[part] });
  return { ca: file('ca'), cert: file('cert'), key: file('key') };
}

const ofEdge = { ca: 'TLS_CLIENT_CA', cert: 'TLS_CERT', key: 'TLS_KEY' };
const ofSubgraphs = { ca: 'SUBGRAPH_TLS_CA', cert: 'SUBGRAPH_TLS_CERT', key: 'SUBGRAPH_TLS_KEY' };
const declared = (part: Part) => `subgraphs.words.tls.${part}`;
const places: Record<string, Place> = {
  'for its clients': {
    names: ofEdge,
    options: (paths) => ({ environment: { tls: named(ofEdge, paths) } }),
  },
  'for subgraphs, in the environment,': {
    names: ofSubgraphs,
    options: (paths) => ({ environment: { subgraphTls: named(ofSubgraphs, paths) } }),
  },
  'for a subgraph, in the declaration,': {
    names: { ca: declared('ca'), cert: declared('cert'), key: declared('key') },
    options: (paths) => ({ tls: paths }),
  },
};

for (const [place, { names, options }] of Object.entries(places)) {
  describe(`a router that is given ${place}`, () => {
    for (const [what, changes, sentence] of wrong) {
      test(`${what} does not start`, async () => {
        const folder = files.path;
        const given = { ...good, ...changes };
        const paths = {
          ca: `${folder}/${given.ca}`,
          cert: `${folder}/${given.cert}`,
          key: `${folder}/${given.key}`,
        };
        const { tls, environment = {} } = options(paths);
        const starting = startTestRouter(sdl(), {
          bff: defineBff({ name: 'bff', port: 0, ...(tls && { subgraphs: { words: { tls } } }) }),
          environment,
        });
        const expected = sentence
          .replaceAll('$/', `${folder}/`)
          .replaceAll('$CERT', names.cert)
          .replaceAll('$CA', names.ca)
          .replaceAll('$KEY', names.key);
        await assert.rejects(starting, { name: 'StartupProblem', message: expected });
      });
    }
  });
}

test('all that is wrong is told at once', async () => {
  const folder = files.path;
  const { options } = places['for its clients'] as Place;
  const starting = startTestRouter(
    sdl(),
    options({ ca: `${folder}/a`, cert: `${folder}/b`, key: `${folder}/c` }),
  );
  await assert.rejects(starting, /: TLS_CLIENT_CA .*\nTLS_CERT .*\nTLS_KEY .*$/);
});

test('the process says it in a sentence, and ends', async () => {
  const folder = files.path;
  const child = startChild(new URL('../../../supergraph/main.ts', import.meta.url), {
    args: ['--supergraph', files.write('graph.graphql', sdl()), '--port', '0'],
    environment: { TLS_CERT: `${folder}/cert.pem`, TLS_KEY: `${folder}/other-key.pem` },
  });
  assert.equal((await child.ended).code, 1);
  assert.equal(child.output(), 'TLS_KEY is not the key of the certificate in TLS_CERT.\n');
});

describe('in production a router does not start over plain HTTP to a subgraph', () => {
  const places: Record<string, (tls: SubgraphTls) => Parameters<typeof startTestRouter>[1]> = {
    'subgraphs.words.tls.ca': (tls) => ({
      bff: defineBff({ name: 'b', port: 0, subgraphs: { words: { tls } } }),
    }),
    'subgraphs.every.tls.ca': (tls) => ({
      bff: defineBff({ name: 'b', port: 0, subgraphs: { every: { tls } } }),
    }),
    SUBGRAPH_TLS_CA: ({ ca = '' }) => ({
      environment: { subgraphTls: { ca: { path: ca, namedBy: 'SUBGRAPH_TLS_CA' } } },
    }),
  };
  for (const [name, given] of Object.entries(places)) {
    test(`of which ${name} speaks`, async (t) => {
      const options = given({ ca: `${files.path}/ca.pem` });
      const plain = supergraphOver(1, { scheme: 'http' });
      const environment = { ...options?.environment, production: true };
      await assert.rejects(startTestRouter(plain, { ...options, environment }), {
        name: 'StartupProblem',
        message: `The subgraph "words" is at an address that starts with http://, and in production nothing less than https:// will do where ${name} says how it is known.`,
      });
      // While it is developed it may be.
      const router = await startTestRouter(plain, options);
      t.after(() => router.stop());
    });
  }
});
