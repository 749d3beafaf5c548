// Owns how one rule of graphql-shield is asked, without shield's own wrapping of a schema.
import type { GraphQLResolveInfo } from 'graphql';
import type { Caller } from '../calls/caller.ts';
import { allow, type ShieldRule } from './shield.ts';

/** What the rules need of a resolver's context; shield keeps the verdicts it may remember under `_shield`. */
export interface GuardedContext {
  caller: Caller;
  _shield?: { cache: Record<string, never> };
}

/** What a rule is asked about: what shield calls parent, args, ctx and info. */
export interface Question {
  parent: unknown;
  args: object;
  context: GuardedContext;
  info: GraphQLResolveInfo;
}

const SHIELD_OPTIONS = {
  // Makes a rule that throws throw here: shield would call it false, and not(...) of that would let everybody in.
  debug: true,
  allowExternalErrors: true,
  fallbackRule: allow,
  hashFunction: (asked: { parent: unknown; args: unknown }) => JSON.stringify([asked.parent, asked.args]),
};

/** `true` alone allows; an Error may have a sentence for clients. Throws what the rule throws. */
export async function askRule(
  condition: ShieldRule,
  { parent, args, context, info }: Question,
): Promise<boolean | string | Error> {
  context._shield ??= { cache: {} };
  return condition.resolve(parent as object, args, context as Required<GuardedContext>, info, SHIELD_OPTIONS);
}

/** Asks with nothing remembered: whatever cache the rule names, the verdict about one row is never another's. */
export function askAnew(condition: ShieldRule, question: Question): Promise<boolean | string | Error> {
  return askRule(condition, { ...question, context: { ...question.context, _shield: { cache: {} } } });
}
