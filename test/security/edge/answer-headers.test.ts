// Holds what every answer tells browsers, which other sites may read answers, and that the explorers live with what their pages may.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { type FixtureGraph, startFixtureGraph } from '../../supergraph/fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../../supergraph/fixtures/router-under-test.ts';
import { createAuthority, createPemFolder } from '../../support/certificates.ts';
import { chromiumBinary, startTestBrowser } from '../../support/chromium.ts';
import { leaveOut } from '../../support/left-out.ts';
import { freePort } from '../../support/redis.ts';
import { answerTo } from './connection.ts';
import { askPlainly, type PlainRequest } from './plain-request.ts';

const site = 'https://shop.example';
const query = '{ books { title } }';
const byGet = `/graphql?query=${encodeURIComponent(query)}`;
const asked = { 'apollo-require-preflight': '1' };
const json = { 'content-type': 'application/json' };
const minute = { maxAge: '1m', scope: 'public' } as const;
const adminToken = 'x'.repeat(40);

let graph: FixtureGraph;
let router: RouterUnderTest;
let admin: string;
let metrics: string;
before(async () => {
  graph = await startFixtureGraph();
  const [adminPort, metricsPort] = [await freePort(), await freePort()];
  router = await startTestRouter(graph.supergraphSdl, {
    bff: defineBff({
      name: 'test',
      port: 0,
      subgraphs: { every: { cacheControl: 'ignored' } },
      cache: { 'Query.books': minute, Book: minute },
    }),
    environment: {
      production: true,
      corsOrigins: [site],
      adminPort,
      adminToken,
      metricsPort,
      callerSecret: adminToken,
    },
  });
  admin = `http://127.0.0.1:${adminPort}`;
  metrics = `http://127.0.0.1:${metricsPort}`;
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});

const ofAll = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

function hasAll(headers: IncomingHttpHeaders): void {
  for (const [name, value] of Object.entries(ofAll)) assert.equal(headers[name], value, name);
  assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/);
  assert.equal(headers['strict-transport-security'], undefined, 'over plain HTTP it means nothing');
  assert.equal(headers['server'], undefined);
  assert.equal(headers['x-powered-by'], undefined);
}

describe('browsers are told what they may not do', () => {
  const requests: [name: string, request: PlainRequest, status: number][] = [
    ['with an answer', { method: 'POST', headers: json, body: JSON.stringify({ query }) }, 200],
    [
      'with one that goes past Apollo Server',
      { method: 'POST', headers: json, body: JSON.stringify({ query }) },
      200,
    ],
    ['with one by GET', { path: byGet, headers: asked }, 200],
    ['with one that is kept', { path: byGet, headers: asked }, 200],
    ['with one that is packed', { path: byGet, headers: { ...asked, 'accept-encoding': 'br' } }, 200],
    ['with one that another site may read', { path: byGet, headers: { ...asked, origin: site } }, 200],
    ['with a refusal', { method: 'POST', headers: json, body: '{' }, 400],
    ['with a form', { method: 'POST', headers: { 'content-type': 'a/b' }, body: 'a' }, 415],
    ['at no address', { path: '/nowhere' }, 404],
    ['at an address that cannot be read', { path: '/%zz' }, 400],
    ['with health', { path: '/health/live' }, 200],
    [
      'with a preflight',
      { method: 'OPTIONS', headers: { origin: site, 'access-control-request-method': 'POST' } },
      204,
    ],
    ['with Apollo Sandbox', { path: '/' }, 200],
    ['with the explorer', { path: '/explorer' }, 200],
  ];
  for (const [name, request, status] of requests) {
    test(name, async () => {
      const answer = await askPlainly(router.origin, request);
      assert.equal(answer.status, status, answer.body.toString().slice(0, 200));
      hasAll(answer.headers);
    });
  }

  test('with what is no request', async () => {
    const answer = await answerTo(router.origin, 'GARBAGE\r\n\r\n');
    assert.equal(answer?.status, 400);
    hasAll(answer?.headers ?? {});
  });

  test('with 304', async () => {
    const { headers } = await askPlainly(router.origin, { path: byGet, headers: asked });
    const again = await askPlainly(router.origin, {
      path: byGet,
      headers: { ...asked, 'if-none-match': String(headers.etag) },
    });
    assert.equal(again.status, 304);
    hasAll(again.headers);
  });

  test('and over TLS to come that way only', async (t) => {
    const authority = await createAuthority();
    const files = createPemFolder();
    const { cert, key } = await authority.issue();
    const file = (namedBy: string, text: string) => ({ path: files.write(`${namedBy}.pem`, text), namedBy });
    const secure = await startTestRouter(graph.supergraphSdl, {
      environment: { tls: { cert: file('TLS_CERT', cert), key: file('TLS_KEY', key) } },
    });
    t.after(async () => {
      await secure.stop();
      files.remove();
    });
    for (const path of ['/health/live', '/', '/nowhere', byGet]) {
      const sent = secureRequest(`${secure.origin}${path}`, { ca: authority.cert, headers: asked }).end();
      const [response] = await once(sent, 'response');
      response.resume();
      assert.equal(response.headers['strict-transport-security'], 'max-age=31536000', path);
    }
  });
});

