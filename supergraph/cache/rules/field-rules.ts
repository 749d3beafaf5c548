// Owns the cache rule of each field: the strictest of what a declaration, the schema and who may ask for it say.
import type { DocumentNode } from 'graphql';
import type { CacheRules } from '../../declaration/cache-declaration.ts';
import { type Hints, readHints } from './read-hints.ts';
import { neverPublic, type ResolvedRule, resolveRule, strictestOf, tightened } from './resolved-rule.ts';
import { SchemaFacts } from './schema-facts.ts';

export interface FieldRulesOptions {
  cache: CacheRules;
  /** The supergraph, hidden elements included. */
  document: DocumentNode;
  /** Made of the document unless they are at hand. */
  facts?: SchemaFacts;
  /** Whether not everybody may ask for a field. */
  isProtected: (type: string, field: string) => boolean;
  /** By coordinate: milliseconds for which what was known last of a field may stand in, which bound how stale it is served. */
  lastKnown?: ReadonlyMap<string, number>;
}

/**
 * What a field is asked of: an entity (or `Query`), which needs a rule of its own; an object that is a part of something
 * else, and is kept as that is; or the key by which something else names an entity, of which only what is said of that very
 * field counts, for what is said of the type is said of all that the key stands for.
 */
export type Whereabouts = 'entity' | 'part' | 'key';

export interface FieldRules {
  /**
   * Rules of a field of an object, of which the strictest holds; undefined when it may not be kept, or there is no such
   * field. `holders` are the rules of what a part or a key is in: there is one in the result for each.
   */
  ofField: (
    type: string,
    field: string,
    whereabouts: Whereabouts,
    holders?: readonly ResolvedRule[],
  ) => ResolvedRule[] | undefined;
  isProtected: FieldRulesOptions['isProtected'];
}

export function createFieldRules({
  cache,
  document,
  facts = new SchemaFacts(document),
  isProtected,
  lastKnown = new Map(),
}: FieldRulesOptions): FieldRules {
  const declared = resolveAll(cache);
  const hints = readHints(document);
  return {
    isProtected,
    ofField(type, field, whereabouts, holders = []) {
      const root = facts.rootOf(type);
      if (root === 'other') return undefined;
      if (field !== '__typename' && facts.typeOfField(type, field) === undefined) return undefined;
      // Of `Query` nothing is a part of something else, though it can be reached through other types.
      const isOwn = whereabouts === 'entity' || root !== undefined;
      const isOfType = whereabouts !== 'key' && root === undefined;
      const speaking = [type, ...facts.interfacesOf(type)];
      const said = speaking.flatMap(
        (name) => declared.get(`${name}.${field}`) ?? (isOfType ? declared.get(name) : undefined) ?? [],
      );
      const rules = said.filter((rule) => rule !== 'never');
      if (rules.length < said.length || (isOwn && rules.length === 0)) return undefined;
      const bases = isOwn ? [strictestOf(rules)] : holders.map((holder) => strictestOf([holder, ...rules]));
      const limits = speaking.flatMap((name) => [
        ...hintOf(hints, `${name}.${field}`),
        ...(isOfType ? hintOf(hints, name) : []),
      ]);
      for (const given of new Set(speaking.flatMap((name) => facts.givenBy(name, field) ?? []))) {
        // Of an entity it is known only when it is seen whether more than its key is asked for.
        if (!facts.isEntity(given)) limits.push(...hintOf(hints, given));
      }
      const isShared = !isProtected(type, field);
      const result: ResolvedRule[] = [];
      for (const base of bases) {
        let rule: ResolvedRule | undefined = isShared ? base : neverPublic(base);
        for (const hint of limits) rule = rule && tightened(rule, hint);
        if (rule === undefined) return undefined;
        const bound = lastKnown.get(`${type}.${field}`) ?? Number.POSITIVE_INFINITY;
        result.push({ ...rule, staleIfError: Math.min(rule.staleIfError, bound) });
      }
      return result;
    },
  };
}

function resolveAll(cache: CacheRules): Map<string, ResolvedRule | 'never'> {
  return new Map(
    Object.entries(cache).map(([name, rule]) => [name, rule === 'never' ? rule : resolveRule(rule)]),
  );
}

function hintOf(hints: Hints, coordinate: string) {
  const hint = hints.get(coordinate);
  return hint === undefined ? [] : [hint];
}
