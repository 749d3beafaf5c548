// Owns usage as metrics in Prometheus' text format.
import type { UsageTable } from './usage-table.ts';

/**
 * Two counters of this process: uses by client, version and operation, and by deprecated coordinate. A client that is left
 * out of the table goes on under `(others)`.
 */
export function usageMetrics(table: UsageTable, bff: string): string {
  const deprecated = new Map<string, number>();
  const operations: string[] = [];
  const count = (coordinate: string, client: string, version: string, total: number) => {
    const key = labels({ bff, coordinate, client, version });
    deprecated.set(key, (deprecated.get(key) ?? 0) + total);
  };
  for (const { client, use, total } of table) {
    const { name = '', version = '' } = client;
    const { operation } = use;
    // Texts of one name are told apart: each is a counter of its own.
    const id = operation.id.slice(0, 12);
    const row = labels({ bff, client: name, version, operation: operation.name ?? '', id });
    operations.push(`tributary_operation_uses_total${row} ${total}`);
    for (const coordinate of operation.deprecated) count(coordinate, name, version, total);
  }
  if (table.others.total > 0) {
    const row = labels({ bff, client: '(others)', version: '', operation: '(others)', id: '' });
    operations.push(`tributary_operation_uses_total${row} ${table.others.total}`);
  }
  for (const [coordinate, use] of table.othersByCoordinate) {
    if (use.deprecated) count(coordinate, '(others)', '', use.total);
  }
  return [
    '# HELP tributary_operation_uses_total Requests by client, version and operation.',
    '# TYPE tributary_operation_uses_total counter',
    ...operations,
    '# HELP tributary_deprecated_uses_total Requests that used a deprecated element of the schema.',
    '# TYPE tributary_deprecated_uses_total counter',
    ...[...deprecated].map(([row, total]) => `tributary_deprecated_uses_total${row} ${total}`),
    '',
  ].join('\n');
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(
    ([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`,
  );
  return `{${pairs.join(',')}}`;
}
