// Owns the words in which a BFF's permissions are written: graphql-shield's, and three rules that nearly everybody needs.
import { createRequire } from 'node:module';
import type { Viewer } from '../foundation/viewer.ts';

type Shield = typeof import('graphql-shield', { with: { 'resolution-mode': 'require' }});
export type Rule = ReturnType<ReturnType<Shield['rule']>> | ReturnType<Shield['and']>;

/** What a rule's function gets as its third argument, after the (empty) parent and the field's coerced arguments. */
export interface RuleContext {
  viewer: Viewer;
}

const require = createRequire(import.meta.url);
// graphql-shield 7 calls `util.isUndefined`, which Node 24 removed; an ES module cannot be given it back, CommonJS can.
const util: { isUndefined?: (value: unknown) => boolean } = require('node:util');
util.isUndefined ??= (value) => value === undefined;

const shield: Shield = require('graphql-shield');

/**
 * `rule()((parent, args, context: RuleContext) => boolean)`, or a promise of it: true allows; anything else, an error, a
 * throw, or a second without an answer denies. It is asked before anything is planned, so there is no parent.
 */
export const rule: Shield['rule'] = shield.rule;
export const and: Shield['and'] = shield.and;
export const or: Shield['or'] = shield.or;
export const not: Shield['not'] = shield.not;
/** For what everybody may ask for, where `defaultDeny` wants a rule for each field. */
export const allow: Shield['allow'] = shield.allow;
export const deny: Shield['deny'] = shield.deny;

export const isSignedIn: Rule = ask('signed in', ({ id }) => id !== null);

export function hasScope(scope: string): Rule {
  return ask(`scope ${scope}`, ({ scopes }) => scopes.has(scope));
}

export function hasRole(role: string): Rule {
  return ask(`role ${role}`, ({ roles }) => roles.includes(role));
}

function ask(name: string, holds: (viewer: Viewer) => boolean): Rule {
  return rule(name)((_parent: unknown, _args: unknown, { viewer }: RuleContext) => holds(viewer));
}
