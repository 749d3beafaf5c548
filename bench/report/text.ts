// Owns how a result is read: as text on a terminal and as Markdown.
import { circumstances, type Sheet, sheetsOf } from './columns.ts';
import type { Result } from './result.ts';

export function terminalReport(result: Result): string {
  const tables = sheetsOf(result).map((sheet) =>
    [`\n${sheet.title}`, ...(sheet.facts ? [sheet.facts] : []), ...aligned(sheet), ...sheet.notes].join('\n'),
  );
  return `${[...tables, '', ...circumstances(result)].join('\n')}\n`;
}

function aligned({ head, rows }: Sheet): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  return lines.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** With the chart `latest.svg` beside it. */
export function markdownReport(result: Result): string {
  const tables = sheetsOf(result).map(({ title, facts, head, rows, notes }) =>
    [
      `## ${title}`,
      ...(facts ? [`${facts}.`] : []),
      [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...rows]
        .map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
        .join('\n'),
      ...(notes.length > 0 ? [notes.map((note) => `* ${escaped(note)}`).join('\n')] : []),
    ].join('\n\n'),
  );
  const chart = result.loads.length > 0 ? ['![Rates to the baseline](latest.svg)'] : [];
  return `${[
    '# Bench',
    circumstances(result)
      .map((line) => `${line}.  `)
      .join('\n'),
    ...chart,
    ...tables,
  ].join('\n\n')}\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