describe('another site', () => {
  const preflight = (origin: string | undefined, path = '/graphql') =>
    askPlainly(router.origin, {
      method: 'OPTIONS',
      path,
      headers: {
        ...(origin !== undefined && { origin }),
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, authorization',
      },
    });

  test('that is listed may ask, for ten minutes at a time, and without cookies', async () => {
    const { status, headers } = await preflight(site);
    assert.equal(status, 204);
    assert.equal(headers['access-control-allow-origin'], site);
    assert.equal(headers['access-control-max-age'], '600');
    assert.equal(headers['access-control-allow-credentials'], undefined);
    assert.match(String(headers.vary), /origin/i);
    const answer = await askPlainly(router.origin, {
      method: 'POST',
      headers: { ...json, origin: site, cookie: 'session=1' },
      body: JSON.stringify({ query }),
    });
    assert.equal(answer.headers['access-control-allow-origin'], site);
    assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    assert.match(String(answer.headers.vary), /origin/i);
  });

  for (const origin of [
    'null',
    'https://evil.example',
    'https://shop.example.evil.example',
    'https://evil-shop.example',
    'https://sub.shop.example',
    'https://shop.example:8443',
    'http://shop.example',
    'HTTPS://SHOP.EXAMPLE',
    'https://shop.example/',
    'https://shop.example, https://evil.example',
    '*',
    '',
  ]) {
    test(`that calls itself ${JSON.stringify(origin)} may not`, async () => {
      const asking = await preflight(origin);
      const answer = await askPlainly(router.origin, {
        method: 'POST',
        headers: { ...json, origin },
        body: JSON.stringify({ query }),
      });
      const kept = await askPlainly(router.origin, { path: byGet, headers: { ...asked, origin } });
      for (const { headers } of [asking, answer, kept]) {
        assert.equal(headers['access-control-allow-origin'], undefined);
        assert.match(String(headers.vary), /origin/i);
      }
    });
  }

  for (const path of ['/health/live', '/health/ready', '/', '/explorer', '/nowhere']) {
    test(`that is listed reads nothing at ${path}`, async () => {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = { origin: site, 'access-control-request-method': 'GET' };
        const answer = await askPlainly(router.origin, { method, path, headers });
        assert.equal(answer.headers['access-control-allow-origin'], undefined, method);
      }
    });
  }

  test('that is listed reads nothing at the admin port and of metrics', async () => {
    const headers = { origin: site, authorization: `Bearer ${adminToken}` };
    for (const [origin, path] of [
      [admin, '/cache'],
      [metrics, '/metrics'],
    ] as const) {
      for (const method of ['GET', 'OPTIONS']) {
        const answer = await askPlainly(origin, { method, path, headers });
        assert.equal(answer.headers['access-control-allow-origin'], undefined);
      }
    }
  });
});

const installed = chromiumBinary() !== undefined;
if (!installed) leaveOut('what pages of explorers may do, in a browser', 'Chromium is not installed');

test('the explorers break none of the rules of their pages', {
  skip: !installed,
  timeout: 60_000,
}, async (t) => {
  const browser = await startTestBrowser();
  t.after(() => browser.stop());
  const { page } = browser;
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) broken.push(message.text());
  });
  await page.route('https://embeddable-sandbox.cdn.apollographql.com/**', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      // As Apollo's does: a frame of theirs, with a style of its own, and requests that this page makes for it.
      body: `window.EmbeddedSandbox = class {
        constructor({ target, initialEndpoint }) {
          const frame = document.createElement('iframe');
          frame.setAttribute('style', 'border: 0');
          frame.src = 'https://sandbox.embed.apollographql.com/sandbox/explorer';
          document.querySelector(target).append(frame);
          const body = JSON.stringify({ query: '{ books { title } }' });
          const headers = { 'content-type': 'application/json' };
          fetch(initialEndpoint, { method: 'POST', headers, body })
            .then((answer) => answer.text())
            .then((text) => document.querySelector(target).append(text));
        }
      }`,
    }),
  );
  await page.route('https://sandbox.embed.apollographql.com/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<p>embedded</p>' }),
  );
  await page.goto(router.origin);
  await page.getByText('Middlemarch').waitFor();
  await page.frameLocator('iframe').getByText('embedded').waitFor();
  await page.goto(`${router.origin}/explorer`);
  await page.locator('.graphiql-query-editor .monaco-editor').first().waitFor();
  assert.deepEqual(broken, []);
  // And they hold: what somebody has got into the page does not run.
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.intruded = true';
    document.head.append(script);
    return 'intruded' in window;
  });
  assert.equal(ran, false);
});
