// Owns saying what holds for a BFF, all told: what its declaration says, what it leaves to others, and where each comes from.
import { configuredIdentity } from '../auth/configured-identity.ts';
import { protectedFields } from '../auth/rules/bff-rules.ts';
import { checkSharedProtected } from '../cache/rules/shared-protected.ts';
import type { BffDeclaration, SubgraphPolicy } from '../declaration/define-bff.ts';
import type { ConcurrencyPolicy, FieldPolicy } from '../declaration/resilience-declaration.ts';
import { allow, deny } from '../declaration/rule-words.ts';
import { milliseconds } from '../foundation/duration.ts';
import type { Environment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import { viewsSubgraph } from '../foundation/views-subgraph.ts';
import { policyDefaults as usual } from '../resilience/resilience-terms.ts';
import { explainCosts } from './explain-costs.ts';
import { explainFallbacks } from './explain-fallbacks.ts';
import { explainOperationLimits } from './explain-operation-limits.ts';
import { explainRates } from './explain-rates.ts';

type Row = readonly [key: string, value: string, from: string];

const policyDefaults = {
  timeout: usual.timeout,
  retry: 'never',
  breaker: 'never',
  concurrency: 'unbounded',
  hedge: 'never',
  trusted: false,
  cacheControl: 'obeyed',
  signed: false,
} as const;
const identityDefaults = {
  algorithms: ['ES256', 'RS256'],
  leeway: '5s',
  claims: { id: 'sub', roles: 'roles', scopes: 'scope' },
};

/**
 * Lines `key  value  (where from)`, for people. No secret is in them. Throws a StartupProblem where declaration and environment
 * do not agree about identity, and where the router would not start because of what it should keep for everybody.
 */
export function explainBff(bff: BffDeclaration, graph: SupergraphFacts, environment: Environment): string {
  demandShareable(bff, graph);
  const rows = [
    ['name', bff.name, 'declared'] as const,
    ...surroundings(bff, environment),
    ...part('contract', bff.contract, 'everything is visible'),
    ...part('views', bff.views, 'none'),
    ...documents(bff),
    ...part('clients', bff.clients, 'every client and version is answered'),
    ...identity(bff, environment),
    ...part('permissions', bff.permissions, 'those of the domains'),
    ...part('policies', bff.policies, 'none: what needs one is denied'),
    ...part('defaultDeny', bff.defaultDeny, false),
    ...cache(bff, environment),
    ...explainFallbacks(bff, graph, environment),
    ...explainRates(bff, environment),
    ...explainOperationLimits(bff, environment),
    ...explainCosts(bff, graph),
    ...part('forward.headers', bff.forward?.headers, 'none but authorization and x-request-id'),
    ...part('forward.answerHeaders', bff.forward?.answerHeaders, 'none'),
    ...part('forward.clientAddress', bff.forward?.clientAddress, false),
    ...part('timeout', bff.timeout, usual.requestTimeout),
    ...fields(bff),
    ...part('samples', bff.samples, 'none'),
    ...part('plugins', bff.plugins && String(bff.plugins.length), 'none'),
    ...[...graph.subgraphs].flatMap(([name, url]) => subgraph(name, url, bff, environment)),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([key, value, from]) => `${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  (${from})`)
    .join('\n');
}

/** What processes are told; a variable that says what is usual anyway looks like none. */
function surroundings(bff: BffDeclaration, environment: Environment): Row[] {
  const { host, port, engine, production, redis, logLevel, tls, subgraphTls } = environment;
  const told = (key: string, value: string | undefined, usual: string, variable: string): Row =>
    value === undefined || value === usual ? [key, usual, 'default'] : [key, value, variable];
  const list = (values: readonly string[]) => (values.length === 0 ? undefined : values.join(', '));
  const paths = Object.values(subgraphTls).map(({ path }) => path);
  return [
    port === undefined ? ['port', String(bff.port), 'declared'] : ['port', String(port), 'PORT, --port'],
    told('host', host, '127.0.0.1', 'HOST, --host'),
    told('tls', tls?.cert.path, 'none', 'TLS_CERT'),
    told('tls of clients', tls?.ca?.path, 'none', 'TLS_CLIENT_CA'),
    told('tls to subgraphs', list(paths), 'what is declared', 'SUBGRAPH_TLS_…'),
    told('engine', engine, 'tributary', 'ENGINE'),
    told('production', String(production), 'false', 'NODE_ENV'),
    told('log', logLevel, 'warn', 'LOG_LEVEL'),
    told('store', redis && 'Redis', 'in this process', 'REDIS_URL'),
    told('plans', environment.planFolder, 'in this process', 'PLAN_FOLDER'),
    told('usage', environment.usageFolder, 'in this process', 'USAGE_FOLDER'),
    told('metrics', environment.metricsPort?.toString(), 'served nowhere', 'METRICS_PORT'),
    told('admin port', environment.adminPort?.toString(), 'served nowhere', 'ADMIN_PORT'),
    told('origins', list(environment.corsOrigins), "none but Apollo's explorers", 'CORS_ORIGINS'),
    told('connections', environment.maxConnections.toString(), '10000', 'MAX_CONNECTIONS'),
    told('proxies', list(environment.trustedProxies), 'none', 'TRUSTED_PROXIES'),
    told('calls are signed', environment.callerSecret && 'with a secret', 'with none', 'CALLER_SECRET'),
  ];
}

/** Throws a StartupProblem as the router itself would. */
function demandShareable(bff: BffDeclaration, supergraph: SupergraphFacts): void {
  const { cache, name } = bff;
  if (cache === undefined) return;
  const { document } = supergraph;
  const problems = checkSharedProtected({ cache, document, isProtected: protectedFields(bff, supergraph) });
  if (problems.length === 0) return;
  throw new StartupProblem(
    `The declaration of the BFF "${name}" cannot be used:\n- ${problems.join('\n- ')}`,
  );
}

function cache({ cache, responseCache }: BffDeclaration, { engine, cacheMegabytes }: Environment): Row[] {
  if (cache !== undefined && engine === 'apollo') return [['cache', 'nothing is kept', 'ENGINE']];
  if (cache === undefined) return part('cache', undefined, 'nothing is kept');
  const room = cacheMegabytes === 64 ? 'default' : 'CACHE_MEGABYTES';
  return [
    ...flat('cache', cache, "declared, before the schema's hints"),
    ...part('responseCache', responseCache, 'public'),
    ['cache memory', `${cacheMegabytes} MB`, room],
  ];
}

function documents({ documents }: BffDeclaration): Row[] {
  if (documents === undefined) return part('documents', undefined, 'any valid operation is answered');
  const { automatic, batch } = documents;
  return [
    ...flat('documents.folder', documents.folder, 'declared'),
    ...flat('documents.unregistered', documents.unregistered, 'declared'),
    ...part('documents.automatic', automatic, false),
    ...part('documents.batch', batch, 1),
  ];
}

function identity(
  { identity: declared }: BffDeclaration,
  { identity: given, production }: Environment,
): Row[] {
  const believed = configuredIdentity(declared, given, { ...given, production });
  if (believed === undefined) return part('identity', undefined, 'every viewer is anonymous');
  const { issuers: _, ...rest } = believed;
  const isGiven = [given.issuers, given.audiences, given.keys, given.prefixes].some(
    ({ length }) => length > 0,
  );
  return [
    ...flat('identity.issuers', believed.issuers, isGiven ? 'TOKEN_…, JWKS_URL and declared' : 'declared'),
    ...part('identity.algorithms', rest.algorithms, identityDefaults.algorithms),
    ...part('identity.leeway', rest.leeway, identityDefaults.leeway),
    ...Object.entries(identityDefaults.claims).flatMap(([key, usual]) =>
      part(`identity.claims.${key}`, rest.claims?.[key as keyof typeof rest.claims], usual),
    ),
  ];
}

function fields({ fields }: BffDeclaration): Row[] {
  const said = Object.entries<FieldPolicy | undefined>(fields ?? {});
  if (said.length === 0) return part('fields', undefined, 'as their subgraphs');
  return said.flatMap(([coordinate, policy = {}]) => {
    const at = `fields.${coordinate}`;
    const rows = Object.entries(policy).flatMap(([key, value]) =>
      policyRows(`${at}.${key}`, key, value, 'declared'),
    );
    return rows.length > 0 ? rows : flat(at, 'asked for by itself', 'declared');
  });
}

function subgraph(name: string, url: string, bff: BffDeclaration, { subgraphUrl }: Environment): Row[] {
  const at = `subgraphs.${name}`;
  const own: SubgraphPolicy = bff.subgraphs?.[name] ?? {};
  const every: SubgraphPolicy = bff.subgraphs?.every ?? {};
  const said = { ...policyDefaults, ...every, ...own };
  const most = bff.timeout ?? usual.requestTimeout;
  const isCut = milliseconds(said.timeout) > milliseconds(most);
  const all = { ...said, timeout: isCut ? `${said.timeout}, at most the request's ${most}` : said.timeout };
  const from = (key: string): string => {
    if (Object.hasOwn(own, key)) return 'declared';
    return Object.hasOwn(every, key) ? 'subgraphs.every' : 'default';
  };
  if (bff.views !== undefined && name === viewsSubgraph(bff.name)) {
    return [
      [`${at}.url`, 'runs in this process', 'views'],
      [`${at}.timeout`, all.timeout, from('timeout')],
    ];
  }
  const moved = subgraphUrl(name);
  return [
    [`${at}.url`, withoutPassword(moved ?? url), moved === undefined ? 'supergraph' : 'SUBGRAPH_…_URL'],
    ...Object.entries(all).flatMap(([key, value]) => policyRows(`${at}.${key}`, key, value, from(key))),
  ];
}

/** With what a policy that is declared leaves unsaid. */
function policyRows(at: string, key: string, value: unknown, from: string): Row[] {
  if (key === 'concurrency' && typeof value !== 'string') {
    const { most, waiting } = typeof value === 'number' ? { most: value } : (value as ConcurrencyPolicy);
    const queue =
      waiting === undefined ? flat(`${at}.waiting`, most, 'default') : flat(`${at}.waiting`, waiting, from);
    return [...flat(`${at}.most`, most, from), ...queue];
  }
  if (
    (key === 'retry' || key === 'breaker' || key === 'hedge') &&
    typeof value === 'object' &&
    value !== null
  ) {
    return Object.entries({ ...usual[key], ...value }).flatMap(([name, inner]) =>
      flat(`${at}.${name}`, inner, Object.hasOwn(value, name) ? from : 'default'),
    );
  }
  return flat(at, value, from);
}

function part(key: string, declared: unknown, otherwise: unknown): Row[] {
  return declared === undefined ? flat(key, otherwise, 'default') : flat(key, declared, 'declared');
}

/** A row for each value that holds no others. */
function flat(key: string, value: unknown, from: string): Row[] {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return [[key, value.length === 0 ? 'none' : value.join(', '), from]];
  }
  if (typeof value !== 'object' || value === null) return [[key, String(value), from]];
  const rule = ruleName(value);
  if (rule !== undefined) return [[key, rule, from]];
  return Object.entries(value).flatMap(([name, inner]) => flat(`${key}.${name}`, inner, from));
}

/** Rules have names, and those made of others have those. */
function ruleName(value: object): string | undefined {
  if (value === allow) return 'allow';
  if (value === deny) return 'deny';
  const { name, rules, resolve } = value as { name?: unknown; rules?: unknown; resolve?: unknown };
  if (typeof resolve !== 'function') return undefined;
  if (!Array.isArray(rules)) return typeof name === 'string' ? name : 'a rule';
  const word = value.constructor.name.replace(/^Rule/, '').toLowerCase();
  return `${word}(${rules.map((one: object) => ruleName(one) ?? 'a rule').join(', ')})`;
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url || 'nowhere';
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}
