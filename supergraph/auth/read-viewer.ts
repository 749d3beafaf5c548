// Owns what a token's claims say about the viewer.
import type { IdentityDeclaration } from '../declaration/identity-declaration.ts';
import { claimAt } from '../foundation/claim-at.ts';
import type { Viewer } from '../foundation/viewer.ts';

export type Claims = Readonly<Record<string, unknown>>;

const longestId = 200;

/** undefined when they name nobody, or say something that cannot be understood; `prefix` is put before the id. */
export function readViewer(
  claims: Claims,
  names: IdentityDeclaration['claims'] = {},
  prefix = '',
): (Viewer & { id: string }) | undefined {
  const id = claimAt(claims, names.id ?? 'sub');
  const roles = claimAt(claims, names.roles ?? 'roles') ?? [];
  const scope = claimAt(claims, names.scopes ?? 'scope') ?? [];
  const scopes = typeof scope === 'string' ? scope.split(' ').filter(Boolean) : scope;
  if (typeof id !== 'string' || id === '' || !isList(roles) || !isList(scopes)) return undefined;
  const whole = `${prefix}${id}`;
  if (!isId(whole)) return undefined;
  // It serves many requests: what one of them could change in it would be true for all others.
  return deepFreeze({ id: whole, roles, scopes: new Set(scopes), claims });
}

/** Control characters and halves of surrogate pairs are refused: databases and logs would make one id of several. */
function isId(text: string): boolean {
  return text.length <= longestId && !/[\p{Cc}\p{Cs}]/u.test(text);
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null && !Object.isFrozen(inner)) deepFreeze(inner);
  }
  return Object.freeze(value);
}
