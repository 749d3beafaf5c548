// Owns finding what is wrong with the declared TLS of a subgraph; whether its files can be used is seen when they are read.
import { isIP } from 'node:net';
import { unknownKeys } from './check-keys.ts';

const files = ['ca', 'cert', 'key'] as const;

/** All problems, each a sentence. The types are no promise: declarations are written in plain JavaScript too. */
export function checkSubgraphTls(tls: unknown, at: string): string[] {
  if (tls === undefined) return [];
  const problems = unknownKeys(tls, [...files, 'serverName'], `${at}.`);
  if (typeof tls !== 'object' || tls === null) return problems;
  const given: Record<string, unknown> = { ...tls };
  for (const key of files) {
    if (given[key] !== undefined && !isText(given[key])) problems.push(`${at}.${key}: must name a PEM file.`);
  }
  if ((given['cert'] === undefined) !== (given['key'] === undefined)) {
    problems.push(`${at}: cert and key must be given together.`);
  }
  if (given['serverName'] !== undefined && !isHostName(given['serverName'])) {
    problems.push(`${at}.serverName: must be the name of a host, and no address.`);
  }
  return problems;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isHostName(value: unknown): boolean {
  return isText(value) && value.length <= 253 && /^[\w-]+(?:\.[\w-]+)*$/.test(value) && isIP(value) === 0;
}
