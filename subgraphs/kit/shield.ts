// Owns how graphql-shield is loaded, and hands out its rule words; it does not apply them (guard-schema.ts does).
import { createRequire } from 'node:module';

type Shield = typeof import('graphql-shield', { with: { 'resolution-mode': 'require' }});
export type ShieldRule = ReturnType<ReturnType<Shield['rule']>> | ReturnType<Shield['and']>;

/** Rules for fields: `{ Type: { field: rule } }`. */
export type Permissions = Readonly<Record<string, Readonly<Record<string, ShieldRule>>>>;

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
