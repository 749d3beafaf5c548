// Owns finding everything that is wrong with declared rate limits, in words that say how to put it right.
import type { DocumentNode } from 'graphql';
import { noDuration, parseDuration } from '../foundation/duration.ts';
import { isRecord } from '../foundation/is-record.ts';
import { unknownKeys } from './check-keys.ts';
import { unknownCoordinate } from './unknown-coordinate.ts';

type Unknown = ((coordinate: string) => string | undefined) | undefined;

/** All problems, each a sentence; of coordinates where the supergraph is there to look them up. */
export function checkRates(rates: unknown, supergraph: DocumentNode | undefined): string[] {
  if (rates === undefined) return [];
  if (!isRecord(rates)) return ['limits.rates: must be an object of names, and the rate of each.'];
  const unknown = supergraph && unknownCoordinate(supergraph);
  return Object.entries(rates).flatMap(([name, rate]) => {
    const at = `limits.rates.${name}`;
    const problems = /^[A-Za-z][\w-]{0,40}$/.test(name)
      ? []
      : [`${at}: a name is of letters, digits, "_" and "-": it goes into a header.`];
    return [...problems, ...checkRate(rate, at, unknown)];
  });
}

function checkRate(rate: unknown, at: string, unknown: Unknown): string[] {
  const problems = unknownKeys(rate, ['per', 'of', 'most', 'in', 'kind', 'for', 'away'], `${at}.`);
  if (!isRecord(rate)) return problems;
  const { per, of = 'operations', most, kind, away } = rate;
  return [
    ...problems,
    ...(['viewer', 'client', 'address'].includes(per as string) || isClaim(per)
      ? []
      : [
          `${at}.per: must be 'viewer', 'client', 'address' or { claim: '…' }, but is ${JSON.stringify(per)}.`,
        ]),
    ...checkCounted(of, `${at}.of`, unknown),
    ...(typeof most === 'number' && Number.isSafeInteger(most) && most >= 1
      ? []
      : [`${at}.most: must be a whole number from 1 on, but is ${JSON.stringify(most)}.`]),
    ...checkTime(rate['in'], `${at}.in`),
    ...checkWord(kind, ['window', 'bucket'], `${at}.kind`),
    ...checkWord(away, ['open', 'closed'], `${at}.away`),
    ...checkFor(rate['for'], `${at}.for`),
  ];
}

function checkCounted(of: unknown, at: string, unknown: Unknown): string[] {
  if (of === 'operations' || of === 'cost') return [];
  if (!isRecord(of) || Object.keys(of).length !== 1)
    return [`${at}: must be 'operations', 'cost', { operations: […] } or { fields: […] }.`];
  const problems = unknownKeys(of, ['operations', 'fields'], `${at}.`);
  for (const [key, names] of Object.entries(of)) {
    const here = `${at}.${key}`;
    if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
      problems.push(`${here}: must list names.`);
    else if (key === 'fields' && unknown)
      for (const name of names) {
        const why = unknown(name);
        if (why !== undefined) problems.push(`${here}: "${name}": ${why}`);
      }
  }
  return problems;
}

function checkTime(value: unknown, at: string): string[] {
  const time = typeof value === 'string' ? parseDuration(value) : undefined;
  if (time === undefined) return [`${at}: ${noDuration(value)}.`];
  if (time < 1_000 || time % 1_000 !== 0) return [`${at}: must be whole seconds, but is '${value}'.`];
  const [longest, days] = [31 * 86_400_000, '31d'];
  return time <= longest ? [] : [`${at}: must be at most '${days}', but is '${value}'.`];
}

function checkWord(value: unknown, words: readonly string[], at: string): string[] {
  if (value === undefined || words.includes(value as string)) return [];
  return [`${at}: must be '${words.join("' or '")}', but is ${JSON.stringify(value)}.`];
}

function checkFor(value: unknown, at: string): string[] {
  if (value === undefined) return [];
  if (isRecord(value)) {
    const keys = Object.keys(value).sort().join();
    const isText = (one: unknown): boolean => typeof one === 'string' && one !== '';
    const isList = (one: unknown): boolean => Array.isArray(one) && one.length > 0 && one.every(isText);
    const areTexts = Object.entries(value).every(
      ([key, one]) => isText(one) || (key === 'isNot' && isList(one)),
    );
    if (areTexts && ['client', 'claim,is', 'claim,isNot'].includes(keys)) return [];
  }
  return [`${at}: must be { client: '…' }, { claim: '…', is: '…' } or { claim: '…', isNot: '…' }.`];
}

function isClaim(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.keys(value).join() === 'claim' &&
    typeof value['claim'] === 'string' &&
    value['claim'] !== ''
  );
}
