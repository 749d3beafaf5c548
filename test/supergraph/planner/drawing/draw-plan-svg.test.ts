// Holds the picture of a plan: well-formed, nothing covers anything else, and a browser shows it as it is meant.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Area } from '../../../../supergraph/planner/drawing/draw-plan-layout.ts';
import { drawPlanSvg } from '../../../../supergraph/planner/drawing/draw-plan-svg.ts';
import { drawFetchText } from '../../../../supergraph/planner/drawing/draw-plan-text.ts';
import type { FetchNode, PlanNode, QueryPlan } from '../../../../supergraph/planner/plan.ts';
import { chromiumBinary, startTestBrowser, type TestBrowser } from '../../../support/chromium.ts';
import { leaveOut } from '../../../support/left-out.ts';
import { booksFetch, plans } from './drawn-plans.ts';

function fetchesOf(node: PlanNode | undefined): FetchNode[] {
  if (node === undefined) return [];
  return node.kind === 'fetch' ? [node] : node.nodes.flatMap(fetchesOf);
}

/** What is wrong with a text as XML, in the few forms that we write. */
function xmlProblem(text: string): string | undefined {
  const open: string[] = [];
  const markup =
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>|<|&(?!(?:amp|lt|gt|quot);)|[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
  for (const [found, closing, name = '', , empty] of text.matchAll(markup)) {
    if (name === '') return `${JSON.stringify(found)} at ${text.indexOf(found)}`;
    if (closing && open.pop() !== name) return `</${name}> closes nothing`;
    if (!closing && !empty) open.push(name);
  }
  return open.length === 0 ? undefined : `not closed: ${open}`;
}

function areas(svg: string, tag: RegExp): Area[] {
  return [...svg.matchAll(tag)].map(([element]) => {
    const number = (name: string) => Number(new RegExp(` ${name}="([\\d.]+)"`).exec(element)?.[1]);
    return { x: number('x'), y: number('y'), width: number('width'), height: number('height') };
  });
}

const meet = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (a: Area, b: Area): boolean =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;

describe('the picture of a plan', () => {
  for (const [name, plan] of plans) {
    test(`${name}: is well-formed, with every fetch in a place of its own`, () => {
      const svg = drawPlanSvg(plan, { title: `<${name}> & "more"` });
      assert.equal(xmlProblem(svg), undefined);
      const boxes = areas(svg, /<svg class="fetch"[^>]*>/g);
      const lanes = areas(svg, /<rect class="lane"[^>]*>/g);
      const [, width, height] = /<svg xmlns="[^"]+" width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? [];
      const picture = { x: 0, y: 0, width: Number(width), height: Number(height) };
      assert.equal(boxes.length, fetchesOf(plan.node).length);
      for (const [index, box] of boxes.entries()) {
        assert.ok(holds(picture, box), `box ${index} leaves the picture`);
        for (const other of boxes.slice(index + 1)) assert.ok(!meet(box, other), `${index} is covered`);
        for (const lane of lanes) assert.ok(!meet(lane, box) || holds(lane, box), `${index} crosses a lane`);
      }
      for (const lane of lanes) {
        for (const other of lanes) {
          assert.ok(!meet(lane, other) || holds(lane, other) || holds(other, lane), 'two lanes cross');
        }
      }
    });
  }

  test('steps lie from left to right, what runs at once lies one above the other', () => {
    const plan = new Map(plans).get('two fetches at once') ?? {};
    const [books, postage, reviews] = areas(drawPlanSvg(plan), /<svg class="fetch"[^>]*>/g);
    assert.ok(books && postage && reviews);
    assert.ok(books.x + books.width < postage.x);
    assert.equal(postage.x, reviews.x);
    assert.ok(postage.y + postage.height < reviews.y);
  });

  test('says for ears what it shows to eyes', () => {
    const plan = new Map(plans).get('two fetches at once') ?? {};
    const svg = drawPlanSvg(plan, { title: 'Books' });
    assert.match(svg, /<svg [^>]*role="img" aria-labelledby="plan-title plan-steps">/);
    assert.match(svg, /<title id="plan-title">Books<\/title>/);
    assert.match(
      svg,
      /<desc id="plan-steps">library, then \(at once: post for books\.@, reviews for books\.@\)\.<\/desc>/,
    );
    assert.match(drawPlanSvg({}), />No subgraph has to be asked\.</);
  });

  test('what is too long for its box ends in an ellipsis, and stands whole in the title of the box', () => {
    const fields = Array.from({ length: 40 }, (_, index) => `field${index}`);
    const svg = drawPlanSvg({ node: { ...booksFetch, document: `{books{${fields.join(' ')}}}` } });
    assert.match(svg, /books \{ field0 [^<]*…<\/text>/);
    assert.match(svg, /<title>Fetch[^<]*field39/);
    const path = ['orders', 'edges', '@', 'node', 'lines', '@', 'product', 'warehouse'];
    assert.match(
      drawPlanSvg({ node: { ...booksFetch, path } }),
      />…[^<]*lines\.@\.product\.warehouse<\/text>/,
    );
  });

  test('one subgraph has one colour, another has another', () => {
    const plan = new Map(plans).get('lanes in lanes') ?? {};
    const svg = drawPlanSvg(plan);
    const colours = new Map<string, Set<string>>();
    for (const [, colour = '', name = ''] of svg.matchAll(
      /fill="(hsl[^"]+)"\/>\n<text class="name"[^>]*>\d+ (\w+)/g,
    )) {
      colours.set(name, (colours.get(name) ?? new Set()).add(colour));
    }
    assert.deepEqual([...colours.keys()].sort(), ['library', 'post', 'reviews']);
    assert.equal(new Set([...colours.values()].flatMap((set) => [...set])).size, 3);
  });

  test('asks for nothing from elsewhere, and runs nothing', () => {
    for (const [, plan] of plans) {
      const svg = drawPlanSvg(plan).replace('http://www.w3.org/2000/svg', '');
      assert.doesNotMatch(svg, /<script|https?:|href|@import|url\(|\son\w+=/);
    }
  });
});

