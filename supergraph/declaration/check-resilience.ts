// Owns finding everything that is wrong with how subgraphs are asked by a declaration: timeouts, retries, breakers and bounds, in words that say how to put it right.
import { noDuration, parseDuration } from '../foundation/duration.ts';
import { isRecord } from '../foundation/is-record.ts';
import { unknownKeys } from './check-keys.ts';

/** Of a subgraph's policy: what is judged here. */
export const resilienceKeys = ['timeout', 'retry', 'breaker', 'concurrency', 'hedge'] as const;

type Given = Readonly<Record<string, unknown>>;
type Check = (value: unknown, at: string) => string[];

/** Timers know no longer ones, and nobody waits that long. */
const longest = '1d';

const never = (what: Check): Check => {
  return (value, at) => (value === 'never' ? [] : what(value, at));
};
const checkRetry = never((value, at) =>
  checkParts(value, at, "must be a policy or 'never'", {
    attempts: count(2, "; who is to be asked once has 'never'"),
    budget: checkShare,
  }),
);
export const checkBreaker = never((value, at) =>
  checkParts(value, at, "must be a policy or 'never'", {
    opensAt: checkShare,
    of: count(1),
    for: checkDuration,
  }),
);
const checkHedge = never((value, at) => [
  ...checkParts(value, at, "must be a policy or 'never'", { after: checkDuration, budget: checkShare }),
  ...(isRecord(value) && value['after'] === undefined
    ? [`${at}.after: must say how long the first may take, e.g. '200ms'.`]
    : []),
]);

/** All problems, each a sentence, of the part of a subgraph's policy that says how it is asked when it is slow or fails. */
export function checkResilience(policy: unknown, at: string): string[] {
  if (!isRecord(policy)) return [];
  return checkEach(policy, at, {
    timeout: checkDuration,
    retry: checkRetry,
    breaker: checkBreaker,
    concurrency: checkConcurrency,
    hedge: checkHedge,
  });
}

/** Of the time for a whole request. */
export function checkTimeout(timeout: unknown): string[] {
  return timeout === undefined ? [] : checkDuration(timeout, 'timeout');
}

function checkConcurrency(value: unknown, at: string): string[] {
  if (!isRecord(value)) return count(1)(value, at);
  return [
    ...checkParts(value, at, 'must be a number or a policy', { most: count(1), waiting: count(0) }),
    ...(value['most'] === undefined
      ? [`${at}.most: must say how many questions are asked at the same time.`]
      : []),
  ];
}

export function checkParts(
  value: unknown,
  at: string,
  demand: string,
  parts: Readonly<Record<string, Check>>,
) {
  if (!isRecord(value)) return [`${at}: ${demand}, but is ${JSON.stringify(value)}.`];
  return [...unknownKeys(value, Object.keys(parts), `${at}.`), ...checkEach(value, at, parts)];
}

function checkEach(value: Given, at: string, parts: Readonly<Record<string, Check>>): string[] {
  return Object.entries(parts).flatMap(([key, check]) =>
    value[key] === undefined ? [] : check(value[key], `${at}.${key}`),
  );
}

export function checkDuration(value: unknown, at: string): string[] {
  const time = typeof value === 'string' ? parseDuration(value) : undefined;
  if (time === undefined) return [`${at}: ${noDuration(value)}.`];
  if (time <= (parseDuration(longest) ?? 0)) return [];
  return [`${at}: must be at most '${longest}', but is '${value}'.`];
}

function checkShare(value: unknown, at: string): string[] {
  const [, amount] = /^(\d{1,3}(?:\.\d+)?)%$/.exec(String(value)) ?? [];
  if (typeof value === 'string' && amount !== undefined && Number(amount) >= 1 && Number(amount) <= 100)
    return [];
  return [`${at}: must be a share between '1%' and '100%', but is ${JSON.stringify(value)}.`];
}

function count(least: number, instead = ''): Check {
  return (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least
      ? []
      : [`${at}: must be a whole number from ${least} on, but is ${JSON.stringify(value)}${instead}.`];
}
