// Owns a query plan as a picture: one SVG file that needs nothing else, light or dark as its viewer likes it.
import { print } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan } from '../plan.ts';
import { type Area, layOutPlan } from './draw-plan-layout.ts';
import { drawFetchText, drawPath, drawRequired, selectionOf } from './draw-plan-text.ts';

const margin = 16;
const boxWidth = 320;
const lineHeight = 18;
const padding = 12;
// Of the widest of the usual monospaced fonts, at 12 pixels.
const letterWidth = 7.3;

/** XML text. `title` names the picture; whoever cannot see it hears the steps. */
export function drawPlanSvg({ node }: QueryPlan, { title = 'Query plan' }: { title?: string } = {}): string {
  if (node === undefined) return drawNothing(title);
  const layout = layOutPlan(node, (fetch) => ({
    width: boxWidth,
    height: (1 + boxLines(fetch).length) * lineHeight + 2 * padding,
  }));
  const hues = subgraphHues(layout.fetches.map(({ fetch }) => fetch.subgraph));
  const lanes = layout.lanes.map((area) => `<rect class="lane" ${attributes(moved(area))} rx="8"/>`);
  const arrows = layout.arrows.map(
    ({ x1, x2, y }) =>
      `<path class="arrow" d="M${x1 + margin + 4} ${y + margin}H${x2 + margin - 4}m-6 -4l6 4l-6 4"/>`,
  );
  const boxes = layout.fetches.map(({ fetch, ...area }, index) =>
    drawBox(fetch, index + 1, moved(area), hues.get(fetch.subgraph) ?? 0),
  );
  return drawPicture({
    width: layout.width + 2 * margin,
    height: layout.height + 2 * margin,
    title,
    description: `${describe(node)}.`,
    content: [...lanes, ...arrows, ...boxes],
  });
}

function drawNothing(title: string): string {
  const words = 'No subgraph has to be asked.';
  return drawPicture({
    width: boxWidth + 2 * margin,
    height: lineHeight + 2 * margin,
    title,
    description: words,
    content: [`<text x="${margin}" y="${margin + 13}">${words}</text>`],
  });
}

function drawPicture(picture: {
  width: number;
  height: number;
  title: string;
  description: string;
  content: string[];
}): string {
  const { width, height } = picture;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plan-title plan-steps">
<title id="plan-title">${escapeXml(picture.title)}</title>
<desc id="plan-steps">${escapeXml(picture.description)}</desc>
<style>${style}</style>
<rect class="ground" width="${width}" height="${height}"/>
${picture.content.join('\n')}
</svg>
`;
}

const style = `
text { font: 12px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328; white-space: pre }
.name { font-weight: bold }
.label { fill: #59636e }
.ground { fill: #ffffff }
.box { fill: #f6f8fa; stroke: #d1d9e0 }
.lane { fill: none; stroke: #818b98; stroke-dasharray: 4 4 }
.arrow { fill: none; stroke: #59636e; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .label { fill: #9198a1 }
  .ground { fill: #0d1117 }
  .box { fill: #151b23; stroke: #3d444d }
  .arrow { stroke: #9198a1 }
}
`;

// An inner svg cuts off what is too wide, whatever font the viewer has.
function drawBox(fetch: FetchNode, position: number, area: Area, hue: number): string {
  const { width, height } = area;
  const texts = boxLines(fetch).map(([label, text], index) => {
    const room = Math.floor((width - 2 * padding) / letterWidth) - labelLetters;
    const y = padding + 13 + (index + 1) * lineHeight;
    return `<text x="${padding}" y="${y}"><tspan class="label">${label.padEnd(labelLetters)}</tspan>${escapeXml(label === 'at' ? shortenedPath(text, room) : shortened(text, room))}</text>`;
  });
  const kind = fetch.operation === 'query' ? '' : ` (${fetch.operation})`;
  const name = shortened(
    `${position} ${fetch.subgraph}${kind}`,
    Math.floor((width - 2 * padding) / letterWidth),
  );
  return `<svg class="fetch" ${attributes(area)}>
<title>${escapeXml(drawFetchText(fetch))}</title>
<rect class="box" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
<rect x="1" y="1" width="5" height="${height - 2}" rx="2" fill="hsl(${hue}, 65%, 50%)"/>
<text class="name" x="${padding}" y="${padding + 13}">${escapeXml(name)}</text>
${texts.join('\n')}
</svg>`;
}

const labelLetters = 6;

function boxLines(fetch: FetchNode): [label: string, text: string][] {
  const selection = selectionOf(fetch);
  const asked = (selection ? print(selection) : fetch.document).replaceAll(/\s+/g, ' ');
  return [
    ...(fetch.path.length > 0 ? [['at', drawPath(fetch.path)] satisfies [string, string]] : []),
    ...(fetch.requires ? [['needs', drawRequired(fetch.requires)] satisfies [string, string]] : []),
    ['asks', asked.replace(/^\{ (.*) \}$/, '$1')],
  ];
}

/** In degrees, as far from each other as there is room. */
function subgraphHues(names: readonly string[]): Map<string, number> {
  const sorted = [...new Set(names)].sort();
  return new Map(
    sorted.map((name, index) => [name, Math.round((210 + (index * 360) / sorted.length) % 360)]),
  );
}

function describe(node: PlanNode): string {
  if (node.kind === 'fetch') {
    return node.path.length === 0 ? node.subgraph : `${node.subgraph} for ${drawPath(node.path)}`;
  }
  const parts = node.nodes.map((inner) =>
    inner.kind === 'fetch' || node.nodes.length === 1 ? describe(inner) : `(${describe(inner)})`,
  );
  return node.kind === 'sequence' ? parts.join(', then ') : `at once: ${parts.join(', ')}`;
}

function moved(area: Area): Area {
  return { ...area, x: area.x + margin, y: area.y + margin };
}

function attributes({ x, y, width, height }: Area): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`;
}

function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, letters - 1).join('')}…`;
}

// Paths of one plan begin alike; their ends tell them apart.
function shortenedPath(path: string, letters: number): string {
  return path.length <= letters ? path : `…${path.slice(1 - letters)}`;
}

function escapeXml(text: string): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return (
    text
      // XML has no way to write these at all.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu, '\uFFFD')
      .replaceAll(/[&<>"]/g, (letter) => escapes[letter] ?? letter)
  );
}
