// Owns finding everything that is wrong with a BFF's declaration, in words that say how to put it right.
import type { DocumentNode } from 'graphql';
import type { ContractTags } from '../foundation/contract-tags.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { checkCache } from './check-cache.ts';
import { checkClients } from './check-clients.ts';
import { checkDocuments } from './check-documents.ts';
import { checkFallbacks } from './check-fallbacks.ts';
import { checkFieldPolicies } from './check-fields.ts';
import { checkIdentity } from './check-identity.ts';
import { unknownKeys } from './check-keys.ts';
import { checkLimits } from './check-limits.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkResilience, checkTimeout, resilienceKeys } from './check-resilience.ts';
import { checkSubgraphTls } from './check-subgraph-tls.ts';
import type { BffDeclaration } from './define-bff.ts';

interface Graph {
  subgraphs: ReadonlyMap<string, string>;
  tags: ReadonlySet<string>;
  /** The supergraph, where coordinates are to be looked up. */
  document?: DocumentNode;
}

const declarationKeys = words(
  'name port contract views documents clients subgraphs fields timeout fallbacks identity permissions policies defaultDeny limits cache responseCache forward samples plugins',
);
const policyKeys = [...resilienceKeys, 'trusted', 'cacheControl', 'signed', 'tls'];
// Handing these on would break a connection, or say something about it that is not true.
const connectionHeaders = words(
  'connection content-encoding content-length content-type expect host keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade',
);
/** Of requests: what routers say themselves. */
const ownHeaders = words('accept accept-encoding x-forwarded-for x-request-id');
/** Of requests: anybody can write them, and a subgraph that believes one believes anybody. */
const claimingHeaders = words('x-user-id x-viewer x-roles x-caller x-forwarded-user x-remote-user');
/** Of answers: what routers say themselves, and what is true of one subgraph's answer alone. */
const ownAnswerHeaders = words(
  'accept-ranges age content-range date etag expires last-modified location server x-request-id',
);

/** Throws a StartupProblem with all problems; `declaredIn` is the file or folder that it is from. */
export function demandUsable(bff: BffDeclaration, graph: Graph, declaredIn?: string): void {
  const problems = checkBff(bff, graph);
  if (problems.length === 0) return;
  const where = declaredIn === undefined ? '' : ` in ${declaredIn}`;
  throw new StartupProblem(
    `The declaration of the BFF "${bff.name}"${where} cannot be used:\n- ${problems.join('\n- ')}`,
  );
}

/** All problems of a declaration, each a sentence; none when it can be run on this graph. */
export function checkBff(bff: BffDeclaration, graph: Graph): string[] {
  return [
    ...unknownKeys(bff, [...declarationKeys], ''),
    ...checkName(bff.name),
    ...checkPort(bff.port),
    ...checkContract(bff.contract, graph),
    ...(bff.views === undefined || typeof bff.views === 'string' ? [] : ['views: must name a folder.']),
    ...checkDocuments(bff.documents),
    ...checkClients(bff.clients),
    ...checkSubgraphs(bff.subgraphs, graph),
    ...checkFieldPolicies(bff.fields, graph.document),
    ...checkTimeout(bff.timeout),
    ...checkFallbacks(bff.fallbacks, graph.document),
    ...checkIdentity(bff.identity),
    ...checkPermissions(bff, graph.document),
    ...checkLimits(bff.limits, graph.document),
    ...checkCache(bff.cache, bff.responseCache, graph.document),
    ...checkForward(bff.forward),
    ...checkPlugins(bff.plugins),
    ...(bff.samples === undefined || typeof bff.samples === 'string' ? [] : ['samples: must name a file.']),
  ];
}

function checkName(name: unknown): string[] {
  if (typeof name === 'string' && /^[a-z][a-z0-9-]{0,40}$/.test(name)) return [];
  return [`name: must be lower case letters, digits and "-", but is ${JSON.stringify(name)}.`];
}

