// Holds the two explorers: the configuration Apollo Sandbox is given, and the bundled one in a real browser.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { chromiumBinary, startTestBrowser, type TestBrowser } from '../../support/chromium.ts';
import { leaveOut } from '../../support/left-out.ts';
import { type FixtureGraph, startFixtureGraph } from '../fixtures/fixture-graph.ts';
import { type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';

const samples =
  'query Titles { books { title } }\n# </script><script>alert(1)</script>\nquery Postage { books { postage } }\n';
let graph: FixtureGraph;
let router: RouterUnderTest;

before(async () => {
  graph = await startFixtureGraph();
  router = await startTestRouter(graph.supergraphSdl, { samples });
});
after(async () => {
  await router?.stop();
  await graph?.stop();
});

interface SandboxOptions {
  target: string;
  initialEndpoint: string;
  initialState: { document: string };
}

/** Runs the page's own script as a browser would, with a stand-in for the script from Apollo's CDN. */
function sandboxOptions(html: string, address: string): SandboxOptions | undefined {
  const [, script] = /<script>\n([\s\S]*?)<\/script>/.exec(html) ?? [];
  let given: SandboxOptions | undefined;
  class EmbeddedSandbox {
    constructor(options: SandboxOptions) {
      given = options;
    }
  }
  const window = { EmbeddedSandbox, location: { href: address } };
  runInNewContext(script ?? '', { window, URL, document: { getElementById: () => ({ remove() {} }) } });
  return given;
}

describe('Apollo Sandbox at /', () => {
  test('is pointed at this endpoint under whatever name it was opened, and shows the samples', async () => {
    const { status, headers, text } = await router.fetch('/');
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(
      text,
      /<script src="https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\/[\w/.-]+\.js"><\/script>/,
    );
    for (const address of [`${router.origin}/`, 'https://shop.example/']) {
      const options = sandboxOptions(text, address);
      assert.equal(options?.initialEndpoint, new URL('/graphql', address).href);
      assert.equal(options?.initialState.document, samples);
    }
  });

  test('without the internet it leads to the bundled explorer', async () => {
    assert.match((await router.fetch('/')).text, /<a href="\/explorer">/);
  });

  test('samples cannot break out of the script', async () => {
    assert.doesNotMatch((await router.fetch('/')).text, /<script>alert/);
  });
});

const installed = chromiumBinary() !== undefined;
if (!installed) leaveOut('the explorers in a browser', 'Chromium is not installed');

describe('in a real browser', { skip: !installed, timeout: 120_000 }, () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await startTestBrowser();
  });
  after(async () => browser?.stop());

  test('the explorer runs a query that was typed into it, without any request to another host', async () => {
    const { page } = browser;
    const hosts = new Set<string>();
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol.startsWith('http')) hosts.add(host);
    });
    await page.goto(`${router.origin}/explorer`);
    const editor = page.locator('.graphiql-query-editor .monaco-editor').first();
    await editor.waitFor();
    assert.match(await editor.innerText(), /Titles/);
    await editor.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText('{ book(id: "b2") { title postage } }');
    // The name of the tab changes when the explorer has read what was typed.
    await page.locator('.graphiql-tab-active', { hasText: '<untitled>' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    // The spaces on the page are hard ones.
    const answer = page.locator('.graphiql-response').filter({ hasText: /War.and.Peace/ });
    await answer.waitFor();
    assert.match(await answer.innerText(), /"postage":\s*12/);
    assert.deepEqual([...hosts], [new URL(router.origin).host]);
  });

  test('the sandbox page gives its options to what Apollo serves, or leads to the explorer when nothing is served', async () => {
    const { page } = browser;
    const cdn = 'https://embeddable-sandbox.cdn.apollographql.com/**';
    await page.route(cdn, (route) => route.abort());
    await page.goto(router.origin);
    await page.getByRole('link', { name: 'the bundled explorer' }).waitFor();
    await page.unroute(cdn);
    await page.route(cdn, (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'window.EmbeddedSandbox = class { constructor(options) { document.querySelector(options.target).textContent = options.initialEndpoint } }',
      }),
    );
    await page.goto(router.origin);
    await page.getByText(`${router.origin}/graphql`).waitFor();
  });
});
