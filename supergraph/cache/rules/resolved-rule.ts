// Owns what a cache rule is once it can be reckoned with, and which of several is the strictest.
import type { CacheRule, CacheScope } from '../../declaration/cache-declaration.ts';
import { milliseconds } from '../../foundation/duration.ts';

/** All times are milliseconds; `maxAge` is more than 0, for what may not be kept has no rule. */
export interface ResolvedRule {
  maxAge: number;
  staleWhileRevalidate: number;
  staleIfError: number;
  absent: number;
  scope: CacheScope;
  /** Each once, in alphabetical order. */
  tags: readonly string[];
  /** What said how long. */
  why: 'declared' | 'schema';
}

/** What a schema says: it can make a rule stricter, and is none by itself. */
export interface Hint {
  /** Milliseconds; undefined where it says nothing of it. */
  maxAge: number | undefined;
  isPrivate: boolean;
}

const longestAbsence = 5000;

export function resolveRule(rule: CacheRule): ResolvedRule {
  const maxAge = milliseconds(rule.maxAge);
  const { staleWhileRevalidate, staleIfError, absent, scope, tags = [] } = rule;
  return {
    maxAge,
    staleWhileRevalidate: staleWhileRevalidate === undefined ? 0 : milliseconds(staleWhileRevalidate),
    staleIfError: staleIfError === undefined ? 0 : milliseconds(staleIfError),
    absent: absent === undefined ? Math.min(maxAge, longestAbsence) : milliseconds(absent),
    scope,
    tags: [...new Set(tags)].sort(),
    why: 'declared',
  };
}

/** What all of these allow, of which there is at least one. */
export function strictestOf(rules: readonly ResolvedRule[]): ResolvedRule {
  return rules.reduce((one, other) => ({
    maxAge: Math.min(one.maxAge, other.maxAge),
    staleWhileRevalidate: Math.min(one.staleWhileRevalidate, other.staleWhileRevalidate),
    staleIfError: Math.min(one.staleIfError, other.staleIfError),
    absent: Math.min(one.absent, other.absent),
    scope: stricterScope(one.scope, other.scope),
    tags: [...new Set([...one.tags, ...other.tags])].sort(),
    why: whoseTime(one, other),
  }));
}

/** What a rule still allows beside a hint; undefined for nothing. What is not there is forgotten as soon as what is. */
export function tightened(rule: ResolvedRule, { maxAge, isPrivate }: Hint): ResolvedRule | undefined {
  if (maxAge !== undefined && maxAge <= 0) return undefined;
  const kept = isPrivate ? neverPublic(rule) : rule;
  if (maxAge === undefined || maxAge >= rule.maxAge) {
    return maxAge === undefined || maxAge >= rule.absent ? kept : { ...kept, absent: maxAge };
  }
  return { ...kept, maxAge, absent: Math.min(rule.absent, maxAge), why: 'schema' };
}

export function neverPublic(rule: ResolvedRule): ResolvedRule {
  return rule.scope === 'public' ? { ...rule, scope: 'viewer' } : rule;
}

/**
 * The strictest for each scope: a hint that is still to come turns public into viewer and leaves a claim alone, so these
 * must not be one rule before it has.
 */
export function strictestByScope(rules: readonly ResolvedRule[]): ResolvedRule[] {
  const groups = new Map<string, ResolvedRule>();
  for (const rule of rules) {
    const scope = JSON.stringify(rule.scope);
    const known = groups.get(scope);
    groups.set(scope, known === undefined ? rule : strictestOf([known, rule]));
  }
  return [...groups.values()];
}

function stricterScope(one: CacheScope, other: CacheScope): CacheScope {
  if (one === 'public') return other;
  if (other === 'public') return one;
  if (one === 'viewer' || other === 'viewer') return 'viewer';
  return one.claim === other.claim ? one : 'viewer';
}

function whoseTime(one: ResolvedRule, other: ResolvedRule): ResolvedRule['why'] {
  if (one.maxAge === other.maxAge) return one.why === other.why ? one.why : 'declared';
  return one.maxAge < other.maxAge ? one.why : other.why;
}
