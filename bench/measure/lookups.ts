// Owns what a router tells of its cache: how much of what it looked up was there.

export interface Lookups {
  /** Also what was past its time and could be served all the same. */
  found: number;
  all: number;
}

/** Reads the metrics at an address; undefined where there are none, or where nothing was ever looked up. */
export async function readLookups(url: string): Promise<Lookups | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return response.ok ? parseLookups(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** Adds up all types and levels by result; where whole answers are looked up, those alone: behind them little is left to find. */
export function parseLookups(metrics: string): Lookups | undefined {
  const parts = { found: 0, all: 0 };
  const answers = { found: 0, all: 0 };
  for (const [, labels = '', count] of metrics.matchAll(/^tributary_cache_lookups_total\{(.*)\} (\S+)/gm)) {
    const result = labelOf(labels, 'result');
    if (result !== 'hit' && result !== 'stale' && result !== 'miss') continue;
    const counts = labelOf(labels, 'level') === 'responses' ? answers : parts;
    counts.all += Number(count);
    if (result !== 'miss') counts.found += Number(count);
  }
  return [answers, parts].find(({ all }) => all > 0);
}

function labelOf(labels: string, name: string): string | undefined {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1];
}

/** The part that was there of what was looked up between two readings, 0 to 1; undefined when that was nothing. */
export function hitRatio(before: Lookups | undefined, after: Lookups | undefined): number | undefined {
  if (after === undefined) return undefined;
  const all = after.all - (before?.all ?? 0);
  return all === 0 ? undefined : (after.found - (before?.found ?? 0)) / all;
}
