// Owns finding everything that is wrong with declared limits, in words that say how to put it right.
import type { DocumentNode } from 'graphql';
import { noByteSize, parseByteSize } from '../foundation/byte-size.ts';
import { isRecord } from '../foundation/is-record.ts';
import { unknownKeys } from './check-keys.ts';
import { checkRates } from './check-rates.ts';
import { usualLimits } from './limits-declaration.ts';

const counts = Object.entries(usualLimits).flatMap(([key, usual]) =>
  typeof usual === 'number' ? [key] : [],
);
/** Beyond these a process would not live through what it lets in. */
const highest: Readonly<Record<string, number>> = {
  depth: 500,
  introspectionDepth: 500,
  variableDepth: 500,
  selections: 20_000,
  tokens: 200_000,
  errors: 10_000,
};
const sizes = { body: '64MB', answer: '256MB' } as const;
const readers = ['always', 'development', 'never'];

/** All problems, each a sentence; of coordinates where the supergraph is there to look them up. */
export function checkLimits(limits: unknown, supergraph: DocumentNode | undefined): string[] {
  if (limits === undefined) return [];
  if (!isRecord(limits)) return ['limits: must be an object of limits.'];
  return [
    ...unknownKeys(limits, Object.keys(usualLimits), 'limits.'),
    ...counts.flatMap((key) => checkCount(limits[key], `limits.${key}`, highest[key])),
    ...Object.entries(sizes).flatMap(([key, most]) => checkSize(limits[key], `limits.${key}`, most)),
    ...checkIntrospection(limits['introspection']),
    ...checkRates(limits['rates'], supergraph),
  ];
}

function checkCount(value: unknown, at: string, most = Number.MAX_SAFE_INTEGER): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
    return [
      `${at}: must be a whole number from 1 on, but is ${typeof value === 'number' ? value : JSON.stringify(value)}.`,
    ];
  return value <= most ? [] : [`${at}: must be at most ${most}, but is ${value}.`];
}

function checkSize(value: unknown, at: string, most: string): string[] {
  if (value === undefined) return [];
  const bytes = typeof value === 'string' ? parseByteSize(value) : undefined;
  if (bytes === undefined) return [`${at}: ${noByteSize(value)}.`];
  return bytes <= (parseByteSize(most) ?? 0) ? [] : [`${at}: must be at most '${most}', but is '${value}'.`];
}

function checkIntrospection(value: unknown): string[] {
  if (value === undefined || readers.includes(value as string)) return [];
  return [
    `limits.introspection: must be 'always', 'development' or 'never', but is ${JSON.stringify(value)}.`,
  ];
}