function checkPort(port: unknown): string[] {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return [];
  return [`port: must be between 0 and 65535, but is ${JSON.stringify(port)}.`];
}

function checkContract(contract: ContractTags | undefined, graph: Graph): string[] {
  if (contract === undefined) return [];
  const problems = unknownKeys(contract, ['include', 'exclude'], 'contract.');
  for (const key of ['include', 'exclude'] as const) {
    const tags = contract[key];
    if (tags === undefined) continue;
    if (!isList(tags) || tags.length === 0) {
      problems.push(`contract.${key}: must list at least one tag.`);
      continue;
    }
    for (const tag of tags) {
      if (graph.tags.has(tag)) continue;
      problems.push(`contract.${key}: no schema uses the tag "${tag}".${didYouMean(tag, graph.tags)}`);
    }
  }
  return problems;
}

function checkSubgraphs(subgraphs: BffDeclaration['subgraphs'], graph: Graph): string[] {
  const known = [...graph.subgraphs.keys(), 'every'];
  const problems: string[] = [];
  for (const [name, policy] of Object.entries(subgraphs ?? {})) {
    if (!known.includes(name)) {
      problems.push(`subgraphs.${name}: there is no subgraph of this name.${didYouMean(name, known)}`);
    }
    problems.push(
      ...unknownKeys(policy, policyKeys, `subgraphs.${name}.`),
      ...checkResilience(policy, `subgraphs.${name}`),
    );
    problems.push(...checkSubgraphTls(policy?.tls, `subgraphs.${name}.tls`));
    for (const key of ['trusted', 'signed'] as const) {
      const value = policy?.[key];
      if (value === undefined || typeof value === 'boolean') continue;
      problems.push(`subgraphs.${name}.${key}: must be true or false, but is ${JSON.stringify(value)}.`);
    }
  }
  return problems;
}

function checkPlugins(plugins: unknown): string[] {
  const isList = Array.isArray(plugins) && plugins.every((one) => typeof one === 'object' && one !== null);
  return plugins === undefined || isList ? [] : ['plugins: must list plugins of Apollo Server.'];
}

function checkForward(forward: BffDeclaration['forward']): string[] {
  if (forward === undefined) return [];
  return [
    ...unknownKeys(forward, ['headers', 'answerHeaders', 'clientAddress'], 'forward.'),
    ...(forward.clientAddress === undefined || typeof forward.clientAddress === 'boolean'
      ? []
      : [`forward.clientAddress: must be true or false, but is ${JSON.stringify(forward.clientAddress)}.`]),
    ...checkHeaders(forward?.headers, 'forward.headers', (name) => ownHeaders.has(name)),
    ...checkClaims(forward?.headers),
    ...checkHeaders(
      forward?.answerHeaders,
      'forward.answerHeaders',
      (name) => ownAnswerHeaders.has(name) || name.startsWith('access-control-'),
    ),
  ];
}

function checkHeaders(headers: unknown, at: string, isOwn: (name: string) => boolean): string[] {
  if (headers === undefined) return [];
  if (!isList(headers)) return [`${at}: must list names of headers.`];
  return headers.flatMap((header) => {
    const name = plainName(header);
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) return [`${at}: "${header}" is no name of a header.`];
    if (connectionHeaders.has(name))
      return [`${at}: "${header}" belongs to the connection and cannot be handed on.`];
    if (isOwn(name)) return [`${at}: "${header}" is the router's own and cannot be handed on.`];
    return [];
  });
}

function checkClaims(headers: unknown): string[] {
  const names = isList(headers) ? headers : [];
  return names
    .filter((header) => {
      const name = plainName(header);
      return claimingHeaders.has(name) || name.startsWith('tributary-');
    })
    .map((name) => `forward.headers: "${name}" would say who is asking, and any client can send it.`);
}

/** Many servers read `x_user_id` as `x-user-id`. */
function plainName(header: string): string {
  return header.toLowerCase().replaceAll('_', '-');
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
