// Owns the part of a BFF's declaration that says whose tokens are believed; check-identity.ts says what is wrong with one.
import type { Duration } from '../foundation/duration.ts';

export interface IdentityDeclaration {
  issuers: readonly TokenIssuer[];
  /** How tokens may be signed; ES256 and RS256 unless told. */
  algorithms?: readonly TokenAlgorithm[];
  /** How far clocks may be apart; '5s' unless told, '60s' at most. */
  leeway?: Duration;
  /**
   * Names of claims, or ways to them with dots (`realm_access.roles`). `id` is a text; `roles` a list of texts; `scopes`
   * such a list, or a text with spaces.
   */
  claims?: { readonly id?: string; readonly roles?: string; readonly scopes?: string };
}

export interface TokenIssuer {
  /** What tokens say as `iss`, character by character. */
  issuer: string;
  /** One of them must be in a token's `aud`. */
  audiences: readonly string[];
  /**
   * Address of the issuer's public keys, a JWKS document. Without it OpenID Connect discovery tells it:
   * `<issuer>/.well-known/openid-configuration`.
   */
  jwks?: string;
  /**
   * Put before the ids of this issuer's viewers: `partner:` makes `partner:42` of 42. At most one issuer has none, because
   * two issuers may give the same id to two people.
   */
  prefix?: string;
}

/** Asymmetric ones only: whoever can check a token must not be able to make one. */
export const tokenAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'EdDSA',
] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];
