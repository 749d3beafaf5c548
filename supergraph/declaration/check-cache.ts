// Owns finding everything that is wrong with declared cache rules, in words that say how to put it right.
import { type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { noDuration, parseDuration } from '../foundation/duration.ts';
import { isRecord } from '../foundation/is-record.ts';
import { didYouMean } from '../foundation/suggest.ts';
import { unknownKeys } from './check-keys.ts';

interface Names {
  /** Fields of objects and interfaces by type; what is hidden from clients has rules too, for fetches may select it. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** What those types are that have no rules. */
  others: ReadonlyMap<string, string>;
  roots: ReadonlyMap<string, OperationTypeNode>;
}

const otherKinds: Readonly<Record<string, string>> = {
  [Kind.SCALAR_TYPE_DEFINITION]: 'a scalar',
  [Kind.ENUM_TYPE_DEFINITION]: 'an enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'an input',
  [Kind.UNION_TYPE_DEFINITION]: 'a union',
};
const times = ['maxAge', 'staleWhileRevalidate', 'staleIfError', 'absent'];

/** All problems, each a sentence; of unknown names where the supergraph is there to look them up. */
export function checkCache(
  cache: unknown,
  responseCache: unknown,
  supergraph: DocumentNode | undefined,
): string[] {
  return [...checkRules(cache, supergraph), ...checkResponseCache(responseCache, cache)];
}

function checkRules(cache: unknown, supergraph: DocumentNode | undefined): string[] {
  if (cache === undefined) return [];
  if (!isRecord(cache)) return ['cache: must be an object of types, or coordinates, and the rule of each.'];
  const names = namesIn(supergraph);
  return Object.entries(cache).flatMap(([name, rule]) => {
    const at = `cache.${name}`;
    return [...checkName(name, at, names, supergraph !== undefined), ...checkRule(rule, at)];
  });
}

function checkName(
  name: string,
  at: string,
  { fields, others, roots }: Names,
  isWholeGraph: boolean,
): string[] {
  const dot = name.indexOf('.');
  const type = dot < 0 ? name : name.slice(0, dot);
  const field = dot < 0 ? undefined : name.slice(dot + 1);
  const root = roots.get(type);
  if (root !== undefined && root !== OperationTypeNode.QUERY) return [`${at}: a ${root} is never kept.`];
  if (root !== undefined && field === undefined)
    return [`${at}: write a rule for each of its fields that may be kept, such as '${type}.products'.`];
  if (!isWholeGraph) return [];
  const kind = others.get(type);
  if (kind !== undefined) return [`${at}: ${type} is ${kind}, and only objects and interfaces have rules.`];
  const known = fields.get(type);
  if (known === undefined)
    return [`${at}: there is no such type with fields.${didYouMean(type, fields.keys())}`];
  if (field === undefined || known.has(field)) return [];
  return [`${at}: there is no such field.${didYouMean(field, known)}`];
}

function checkRule(rule: unknown, at: string): string[] {
  if (rule === 'never') return [];
  if (!isRecord(rule)) return [`${at}: must be a rule or 'never', but is ${JSON.stringify(rule)}.`];
  return [
    ...unknownKeys(rule, [...times, 'scope', 'tags'], `${at}.`),
    ...times.flatMap((key) => checkTime(rule, key, at)),
    ...checkScope(rule['scope'], `${at}.scope`),
    ...checkTags(rule['tags'], `${at}.tags`),
  ];
}

function checkTime(rule: Readonly<Record<string, unknown>>, key: string, at: string): string[] {
  const value = rule[key];
  if (value === undefined)
    return key === 'maxAge' ? [`${at}.maxAge: must say how long it is kept, e.g. '60s'.`] : [];
  if (typeof value === 'string' && parseDuration(value) !== undefined) return [];
  const instead = key === 'maxAge' ? "; what is not to be kept has 'never' for a rule" : '';
  return [`${at}.${key}: ${noDuration(value)}${instead}.`];
}

/** For whom something is kept. */
export function checkScope(scope: unknown, at: string): string[] {
  if (scope === 'public' || scope === 'viewer') return [];
  if (!isRecord(scope))
    return [`${at}: must be 'public', 'viewer' or { claim: '…' }, but is ${JSON.stringify(scope)}.`];
  const problems = unknownKeys(scope, ['claim'], `${at}.`);
  const { claim } = scope;
  if (typeof claim !== 'string' || claim === '') problems.push(`${at}.claim: must be the name of a claim.`);
  return problems;
}

function checkTags(tags: unknown, at: string): string[] {
  if (tags === undefined) return [];
  if (!Array.isArray(tags)) return [`${at}: must list words.`];
  return tags
    .filter((tag) => typeof tag !== 'string' || !/^[\w.:-]{1,100}$/.test(tag))
    .map(
      (tag) =>
        `${at}: ${JSON.stringify(tag)} is no word of at most 100 letters, digits, "_", ".", ":" and "-".`,
    );
}

function checkResponseCache(responseCache: unknown, cache: unknown): string[] {
  if (responseCache === undefined) return [];
  if (responseCache !== 'never' && responseCache !== 'public' && responseCache !== 'viewer') {
    return [`responseCache: must be 'never', 'public' or 'viewer', but is ${JSON.stringify(responseCache)}.`];
  }
  if (cache !== undefined) return [];
  return ['responseCache: there are no rules in cache, and without them no answer is kept: leave it out.'];
}

function namesIn(supergraph: DocumentNode | undefined): Names {
  const fields = new Map<string, Set<string>>();
  const others = new Map<string, string>();
  const roots = new Map(
    Object.values(OperationTypeNode).map((root) => [`${root[0]?.toUpperCase()}${root.slice(1)}`, root]),
  );
  for (const definition of supergraph?.definitions ?? []) {
    if (definition.kind === Kind.SCHEMA_DEFINITION) {
      roots.clear();
      for (const { type, operation } of definition.operationTypes) roots.set(type.name.value, operation);
    } else if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ) {
      fields.set(definition.name.value, new Set((definition.fields ?? []).map(({ name }) => name.value)));
    } else {
      const kind = otherKinds[definition.kind];
      if (kind !== undefined && 'name' in definition && definition.name)
        others.set(definition.name.value, kind);
    }
  }
  return { fields, others, roots };
}
