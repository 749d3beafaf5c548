// Owns finding everything that is wrong with a BFF's declaration, in words that say how to put it right.
import type { ContractTags } from '../foundation/contract-tags.ts';
import { parseDuration } from '../foundation/duration.ts';
import { didYouMean } from '../foundation/suggest.ts';
import type { BffDeclaration } from './define-bff.ts';

interface Graph {
  subgraphs: ReadonlyMap<string, string>;
  tags: ReadonlySet<string>;
}

const declarationKeys = ['name', 'port', 'contract', 'subgraphs', 'forward', 'samples', 'plugins'];
// Handing these on would break a connection, or say something about it that is not true.
const connectionHeaders = words(
  'connection content-encoding content-length content-type expect host keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade',
);
/** Of requests: what routers say themselves. */
const ownHeaders = words('accept accept-encoding x-request-id');
/** Of answers: what routers say themselves, and what is true of one subgraph's answer alone. */
const ownAnswerHeaders = words(
  'accept-ranges age content-range date etag expires last-modified location server x-request-id',
);

/** All problems of a declaration, each a sentence; none when it can be run on this graph. */
export function checkBff(bff: BffDeclaration, graph: Graph): string[] {
  return [
    ...unknownKeys(bff, declarationKeys, ''),
    ...checkName(bff.name),
    ...checkPort(bff.port),
    ...checkContract(bff.contract, graph),
    ...checkSubgraphs(bff.subgraphs, graph),
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
    problems.push(...unknownKeys(policy, ['timeout', 'trusted'], `subgraphs.${name}.`));
    if (policy?.timeout !== undefined && parseDuration(policy.timeout) === undefined) {
      problems.push(
        `subgraphs.${name}.timeout: "${policy.timeout}" is no duration: write e.g. '800ms' or '5s'.`,
      );
    }
    if (policy?.trusted !== undefined && typeof policy.trusted !== 'boolean') {
      problems.push(
        `subgraphs.${name}.trusted: must be true or false, but is ${JSON.stringify(policy.trusted)}.`,
      );
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
    ...unknownKeys(forward, ['headers', 'answerHeaders'], 'forward.'),
    ...checkHeaders(forward?.headers, 'forward.headers', (name) => ownHeaders.has(name)),
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
    const name = header.toLowerCase();
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) return [`${at}: "${header}" is no name of a header.`];
    if (connectionHeaders.has(name))
      return [`${at}: "${header}" belongs to the connection and cannot be handed on.`];
    if (isOwn(name)) return [`${at}: "${header}" is the router's own and cannot be handed on.`];
    return [];
  });
}

function unknownKeys(value: unknown, known: readonly string[], at: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${at.slice(0, -1)}: must be an object.`];
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `${at}${key}: there is no such key.${didYouMean(key, known)}`);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
