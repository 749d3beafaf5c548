// Holds rates against those who would get around them, or use up what is somebody else's.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RateLimit } from '../../../supergraph/declaration/limits-declaration.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import { codeOf, startRatedGraph, type Who } from './rated-graph.ts';

const books = '{ books { title } }';
const door = { door: { per: 'address', most: 2, in: '1h' } } as const;
const mine = { mine: { per: 'viewer', most: 2, in: '1h' } } as const;
const ann = { userId: 'ann' };

interface Case {
  title: string;
  rates: { readonly [name: string]: RateLimit };
  environment?: Partial<Environment>;
  /** What comes of each: a code, or undefined where it is answered. */
  asked: readonly (readonly [code: string | undefined, who: Who, query?: string])[];
}

const cases: Case[] = [
  {
    title: 'guessing tokens is counted before they are looked at',
    rates: door,
    asked: [
      ['UNAUTHENTICATED', { authorization: 'Bearer a.b.c', from: '10.0.0.1' }],
      ['UNAUTHENTICATED', { authorization: 'Bearer a.b.d', from: '10.0.0.1' }],
      ['RATE_LIMITED', { authorization: 'Bearer a.b.e', from: '10.0.0.1' }],
      ['RATE_LIMITED', { from: '10.0.0.1' }],
      ['UNAUTHENTICATED', { authorization: 'Bearer a.b.e', from: '10.0.0.2' }],
    ],
  },
  {
    title: 'a token that is not good uses up nobody’s room',
    rates: mine,
    asked: [
      ['UNAUTHENTICATED', { authorization: 'Bearer a.b.c', from: '10.0.0.1' }],
      ['UNAUTHENTICATED', { authorization: 'Basic YW5uOmFubg==', from: '10.0.0.1' }],
      ['UNAUTHENTICATED', { authorization: 'Bearer a.b.e', from: '10.0.0.1' }],
      [undefined, { from: '10.0.0.1' }],
      [undefined, { as: ann }],
    ],
  },
  {
    title: 'a new token is not new room',
    rates: mine,
    asked: [
      [undefined, { as: { ...ann, expiresIn: '1h' } }],
      [undefined, { as: { ...ann, expiresIn: '2h' } }],
      ['RATE_LIMITED', { as: { ...ann, expiresIn: '3h' } }],
    ],
  },
  {
    title: 'headers that say who asks are nobody’s word',
    rates: mine,
    asked: ['x-user-id', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'x-client-ip'].map((name, index) => [
      index < 2 ? undefined : 'RATE_LIMITED',
      { from: '10.0.0.1', headers: { [name]: `10.1.1.${index}` } },
    ]),
  },
  {
    title: 'of those who are not trusted proxies no word about addresses is believed',
    rates: door,
    environment: { trustedProxies: [] },
    asked: [
      [undefined, { from: '10.0.0.1' }],
      [undefined, { from: '10.0.0.2' }],
      ['RATE_LIMITED', { from: '10.0.0.3' }],
    ],
  },
  {
    title: 'what a client puts before what the proxy says of it is not believed',
    rates: door,
    asked: [
      [undefined, { from: '1.1.1.1, 10.0.0.1' }],
      [undefined, { from: '2.2.2.2, 10.0.0.1' }],
      ['RATE_LIMITED', { from: '3.3.3.3, 10.0.0.1' }],
    ],
  },
  {
    title: 'addresses of one network of IPv6 are one client',
    rates: door,
    asked: [
      [undefined, { from: '2001:db8::1' }],
      [undefined, { from: '2001:db8::2' }],
      ['RATE_LIMITED', { from: '2001:db8:0:0:ffff::3' }],
      [undefined, { from: '2001:db8:0:1::1' }],
    ],
  },
  {
    title: 'names with signs that separate are no one else’s',
    rates: { app: { per: 'client', most: 1, in: '1h' } },
    asked: [
      [undefined, { client: 'a","b' }],
      [undefined, { client: 'a' }],
      [undefined, { client: 'null' }],
      [undefined, {}],
      ['RATE_LIMITED', {}],
    ],
  },
  {
    title: 'a claim of one kind is not that of another, and one that is missing is the viewer’s own',
    rates: { plan: { per: { claim: 'org' }, most: 1, in: '1h' } },
    asked: [
      [undefined, { as: { userId: 'a', raw: { org: '1' } } }],
      [undefined, { as: { userId: 'b', raw: { org: 1 } } }],
      [undefined, { as: { userId: 'c', raw: { org: ['1'] } } }],
      [undefined, { as: { userId: '1' } }],
      ['RATE_LIMITED', { as: { userId: 'd', raw: { org: '1' } } }],
      ['RATE_LIMITED', { as: { userId: '1' } }],
    ],
  },
  {
    title: 'names of what every object has are names like others',
    rates: Object.fromEntries([
      [
        'constructor',
        { per: { claim: '__proto__' }, for: { client: 'constructor' }, most: 1, in: '1h' } as const,
      ],
    ]),
    asked: [
      [undefined, { client: 'constructor', from: '10.0.0.1' }],
      ['RATE_LIMITED', { client: 'constructor', from: '10.0.0.1' }],
      [undefined, { client: 'toString', from: '10.0.0.1' }],
      [undefined, { client: '__proto__', from: '10.0.0.1' }],
    ],
  },
  {
    title: 'many attempts in one operation are many, under aliases, fragments and conditions',
    rates: { tries: { per: 'address', of: { fields: ['Mutation.rename'] }, most: 3, in: '1h' } },
    asked: [
      [
        'RATE_LIMITED',
        { from: '10.0.0.1' },
        `mutation { a: rename(id: "b1", title: "1") { id } ...F ... on Mutation { d: rename(id: "b1", title: "4") { id } } }
         fragment F on Mutation { b: rename(id: "b1", title: "2") { id } c: rename(id: "b1", title: "3") @include(if: true) { id } }`,
      ],
    ],
  },
  {
    title: 'what is more than all there is is refused without an end, and says so',
    rates: { tries: { per: 'address', of: { fields: ['Query.book'] }, most: 2, in: '1h', kind: 'bucket' } },
    asked: [
      ['RATE_LIMITED', {}, '{ a: book(id: "1") { id } b: book(id: "2") { id } c: book(id: "3") { id } }'],
      // A bucket does not count what it refuses.
      [undefined, {}, '{ a: book(id: "b1") { id } b: book(id: "b2") { id } }'],
    ],
  },
];

describe('rates are not got around', () => {
  for (const { title, rates, environment, asked } of cases) {
    test(title, async (t) => {
      const rated = await startRatedGraph(rates, { ...(environment && { environment }) });
      t.after(() => rated.stop());
      for (const [index, [code, who, query = books]] of asked.entries()) {
        rated.graph.seen.splice(0);
        const answer = await rated.ask(query, who);
        assert.equal(codeOf(answer), code, `the ${index + 1}. of them: ${answer.text}`);
        if (code === undefined) continue;
        assert.equal(rated.graph.seen.length, 0, 'no subgraph was asked');
        assert.equal(answer.status, code === 'RATE_LIMITED' ? 429 : 401);
      }
    });
  }

  test('while one is refused a thousand times others are answered', async (t) => {
    const rated = await startRatedGraph(door);
    t.after(() => rated.stop());
    const flood = Array.from({ length: 1000 }, () => rated.ask(books, { from: '10.0.0.1' }));
    const other = await rated.ask(books, { from: '10.0.0.2' });
    assert.equal(other.status, 200);
    const answers = await Promise.all(flood);
    assert.equal(answers.filter(({ status }) => status === 200).length, 2);
  });
});
