// Holds the reading of where Redis is: every kind, and that contradictions are told without the values, which have passwords.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type RedisSettings,
  type RedisVariables,
  readRedisSettings,
} from '../../../supergraph/foundation/redis-settings.ts';

const file = (namedBy: string) => ({ path: 'a.pem', namedBy });
const usual: RedisSettings = {
  mode: 'single',
  nodes: [{ host: 'cache', port: 6379 }],
  tls: undefined,
  user: undefined,
  password: undefined,
  database: 0,
  sentinelName: undefined,
};

function read(given: Partial<RedisVariables>): [RedisSettings | undefined, string[]] {
  const problems: string[] = [];
  const all = { addresses: [], mode: 'single', sentinelName: undefined, tls: {}, ...given } as const;
  return [readRedisSettings(all, problems), problems];
}

const good: [what: string, given: Partial<RedisVariables>, settings: RedisSettings | undefined][] = [
  ['nothing', {}, undefined],
  ['a server', { addresses: ['redis://cache'] }, usual],
  [
    'a server with everything',
    { addresses: ['redis://me:a%2Cb%40c@[::1]:7000/3'] },
    { ...usual, nodes: [{ host: '::1', port: 7000 }], user: 'me', password: 'a,b@c', database: 3 },
  ],
  ['a password without a user', { addresses: ['redis://:pw@cache/'] }, { ...usual, password: 'pw' }],
  ['TLS', { addresses: ['rediss://cache'] }, { ...usual, tls: {} }],
  [
    'TLS with files',
    { addresses: ['rediss://cache'], tls: { ca: file('REDIS_TLS_CA') } },
    { ...usual, tls: { ca: file('REDIS_TLS_CA') } },
  ],
  [
    'a cluster',
    { addresses: ['redis://u:p@a', 'redis://u:p@b:7000'], mode: 'cluster' },
    {
      ...usual,
      mode: 'cluster',
      nodes: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 7000 },
      ],
      user: 'u',
      password: 'p',
    },
  ],
  [
    'sentinels',
    { addresses: ['redis://a/1', 'redis://b/1'], mode: 'sentinel' },
    {
      ...usual,
      mode: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_379 },
      ],
      database: 1,
      sentinelName: 'mymaster',
    },
  ],
  [
    'sentinels with a name',
    { addresses: ['redis://cache:6379'], mode: 'sentinel', sentinelName: 'shop' },
    { ...usual, mode: 'sentinel', sentinelName: 'shop' },
  ],
];
for (const [what, given, settings] of good) {
  test(`reads ${what}`, () => {
    assert.deepEqual(read(given), [settings, []]);
  });
}

const unusable: string[] = [
  'redis',
  'http://:secret@cache',
  'redis://',
  'redis://cache/secret',
  'redis://cache/1?secret=1',
  'redis://cache#secret',
  'redis://secret@cache',
  'redis://:%secret@cache',
  'redis://cache:0',
  'redis://cache:secret',
];
for (const address of unusable) {
  test(`does not take ${address} for an address`, () => {
    const [settings, problems] = read({ addresses: ['redis://good', address], mode: 'cluster' });
    assert.equal(settings, undefined);
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^REDIS_URL must be an address that starts with redis:\/\/ or rediss:\/\//,
    );
    assert.doesNotMatch(problems[0] ?? '', /secret/);
  });
}

const contradictions: [given: Partial<RedisVariables>, problems: RegExp[]][] = [
  [{ addresses: ['redis://a', 'redis://b'] }, [/^REDIS_URL must be one address where REDIS_MODE is single/]],
  [
    { addresses: ['redis://a', 'rediss://b'], mode: 'cluster' },
    [/^REDIS_URL must have either redis:\/\/ or rediss:\/\//],
  ],
  [
    { addresses: ['redis://:secret@a', 'redis://:other@b'], mode: 'sentinel' },
    [/^REDIS_URL must have the same user, password and database/],
  ],
  [{ addresses: ['redis://a/1'], mode: 'cluster' }, [/^REDIS_URL must name no database/]],
  [
    { addresses: ['redis://a'], sentinelName: 'secret' },
    [/^REDIS_SENTINEL_NAME must not be given unless REDIS_MODE is sentinel/],
  ],
  [
    { addresses: ['redis://a'], tls: { cert: file('REDIS_TLS_CERT'), key: file('REDIS_TLS_KEY') } },
    [/^REDIS_TLS_CERT must not be given unless/, /^REDIS_TLS_KEY must not be given unless/],
  ],
  [
    { mode: 'sentinel', sentinelName: 'secret', tls: { ca: file('REDIS_TLS_CA') } },
    [
      /^REDIS_MODE must not be given without/,
      /^REDIS_SENTINEL_NAME must not be given without/,
      /^REDIS_TLS_CA must not be given without/,
    ],
  ],
];
for (const [given, expected] of contradictions) {
  test(`tells ${expected.map(({ source }) => source).join(', ')}`, () => {
    const [settings, problems] = read(given);
    assert.equal(settings, undefined);
    assert.equal(problems.length, expected.length, problems.join('\n'));
    for (const [index, words] of expected.entries()) assert.match(problems[index] ?? '', words);
    assert.doesNotMatch(problems.join(), /secret|a\.pem/);
  });
}
