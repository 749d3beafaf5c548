// Holds the check of declarations: every mistake is found, all at once, with a hint where a name is nearly right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBff } from '../../../supergraph/declaration/check-bff.ts';
import { type BffDeclaration, defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { lastKnown, value } from '../../../supergraph/declaration/fallback-words.ts';

const graph = {
  subgraphs: new Map([
    ['library', 'http://127.0.0.1:1/'],
    ['post', 'http://127.0.0.1:2/'],
  ]),
  tags: new Set(['mobile', 'internal']),
};
const good: BffDeclaration = defineBff({ name: 'bff-web', port: 4000 });

/** As a file in plain JavaScript could say it. */
const declared = (changes: object): BffDeclaration => ({ ...good, ...changes });

test('a declaration without mistakes has no problems', () => {
  const full = defineBff<{ coordinate: string; subgraph: 'library' | 'post' }>({
    name: 'bff-web',
    port: 0,
    contract: { include: ['mobile'], exclude: ['internal'] },
    subgraphs: { every: { timeout: '5s', trusted: true }, post: { timeout: '800ms', trusted: false } },
    forward: { headers: ['Accept-Language'], answerHeaders: ['Set-Cookie', 'Cache-Control', 'Vary'] },
    identity: {
      issuers: [{ issuer: 'https://a.example', audiences: ['web'] }],
      algorithms: ['ES256', 'EdDSA'],
      leeway: '60s',
      claims: { id: 'uid', roles: 'realm_access.roles', scopes: 'scp' },
    },
    documents: { folder: 'documents', unregistered: 'allow', automatic: true, batch: 10 },
    clients: {
      ios: {
        minimum: '3.0',
        sunset: { '3.4.0': '2027-03-31' },
        store: 'https://apps.example/a?b=1',
        arguments: { first: { default: 10, maximum: 50 }, width: {} },
      },
    },
    views: 'views',
    samples: 'samples.graphql',
    cache: { Book: { maxAge: '60s', scope: 'public' } },
    responseCache: 'viewer',
    timeout: '10s',
    fields: { 'Book.title': { timeout: '1s' } },
    fallbacks: { 'Book.title': value('?') },
  });
  assert.deepEqual(checkBff(full, graph), []);
  assert.deepEqual(checkBff(good, graph), []);
});

const issuer = { issuer: 'https://a.example', audiences: ['web'] };
const identity = (changes: object): object => ({ identity: { issuers: [issuer], ...changes } });

const documents = { folder: 'documents', unregistered: 'allow' };

const mistakes: [object, string][] = [
  [{ contarct: {} }, 'contarct: there is no such key. Did you mean "contract"?'],
  [{ name: 'Web App' }, 'name: must be lower case letters, digits and "-", but is "Web App".'],
  [{ port: 65_536 }, 'port: must be between 0 and 65535, but is 65536.'],
  [{ port: '4000' }, 'port: must be between 0 and 65535, but is "4000".'],
  [
    { contract: { exclude: ['intern'] } },
    'contract.exclude: no schema uses the tag "intern". Did you mean "internal"?',
  ],
  [{ contract: { include: [] } }, 'contract.include: must list at least one tag.'],
  [{ contract: { inclued: ['mobile'] } }, 'contract.inclued: there is no such key. Did you mean "include"?'],
  [{ contract: 'mobile' }, 'contract: must be an object.'],
  [{ views: true }, 'views: must name a folder.'],
  [{ documents: 'documents' }, 'documents: must be an object.'],
  [
    { documents: { ...documents, foldr: 'x' } },
    'documents.foldr: there is no such key. Did you mean "folder"?',
  ],
  [{ documents: { unregistered: 'allow' } }, 'documents.folder: must name a folder beside the declaration.'],
  [
    { documents: { folder: 'x', unregistered: 'refuse' } },
    `documents.unregistered: must be 'allow' or 'reject', but is "refuse".`,
  ],
  [{ documents: { ...documents, automatic: 1 } }, 'documents.automatic: must be true or false, but is 1.'],
  [
    { documents: { ...documents, unregistered: 'reject', automatic: true } },
    "documents.automatic: clients could register what they like, and unregistered is 'reject'.",
  ],
  [
    { documents: { ...documents, batch: 0 } },
    'documents.batch: must be a number between 1 and 100, but is 0.',
  ],
  [{ clients: [] }, 'clients: must be an object of names and what is said of each.'],
  [
    { clients: { ios: { minimun: '3' } } },
    'clients.ios.minimun: there is no such key. Did you mean "minimum"?',
  ],
  [
    { clients: { ios: { minimum: 'new' } } },
    `clients.ios.minimum: must be a version such as '3.2.0', but is "new".`,
  ],
  [{ clients: { ios: { minimum: 3 } } }, `clients.ios.minimum: must be a version such as '3.2.0', but is 3.`],
  [
    { clients: { ios: { sunset: { x: '2027-01-01' } } } },
    `clients.ios.sunset: "x" is no version such as '3.4.0'.`,
  ],
  [
    { clients: { ios: { sunset: { '3.4.0': '2027-02-31' } } } },
    `clients.ios.sunset.3.4.0: must be a day such as '2027-03-31', but is "2027-02-31".`,
  ],
  [
    { clients: { ios: { store: 'http://a.example' } } },
    'clients.ios.store: must be an address that starts with https://.',
  ],
  [
    { clients: { ios: { arguments: { first: { default: 20, maximum: 10 } } } } },
    'clients.ios.arguments.first: its default is more than its maximum.',
  ],
  [
    { clients: { ios: { arguments: { first: { maximum: 1.5 } } } } },
    'clients.ios.arguments.first.maximum: must be a whole number, but is 1.5.',
  ],
  [{ subgraphs: { pots: {} } }, 'subgraphs.pots: there is no subgraph of this name. Did you mean "post"?'],
  [
    { subgraphs: { post: { timeout: '5 sec' } } },
    `subgraphs.post.timeout: "5 sec" is no duration: write e.g. '800ms', '5s', '10m', '2h' or '1d'.`,
  ],
  [
    { subgraphs: { every: { timout: '5s' } } },
    'subgraphs.every.timout: there is no such key. Did you mean "timeout"?',
  ],
  [
    { subgraphs: { post: { trusted: 'yes' } } },
    'subgraphs.post.trusted: must be true or false, but is "yes".',
  ],
  [
    { subgraphs: { every: { trust: true } } },
    'subgraphs.every.trust: there is no such key. Did you mean "trusted"?',
  ],
  [{ subgraphs: { every: { tls: 'ca.pem' } } }, 'subgraphs.every.tls: must be an object.'],
  [
    { subgraphs: { post: { tls: { servername: 'x' } } } },
    'subgraphs.post.tls.servername: there is no such key. Did you mean "serverName"?',
  ],
  [
    { subgraphs: { post: { tls: { rejectUnauthorized: false } } } },
    'subgraphs.post.tls.rejectUnauthorized: there is no such key.',
  ],
  [{ subgraphs: { post: { tls: { ca: '' } } } }, 'subgraphs.post.tls.ca: must name a PEM file.'],
  [
    { subgraphs: { post: { tls: { cert: 'post.pem' } } } },
    'subgraphs.post.tls: cert and key must be given together.',
  ],
  ...['10.0.0.7', '::1', 'https://post', ''].map((serverName): [object, string] => [
    { subgraphs: { post: { tls: { serverName } } } },
    'subgraphs.post.tls.serverName: must be the name of a host, and no address.',
  ]),
  [{ subgraphs: { post: 5 } }, 'subgraphs.post: must be an object.'],
  [{ subgraphs: ['post'] }, 'subgraphs.0: there is no subgraph of this name.'],
  [{ forward: { headers: 'accept' } }, 'forward.headers: must list names of headers.'],
  [{ forward: { headers: ['bad header'] } }, 'forward.headers: "bad header" is no name of a header.'],
  [
    { forward: { headers: ['Host'] } },
    'forward.headers: "Host" belongs to the connection and cannot be handed on.',
  ],
  [
    { forward: { headers: ['Accept'] } },
    'forward.headers: "Accept" is the router\'s own and cannot be handed on.',
  ],
  [{ forward: 'cookie' }, 'forward: must be an object.'],
  [
    { forward: { anserHeaders: [] } },
    'forward.anserHeaders: there is no such key. Did you mean "answerHeaders"?',
  ],
  [{ forward: { answerHeaders: true } }, 'forward.answerHeaders: must list names of headers.'],
  [{ forward: { answerHeaders: [''] } }, 'forward.answerHeaders: "" is no name of a header.'],
  ...['Content-Length', 'transfer-encoding', 'connection', 'Upgrade', 'content-encoding'].map(
    (header): [object, string] => [
      { forward: { answerHeaders: ['set-cookie', header] } },
      `forward.answerHeaders: "${header}" belongs to the connection and cannot be handed on.`,
    ],
  ),
  ...['X-Request-Id', 'etag', 'access-control-allow-origin'].map((header): [object, string] => [
    { forward: { answerHeaders: [header] } },
    `forward.answerHeaders: "${header}" is the router's own and cannot be handed on.`,
  ]),
  ...[
    'X-User-Id',
    'x-viewer',
    'x-roles',
    'x-caller',
    'X-Forwarded-User',
    'x-remote-user',
    'Tributary-Viewer',
  ].map((header): [object, string] => [
    { forward: { headers: ['cookie', header] } },
    `forward.headers: "${header}" would say who is asking, and any client can send it.`,
  ]),
  [{ identity: 'accounts' }, 'identity: must be an object.'],
  [identity({ issuer: [] }), 'identity.issuer: there is no such key. Did you mean "issuers"?'],
  [{ identity: {} }, 'identity.issuers: must list at least one issuer.'],
  [identity({ issuers: [] }), 'identity.issuers: must list at least one issuer.'],
  [identity({ issuers: ['https://a.example'] }), 'identity.issuers.0: must be an object.'],
  [
    identity({ issuers: [{ ...issuer, audience: 'x' }] }),
    'identity.issuers.0.audience: there is no such key. Did you mean "audiences"?',
  ],
  [
    identity({ issuers: [{ ...issuer, issuer: '' }] }),
    'identity.issuers.0.issuer: must be what tokens say as "iss".',
  ],
  [
    identity({ issuers: [{ ...issuer, audiences: [] }] }),
    'identity.issuers.0.audiences: must list at least one audience, as tokens say it in "aud".',
  ],
  [
    identity({ issuers: [{ ...issuer, jwks: 'https://me:pw@a.example' }] }),
    'identity.issuers.0.jwks: must be an address that starts with https:// or http://, without a password.',
  ],
  [
    identity({ issuers: [{ ...issuer, issuer: 'accounts' }] }),
    'identity.issuers.0.jwks: must say where the keys are, because the issuer is no address that could tell.',
  ],
  [
    identity({ issuers: [issuer, { ...issuer, prefix: 'a:' }] }),
    'identity.issuers: "https://a.example" is listed twice.',
  ],
  [
    identity({ issuers: [issuer, { ...issuer, issuer: 'https://b.example' }] }),
    'identity.issuers: "https://a.example" and "https://b.example" have no prefix: whoever has the same id there would be ' +
      "one viewer. Give each a prefix of its own, e.g. 'partner:'; one may go without.",
  ],
  [
    identity({
      issuers: [
        { ...issuer, prefix: 'p:' },
        { ...issuer, issuer: 'https://b.example', prefix: 'p:' },
      ],
    }),
    'identity.issuers: "https://a.example" and "https://b.example" have the prefix "p:": whoever has the same id there ' +
      "would be one viewer. Give each a prefix of its own, e.g. 'partner:'; one may go without.",
  ],
  ...['', 'a b', 'ä', 7, 'x'.repeat(65)].map((prefix): [object, string] => [
    identity({ issuers: [{ ...issuer, prefix }] }),
    "identity.issuers.0.prefix: must be 1 to 64 letters, digits and signs without spaces, such as 'partner:'.",
  ]),
  [
    identity({ algorithms: ['ES257'] }),
    'identity.algorithms: "ES257" is none of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA. Did you mean "ES256"?',
  ],
  ...['none', 'secret', 7].map((algorithm): [object, string] => [
    identity({ algorithms: [algorithm] }),
    `identity.algorithms: ${JSON.stringify(algorithm)} is none of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA.`,
  ]),
  [identity({ algorithms: [] }), 'identity.algorithms: must list at least one algorithm.'],
  [identity({ leeway: '61s' }), `identity.leeway: must be a duration of at most '60s', but is "61s".`],
  [identity({ leeway: 5 }), `identity.leeway: must be a duration of at most '60s', but is 5.`],
  [identity({ claims: { role: 'x' } }), 'identity.claims.role: there is no such key. Did you mean "roles"?'],
  [identity({ claims: { id: '' } }), 'identity.claims.id: must be the name of a claim.'],
  [{ cache: { Book: 'allways' } }, `cache.Book: must be a rule or 'never', but is "allways".`],
  [{ samples: 7 }, 'samples: must name a file.'],
  [{ views: 7 }, 'views: must name a folder.'],
  [{ plugins: 'all' }, 'plugins: must list plugins of Apollo Server.'],
  [{ plugins: [7] }, 'plugins: must list plugins of Apollo Server.'],
];

for (const [changes, problem] of mistakes) {
  test(`finds the mistake in ${JSON.stringify(changes)}`, () => {
    assert.equal(checkBff(declared(changes), graph)[0], problem);
  });
}

test('finds all mistakes at once', () => {
  const changes = {
    name: '',
    port: -1,
    contract: { include: ['x', 'y'] },
    subgraphs: { a: {}, b: {} },
    nothing: 1,
  };
  assert.equal(checkBff(declared(changes), graph).length, 7);
});

test('the compiler refuses a name that is not in the graph', () => {
  defineBff<{ coordinate: 'Query.a'; subgraph: 'post' }>({
    name: 'x',
    port: 0,
    // @ts-expect-error: the subgraph is called post
    subgraphs: { pots: { timeout: '5s' } },
  });
  defineBff<{ coordinate: 'Query.a'; subgraph: 'post' }>({
    name: 'x',
    port: 0,
    // @ts-expect-error: the field is called a
    cache: { 'Query.b': 'never' },
  });
  defineBff<{ coordinate: 'Query.a'; subgraph: 'post' }>({
    name: 'x',
    port: 0,
    fields: {
      'Query.a': { timeout: '1s' },
      // @ts-expect-error: the field is called a
      'Query.b': { timeout: '1s' },
    },
  });
  defineBff<{ coordinate: 'Query.a'; subgraph: 'post' }>({
    name: 'x',
    port: 0,
    fallbacks: {
      'Query.a': [lastKnown({ upTo: '1h' }), value(null)],
      // @ts-expect-error: the field is called a
      'Query.b': value(null),
    },
  });
  // @ts-expect-error: a duration has a unit
  lastKnown({ upTo: '10' });
  defineBff<{ coordinate: 'Query.a'; subgraph: 'post' }>({
    name: 'x',
    port: 0,
    // @ts-expect-error: a share is written with %
    subgraphs: { post: { retry: { budget: '20' } } },
  });
  // @ts-expect-error: a duration has a unit
  defineBff({ name: 'x', port: 0, subgraphs: { every: { timeout: '5' } } });
});
