// Owns the words in which a BFF's permissions are written: graphql-shield's, and three rules that nearly everybody needs.
import { createRequire } from 'node:module';
import { type Client, type ClientRange, isAmong, parseClientRange } from '../foundation/client-version.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { Viewer } from '../foundation/viewer.ts';

type Shield = typeof import('graphql-shield', { with: { 'resolution-mode': 'require' }});
export type Rule = ReturnType<ReturnType<Shield['rule']>> | ReturnType<Shield['and']>;

/** What a rule's function gets as its third argument, after the (empty) parent and the field's coerced arguments. */
export interface RuleContext {
  viewer: Viewer;
  /** As it calls itself. */
  client?: Client;
}

/** A rule that reads nothing but the client's name and version. */
export type ClientRule = Rule & { readonly clients: readonly ClientRange[] };

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

/**
 * Holds for these clients, by what they call themselves: `'web'`, or versions of one, `'ios >=3.2.0 <4'`. It keeps a field
 * from those that cannot show it; whoever wants to see it can call itself anything. Throws a StartupProblem.
 */
export function allowedFor(...clients: readonly string[]): ClientRule {
  const ranges = clients.map((text) => {
    const range = parseClientRange(text);
    if (range) return range;
    throw new StartupProblem(`allowedFor: "${text}" is no client: write e.g. 'web' or 'ios >=3.2.0'.`);
  });
  const holds = (_parent: unknown, _args: unknown, { client = {} }: RuleContext) => isAmong(ranges, client);
  return Object.assign(rule(`allowed for ${clients.join(', ')}`)(holds), { clients: ranges });
}

function ask(name: string, holds: (viewer: Viewer) => boolean): Rule {
  return rule(name)((_parent: unknown, _args: unknown, { viewer }: RuleContext) => holds(viewer));
}
