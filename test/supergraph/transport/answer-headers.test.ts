// Holds what clients see of subgraphs' headers: only what is let through, and for the whole answer what is true of all parts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { collectAnswerHeaders } from '../../../supergraph/transport/collect-answer-headers.ts';
import { strictestCacheControl } from '../../../supergraph/transport/strictest-cache-control.ts';
import { libraryAnswer, postAnswer, type RouteUnderTest, startRoute } from './route-under-test.ts';

describe('the strictest cache-control of', () => {
  const cases: [string[], string][] = [
    [['max-age=60'], 'max-age=60'],
    [['public, max-age=60'], 'public, max-age=60'],
    [['Public, MAX-AGE=60'], 'public, max-age=60'],
    [['max-age=60', 'max-age=5', 'max-age=300'], 'max-age=5'],
    [['public, max-age=60', 'no-store'], 'no-store'],
    [['no-store, max-age=60'], 'no-store'],
    [['public, max-age=60', 'private, max-age=90'], 'private, max-age=60'],
    [['public, max-age=60', 'max-age=90'], 'max-age=60'],
    [['public', 'public, max-age=60'], 'public, max-age=0'],
    [['public, max-age=60', ''], 'no-store'],
    [[''], 'no-store'],
    [['public, max-age=60', 'no-cache'], 'no-cache'],
    [['private, max-age=60', 'no-cache'], 'no-cache, private'],
    [
      ['max-age=60, must-revalidate', 'max-age=60, no-transform'],
      'must-revalidate, no-transform, max-age=60',
    ],
    [['public, s-maxage=600, max-age=60', 'public, max-age=90'], 'public, max-age=60, s-maxage=90'],
    [['s-maxage=600', 's-maxage=30'], 'max-age=0, s-maxage=30'],
    [['s-maxage=600, max-age=60', 'private, max-age=90'], 'private, max-age=60'],
    [['max-age=60, stale-if-error=600', 'max-age=60, stale-if-error=9'], 'max-age=60, stale-if-error=9'],
    [['max-age=60, stale-while-revalidate=600', 'max-age=60'], 'max-age=60'],
    [['max-age=60, immutable', 'max-age=60, immutable'], 'max-age=60, immutable'],
    [['max-age=60, immutable', 'max-age=60'], 'max-age=60'],
    [['private="x-a, max-age=7", max-age=60'], 'private, max-age=60'],
    [['max-age="60"'], 'max-age=60'],
    [['max-age=60, max-age=5'], 'max-age=5'],
    [['max-age=-1'], 'max-age=0'],
    [['max-age=soon'], 'max-age=0'],
    [['max-age=99999999999999999999'], 'max-age=0'],
    [['%$§', 'max-age=60'], 'max-age=0'],
    [['nonsense'], 'no-store'],
    [['nonsense', 'public'], 'no-store'],
  ];
  for (const [values, expected] of cases) {
    test(`${JSON.stringify(values)} is ${expected}, in any order`, () => {
      assert.equal(strictestCacheControl(values), expected);
      assert.equal(strictestCacheControl(values.toReversed()), expected);
    });
  }
});

describe('of the headers of several answers', () => {
  const cases: { name: string; told: [string, string][]; lines: [string, string][] }[] = [
    { name: 'nothing is told when nothing was', told: [], lines: [] },
    { name: 'those that are not let through are left out', told: [['x-other', '1']], lines: [] },
    {
      name: 'cookies are kept one by one, in their order',
      told: [
        ['Set-Cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
        ['set-cookie', 'b=2'],
        ['set-cookie', 'a=1'],
      ],
      lines: [
        ['set-cookie', 'a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT'],
        ['set-cookie', 'b=2'],
        ['set-cookie', 'a=1'],
      ],
    },
    {
      name: 'others become a list without repetitions',
      told: [
        ['x-list', 'b'],
        ['X-List', 'a'],
        ['x-list', 'b'],
      ],
      lines: [['x-list', 'b, a']],
    },
    {
      name: 'values that cannot be sent are left out',
      told: [
        ['x-list', 'a\r\nx-evil: 1'],
        ['x-list', '🦉'],
        ['x-list', 'gr\u00fcn'],
        ['set-cookie', 'a=\u0000'],
      ],
      lines: [['x-list', 'gr\u00fcn']],
    },
    {
      name: 'a cache-control that cannot be sent allows nothing',
      told: [
        ['cache-control', 'max-age=60'],
        ['cache-control', 'max-age=60\n'],
      ],
      lines: [['cache-control', 'no-store']],
    },
  ];
  for (const { name, told, lines } of cases) {
    test(name, () => {
      const headers = collectAnswerHeaders(new Set(['set-cookie', 'cache-control', 'x-list']));
      for (const [header, value] of told) headers.take(header, value);
      assert.deepEqual(headers.lines(), lines);
    });
  }
});

describe('a client of a router', () => {
  let open: RouteUnderTest;
  let closed: RouteUnderTest;
  before(async () => {
    open = await startRoute(['Cache-Control', 'set-cookie', 'vary', 'x-list']);
    closed = await startRoute();
  });
  after(async () => {
    await open?.stop();
    await closed?.stop();
  });

  type Said = Record<string, string | string[]>;
  async function ask(
    route: RouteUnderTest,
    library: Said,
    post: Said | 'hangs up' | 'errors',
    query?: string,
  ) {
    route.library.answerWith((_, response) => response.writeHead(200, library).end(libraryAnswer));
    route.post.answerWith((request, response) => {
      if (post === 'hangs up') request.socket.destroy();
      else if (post === 'errors') {
        response
          .writeHead(200, { 'cache-control': 'max-age=60' })
          .end('{"data":{"_entities":[null,null]},"errors":[{"message":"x"}]}');
      } else response.writeHead(200, post).end(postAnswer);
    });
    const { headers } = await fetch(route.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: query ?? '{ books { title reservations } }' }),
    });
    const [cache, vary, list] = ['cache-control', 'vary', 'x-list'].map((name) => headers.get(name));
    return { cache, vary, list, cookies: headers.getSetCookie() };
  }

  const minute = { 'cache-control': 'public, max-age=60' };

  test('sees none of them unless the declaration lets them through', async () => {
    const said = { ...minute, 'set-cookie': 'a=1', vary: 'x-a', 'x-list': 'b' };
    assert.deepEqual(await ask(closed, said, said), {
      cache: 'no-store',
      vary: 'Origin',
      list: null,
      cookies: [],
    });
  });

  test('sees what all subgraphs said, put together', async () => {
    const seen = await ask(
      open,
      { ...minute, 'set-cookie': ['a=1', 'b=2'], vary: 'x-a', 'x-list': 'l', 'x-other': 'o' },
      { 'cache-control': 'public, max-age=30', 'set-cookie': 'c=3', 'x-list': 'p' },
    );
    assert.deepEqual(seen, {
      cache: 'public, max-age=30',
      vary: 'Origin, x-a',
      list: 'l, p',
      cookies: ['a=1', 'b=2', 'c=3'],
    });
  });

  test('may keep an answer only when every subgraph that was asked allows it', async () => {
    const cases: [Parameters<typeof ask>[2], string][] = [
      [minute, 'public, max-age=60'],
      [{}, 'no-store'],
      ['hangs up', 'no-store'],
      ['errors', 'no-store'],
    ];
    for (const [post, cache] of cases) assert.equal((await ask(open, minute, post)).cache, cache);
    assert.equal((await ask(open, minute, {}, '{ books { title } }')).cache, 'public, max-age=60');
    assert.equal((await ask(open, minute, minute, '{ __typename }')).cache, 'no-store');
  });
});