const installed = chromiumBinary() !== undefined;
if (!installed) leaveOut('the picture of a plan in a browser', 'Chromium is not installed');

describe('in a real browser', { skip: !installed, timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  let browser: TestBrowser;
  before(async () => {
    browser = await startTestBrowser();
  });
  after(async () => {
    await browser?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const show = async (plan: QueryPlan) => {
    const file = join(folder, 'plan.svg');
    writeFileSync(file, drawPlanSvg(plan));
    await browser.page.goto(pathToFileURL(file).href);
  };

  test('every plan is read as SVG without an error, and says what the fetch is', async () => {
    for (const [name, plan] of plans) {
      await show(plan);
      const seen = await browser.page.evaluate(`({
        root: document.documentElement.nodeName,
        broken: document.querySelector('parsererror') !== null,
        titles: [...document.querySelectorAll('svg.fetch > title')].map((title) => title.textContent),
      })`);
      const titles = fetchesOf(plan.node).map((fetch) => drawFetchText(fetch));
      assert.deepEqual(seen, { root: 'svg', broken: false, titles }, name);
    }
  });

  test('no text leaves its box, light or dark, and each has another ground', async () => {
    const { page } = browser;
    const grounds = new Set<unknown>();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await show(new Map(plans).get('renamed fields and contexts') ?? {});
      const seen = (await page.evaluate(`({
        ground: getComputedStyle(document.querySelector('.ground')).fill,
        overflow: [...document.querySelectorAll('svg.fetch')].flatMap((box) =>
          [...box.querySelectorAll('text')].filter((text) =>
            text.getBBox().x + text.getBBox().width > Number(box.getAttribute('width')))).length,
      })`)) as { ground: string; overflow: number };
      grounds.add(seen.ground);
      assert.equal(seen.overflow, 0);
    }
    assert.equal(grounds.size, 2);
  });
});
