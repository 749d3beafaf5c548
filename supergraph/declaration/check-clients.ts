// Owns finding everything that is wrong with declared clients, in words that say how to put it right.

import { parseVersion } from '../foundation/client-version.ts';
import { isRecord } from '../foundation/is-record.ts';
import { unknownKeys } from './check-keys.ts';

/** All problems, each a sentence. */
export function checkClients(clients: unknown): string[] {
  if (clients === undefined) return [];
  if (!isRecord(clients)) return ['clients: must be an object of names and what is said of each.'];
  return Object.entries(clients).flatMap(([name, client]) => checkClient(client, `clients.${name}`));
}

function checkClient(client: unknown, at: string): string[] {
  const problems = unknownKeys(
    client,
    ['minimum', 'sunset', 'store', 'arguments', 'introspection'],
    `${at}.`,
  );
  if (!isRecord(client)) return problems;
  const { minimum, sunset, store, arguments: bounds } = client;
  if (minimum !== undefined && !isVersion(minimum)) {
    problems.push(`${at}.minimum: must be a version such as '3.2.0', but is ${JSON.stringify(minimum)}.`);
  }
  if (store !== undefined && !isWebAddress(store)) {
    problems.push(`${at}.store: must be an address that starts with https://.`);
  }
  const { introspection } = client;
  if (introspection !== undefined && typeof introspection !== 'boolean')
    problems.push(`${at}.introspection: must be true or false, but is ${JSON.stringify(introspection)}.`);
  return [...problems, ...checkSunset(sunset, `${at}.sunset`), ...checkBounds(bounds, `${at}.arguments`)];
}

function checkSunset(sunset: unknown, at: string): string[] {
  if (sunset === undefined) return [];
  if (!isRecord(sunset)) return [`${at}: must be an object of versions and days.`];
  return Object.entries(sunset).flatMap(([version, day]) => {
    if (!isVersion(version)) return [`${at}: "${version}" is no version such as '3.4.0'.`];
    if (isDay(day)) return [];
    return [`${at}.${version}: must be a day such as '2027-03-31', but is ${JSON.stringify(day)}.`];
  });
}

function checkBounds(bounds: unknown, at: string): string[] {
  if (bounds === undefined) return [];
  if (!isRecord(bounds)) return [`${at}: must be an object of arguments and their bounds.`];
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const problems = unknownKeys(bound, ['default', 'maximum'], `${at}.${name}.`);
    if (!isRecord(bound)) return problems;
    const { default: usual, maximum } = bound;
    for (const [key, value] of [
      ['default', usual],
      ['maximum', maximum],
    ] as const) {
      if (value === undefined || (Number.isInteger(value) && Number(value) >= 0)) continue;
      problems.push(`${at}.${name}.${key}: must be a whole number, but is ${JSON.stringify(value)}.`);
    }
    if (typeof usual === 'number' && typeof maximum === 'number' && usual > maximum) {
      problems.push(`${at}.${name}: its default is more than its maximum.`);
    }
    return problems;
  });
}

function isVersion(value: unknown): boolean {
  return (
    typeof value === 'string' && /^\d{1,9}(?:\.\d{1,9}){0,2}$/.test(value) && parseVersion(value) !== null
  );
}

/** A day that there is: Date takes the 31st of February for the third of March. */
function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** It goes into a header. */
function isWebAddress(value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^https:\/\/[\x21-\x7e]+$/.test(value) &&
    !/[<>"]/.test(value) &&
    URL.canParse(value)
  );
}
