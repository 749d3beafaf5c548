// Owns the chart: bars of each peer's rate to the baseline's, grouped by scenario, readable on light and dark pages.
import { figure } from './columns.ts';
import type { LoadTable, Result } from './result.ts';

const width = 860;
const nameWidth = 150;
const barWidth = 560;
const barHeight = 16;
const groupGap = 34;

const style = `
  text { font: 12px ui-sans-serif, system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .spread, .axis { stroke: #59636e; stroke-width: 1 }
  .other { fill: #afb8c1 }
  .ours { fill: #1f6feb }
  .stock { fill: #8c959f }
  .invalid { fill: none; stroke: #cf222e; stroke-dasharray: 3 2 }
  .warning { fill: #cf222e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .spread, .axis { stroke: #9198a1 }
    .other { fill: #484f58 }
    .ours { fill: #4493f8 }
    .stock { fill: #6e7681 }
    .invalid { fill: none; stroke: #ff7b72 }
    .warning { fill: #ff7b72 }
  }`;

/** An SVG document. Each scenario has a scale of its own; a line shows the spread, broken bars are not valid. */
export function chartOf({ loads }: Result): string {
  let top = 8;
  const groups = loads.map((table) => {
    const group = groupOf(table, top);
    top += group.height + groupGap;
    return group.svg;
  });
  const height = Math.max(top, 40);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Rates to the baseline by scenario">
<style>${style}
</style>
${groups.join('\n')}
</svg>
`;
}

function groupOf(table: LoadTable, top: number): { svg: string; height: number } {
  const { title, rows, invalid, baseline } = table;
  const shown = rows.flatMap(({ peer, ratio, figures }) =>
    ratio === undefined || figures === undefined ? [] : [{ peer, ratio, rps: figures.rps.median }],
  );
  const scale = barWidth / Math.max(1, ...shown.map(({ ratio }) => ratio.max));
  const warning = invalid === undefined ? '' : ' <tspan class="warning">(invalid)</tspan>';
  const bars = shown.map(({ peer, ratio, rps }, index) => {
    const y = top + 22 + index * (barHeight + 5);
    const middle = y + barHeight / 2;
    const kind = invalid !== undefined ? 'invalid' : classOf(peer, baseline);
    const from = nameWidth + ratio.min * scale;
    const to = nameWidth + ratio.max * scale;
    return [
      `<text x="${nameWidth - 8}" y="${middle + 4}" text-anchor="end">${escaped(peer)}</text>`,
      `<rect class="${kind}" x="${nameWidth}" y="${y}" width="${px(ratio.median * scale)}" height="${barHeight}" rx="2"/>`,
      `<line class="spread" x1="${px(from)}" x2="${px(to)}" y1="${middle}" y2="${middle}"/>`,
      `<text x="${px(to + 8)}" y="${middle + 4}">${figure(ratio.median)}× (${figure(rps)} rps)</text>`,
    ].join('\n');
  });
  const height = 22 + shown.length * (barHeight + 5);
  const heading = `<text class="title" x="0" y="${top + 12}">${escaped(title)}, to ${escaped(baseline)}${warning}</text>`;
  const axis = `<line class="axis" x1="${nameWidth}" x2="${nameWidth}" y1="${top + 18}" y2="${top + height}"/>`;
  return { svg: [heading, ...bars, axis].join('\n'), height };
}

function classOf(peer: string, baseline: string): string {
  if (peer === baseline) return 'stock';
  return ['tributary', 'trusting', 'guarded', 'caching', 'responses', 'bff-web', 'ours'].includes(peer)
    ? 'ours'
    : 'other';
}

function px(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
