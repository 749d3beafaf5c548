// Owns saying what holds for a BFF, all told: what its declaration says, what it leaves to others, and where each comes from.
import type { Environment } from '../foundation/environment.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { viewsSubgraph } from '../foundation/views-subgraph.ts';
import type { BffDeclaration, SubgraphPolicy } from './define-bff.ts';
import { allow, deny } from './rule-words.ts';

type Row = readonly [key: string, value: string, from: string];

const policyDefaults = { timeout: '5s', trusted: false, signed: false } as const;

/** Lines `key  value  (where from)`, for people. No secret is in them. */
export function explainBff(bff: BffDeclaration, graph: SupergraphFacts, environment: Environment): string {
  const rows = [
    ...surroundings(bff, environment),
    ...declared('contract', bff.contract ?? 'everything is visible', bff.contract),
    ...declared('views', bff.views ?? 'none', bff.views),
    ...declared('documents', bff.documents ?? 'any valid operation is answered', bff.documents),
    ...declared('clients', bff.clients ?? 'every client and version is answered', bff.clients),
    ...identity(bff, environment),
    ...declared('permissions', bff.permissions ?? 'those of the domains', bff.permissions),
    ...declared('policies', bff.policies ?? 'none: what needs one is denied', bff.policies),
    ...declared('defaultDeny', bff.defaultDeny ?? false, bff.defaultDeny),
    ...declared('forward', forwarded(bff), bff.forward),
    ...[...graph.subgraphs].flatMap(([name, url]) => subgraph(name, url, bff, environment)),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([key, value, from]) => `${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  (${from})`)
    .join('\n');
}

function surroundings(bff: BffDeclaration, { host, port, engine, production, redisUrl }: Environment): Row[] {
  return [
    ['name', bff.name, 'declared'],
    ['port', String(port ?? bff.port), port === undefined ? 'declared' : 'PORT, --port'],
    ['host', host, 'HOST, --host'],
    ['engine', engine, 'ENGINE'],
    ['production', String(production), 'NODE_ENV'],
    ['store', redisUrl === undefined ? 'in this process' : 'Redis', 'REDIS_URL'],
  ];
}

function identity({ identity }: BffDeclaration, { identity: given }: Environment): Row[] {
  const isGiven = given.issuers.length + given.audiences.length + given.keys.length > 0;
  if (!isGiven) return declared('identity', identity ?? 'every viewer is anonymous', identity);
  const { issuers, ...rest } = identity ?? {};
  const asked = { issuers: given.issuers, audiences: given.audiences, keys: given.keys };
  return [
    ...flat('identity', asked, 'TOKEN_ISSUER, TOKEN_AUDIENCE, JWKS_URL'),
    ...flat('identity', rest, 'declared'),
  ];
}

function forwarded({ forward }: BffDeclaration) {
  return {
    headers: ['authorization', 'x-request-id', ...(forward?.headers ?? [])],
    answerHeaders: forward?.answerHeaders ?? [],
    clientAddress: forward?.clientAddress ?? false,
  };
}

function subgraph(name: string, url: string, bff: BffDeclaration, { subgraphUrl }: Environment): Row[] {
  const at = `subgraphs.${name}`;
  const isOwn = bff.views !== undefined && name === viewsSubgraph(bff.name);
  const moved = subgraphUrl(name);
  const own: SubgraphPolicy = bff.subgraphs?.[name] ?? {};
  const every: SubgraphPolicy = bff.subgraphs?.every ?? {};
  const all: SubgraphPolicy = { ...policyDefaults, ...every, ...own };
  const from = (key: string): string => {
    if (Object.hasOwn(own, key)) return 'declared';
    return Object.hasOwn(every, key) ? 'subgraphs.every' : 'default';
  };
  if (isOwn) {
    const { timeout } = all;
    return [
      [`${at}.url`, 'runs in this process', 'views'],
      [`${at}.timeout`, String(timeout), from('timeout')],
    ];
  }
  return [
    [`${at}.url`, withoutPassword(moved ?? url), moved === undefined ? 'supergraph' : 'environment'],
    ...Object.entries(all).flatMap(([key, value]) => flat(`${at}.${key}`, value, from(key))),
  ];
}

function declared(key: string, value: unknown, given: unknown): Row[] {
  return flat(key, value, given === undefined ? 'default' : 'declared');
}

/** A row for each value that holds no others. */
function flat(key: string, value: unknown, from: string): Row[] {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return [[key, value.length === 0 ? 'none' : value.join(', '), from]];
  }
  if (typeof value !== 'object' || value === null) return [[key, String(value), from]];
  const rule = ruleName(value);
  if (rule !== undefined) return [[key, rule, from]];
  return Object.entries(value).flatMap(([name, part]) => flat(`${key}.${name}`, part, from));
}

/** Rules have names, and those made of others have those. */
function ruleName(value: object): string | undefined {
  if (value === allow) return 'allow';
  if (value === deny) return 'deny';
  const { name, rules, resolve } = value as { name?: unknown; rules?: unknown; resolve?: unknown };
  if (typeof resolve !== 'function') return undefined;
  if (Array.isArray(rules)) {
    const word = value.constructor.name.replace(/^Rule/, '').toLowerCase();
    return `${word}(${rules.map((one: object) => ruleName(one) ?? 'a rule').join(', ')})`;
  }
  return typeof name === 'string' ? name : 'a rule';
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url || 'nowhere';
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
