// Owns what is known of whoever a request comes from.

export interface Viewer {
  /** null is somebody who did not sign in. */
  readonly id: string | null;
  readonly roles: readonly string[];
  readonly scopes: ReadonlySet<string>;
  /** All that the token says; empty without one. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export const anonymous: Viewer = Object.freeze({
  id: null,
  roles: Object.freeze([]),
  scopes: new Set<string>(),
  claims: Object.freeze({}),
});
