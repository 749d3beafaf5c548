// Owns what a client gets to see of the headers of all the subgraphs' answers that went into its own.
import { strictestCacheControl } from './strictest-cache-control.ts';

export interface AnswerHeaders {
  /** See RequestContext.answerHeader; names in any case. */
  take: (name: string, value: string) => void;
  /** Names in lower case with their values so far; a name with several values stands on several lines. */
  lines: () => [name: string, value: string][];
}

/**
 * Headers of one request. Those in `passing` (lower case) are kept: `set-cookie` each as a line of its own, in the order
 * of their coming; `cache-control` as the strictest of all; any other as a list without repetitions.
 */
export function collectAnswerHeaders(passing: ReadonlySet<string>): AnswerHeaders {
  const taken = new Map<string, string[]>();
  return {
    take(given, value) {
      const name = given.toLowerCase();
      if (!passing.has(name)) return;
      const values = taken.get(name);
      const fit = isHeaderValue(value) ? value : '';
      if (values === undefined) taken.set(name, [fit]);
      else values.push(fit);
    },
    lines: () => [...taken].flatMap(([name, values]) => linesOf(name, values)),
  };
}

function linesOf(name: string, values: readonly string[]): [string, string][] {
  // Here an empty value counts: who says nothing about keeping an answer has not allowed it.
  if (name === 'cache-control') return [[name, strictestCacheControl(values)]];
  const told = values.filter((value) => value !== '');
  if (name === 'set-cookie') return told.map((value) => [name, value]);
  return told.length === 0 ? [] : [[name, [...new Set(told)].join(', ')]];
}

// What Node's server refuses to send would end the whole answer.
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
