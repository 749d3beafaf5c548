// Owns how graphql-shield is loaded, and hands out its rule words; it does not apply them (guard-schema.ts does).
import { createRequire } from 'node:module';

type Shield = typeof import('graphql-shield', { with: { 'resolution-mode': 'require' }});
export type ShieldRule = ReturnType<ReturnType<Shield['rule']>> | ReturnType<Shield['and']>;

/** Rules for fields: `{ Type: { field: rule } }`. */
export type FieldRules = Readonly<Record<string, Readonly<Record<string, ShieldRule>>>>;

/** A domain's rules; guard-schema.ts enforces them. */
export interface Permissions {
  /**
   * What is null, as if it were not there, for whom the rule denies. A rule for a type (an object or an interface) is
   * asked with the row, wherever a value of the type comes out; a rule for a field with the row the field is of.
   */
  shownTo?: Readonly<Record<string, ShieldRule | Readonly<Record<string, ShieldRule>>>>;
  /** Fields that fail with UNAUTHENTICATED or FORBIDDEN for whom the rule denies. */
  usableBy?: FieldRules;
}

/** Whether this is one rule, and not an object of rules by name. */
export function isRule(one: ShieldRule | Readonly<Record<string, ShieldRule>>): one is ShieldRule {
  return typeof one.resolve === 'function';
}

const require = createRequire(import.meta.url);
// graphql-shield 7 calls `util.isUndefined`, which Node 24 removed. An ES module's namespace of `util` cannot be
// given it back, the CommonJS object can: so it is put there, and graphql-shield is required instead of imported.
const util: { isUndefined?: (value: unknown) => boolean } = require('node:util');
util.isUndefined ??= (value) => value === undefined;

const shield: Shield = require('graphql-shield');

/** `rule({ cache: 'contextual' })((parent, args, context) => boolean)`: true allows; false, an error or a throw denies. */
export const rule: Shield['rule'] = shield.rule;
export const and: Shield['and'] = shield.and;
export const or: Shield['or'] = shield.or;
export const not: Shield['not'] = shield.not;
export const allow: Shield['allow'] = shield.allow;
