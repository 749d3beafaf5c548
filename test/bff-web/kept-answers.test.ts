// Holds bff-web to what its README says that it keeps, and its product page to the headers that docs/configuration.md shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { web } from '../../bff-web/bff.ts';
import { readParts } from '../../supergraph/router/run-process.ts';
import { type RouterUnderTest, startTestRouter } from '../supergraph/fixtures/router-under-test.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const docs = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const [section = ''] = docs.slice(docs.indexOf('#### Whole answers')).split('\n#### To look at');
const shownHeaders = /^(age|cache-control|cache-status|etag|surrogate-key|vary)$/;

/** What curl would send. */
function documentedRequest(): { path: string; headers: Record<string, string>; shown: string } {
  const [, command = '', shown = ''] = /```sh\n(curl [^`]*)```\n+```text\n([^`]*)```/.exec(section) ?? [];
  const search = new URLSearchParams(
    [...command.matchAll(/--data-urlencode '(\w+)=([^']*)'/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const headers = [...command.matchAll(/-H '([\w-]+): ([^']*)'/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  // Which fetch would fill in.
  headers.push(['accept-encoding', 'identity']);
  return { path: `/graphql?${search}`, headers: Object.fromEntries(headers), shown };
}

/** Times differ from run to run, and so does what the page shows. */
const settled = (line: string): string =>
  line
    .replaceAll(/=\d+/g, '=0')
    .replace(/^age: \d+$/, 'age: 0')
    .replace(/"[\w+/=-]+"/, '""');

describe('what bff-web keeps', () => {
  let shop: WholeShop;
  let router: RouterUnderTest;

  before(async () => {
    shop = await startWholeShop();
    const parts = await readParts(web, new URL('../../bff-web/', import.meta.url));
    router = await startTestRouter(parts.supergraph.sdl, { ...parts, environment: shop.environment });
  });
  after(async () => {
    await router?.stop();
    await shop?.stop();
  });

  test('the page that the documentation asks for is kept as a whole, and says what stands there', async () => {
    const { path, headers, shown } = documentedRequest();
    const first = await router.fetch(path, { headers });
    assert.deepEqual([first.status, first.body.errors], [200, undefined], first.text);
    assert.equal(first.headers.get('cache-status'), null);
    const second = await router.fetch(path, { headers });
    assert.equal(second.text, first.text);
    const said = [...second.headers].filter(([name]) => shownHeaders.test(name));
    const lines = said.map(([name, value]) => `${name}: ${value}`).sort();
    const shownLines = shown.trim().split('\n').sort();
    assert.equal(lines.length, shownLines.length);
    for (const [index, line] of shownLines.entries()) {
      const whole = settled(lines[index] ?? '');
      const words = new Set(whole.split(' '));
      if (line.endsWith(' …')) {
        const missing = line.split(' ').filter((word) => !words.has(word));
        assert.deepEqual(missing, ['…'], whole);
      } else assert.equal(whole, settled(line));
    }
    // Whoever wants to be told how it comes about is answered anew.
    const told = await router.fetch(path, { headers: { ...headers, 'x-cache': '1' } });
    assert.equal(told.headers.get('cache-status'), null);
  });

  test('an order that is reached from a payment is kept for its viewer, and one that is asked for is not', async () => {
    const headers = { authorization: `Bearer ${await shop.tokenOf('ada@example.com')}`, 'x-cache': '1' };
    const mine = await router.ask('{ me { orders(first: 1) { edges { node { id payment { id } } } } } }', {
      headers,
    });
    const { me } = mine.body.data as unknown as Mine;
    const [order] = me.orders.edges.map(({ node }) => node);
    const hits = async (query: string): Promise<Told[]> => {
      await router.ask(query, { headers });
      const { body } = await router.ask(query, { headers });
      assert.equal(body.errors, undefined);
      const { cache } = body.extensions as { cache: Told[] };
      return cache.filter((part) => part.hits > 0);
    };
    const [kept, ...others] = await hits(`{ payment(id: "${order?.payment.id}") { order { number } } }`);
    assert.deepEqual([kept?.subgraph, kept?.of, kept?.scope, others], ['orders', 'Order', 'private', []]);
    assert.deepEqual(await hits(`{ order(id: "${order?.id}") { number } }`), []);
    assert.deepEqual(await hits('{ me { orders(first: 1) { edges { node { number } } } } }'), []);
  });
});

interface Mine {
  me: { orders: { edges: { node: { id: string; payment: { id: string } } }[] } };
}

interface Told {
  subgraph: string;
  of?: string;
  hits: number;
  scope?: string;
}
