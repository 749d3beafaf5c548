// Owns the part of a BFF's declaration that says what is kept of subgraphs' answers; check-cache.ts says what is wrong with one.
import type { Duration } from '../foundation/duration.ts';

/**
 * Who may be served what was kept: everybody; the viewer it was fetched for, out of this process alone; or all viewers
 * whose token has the same value for a claim.
 */
export type CacheScope = 'public' | 'viewer' | { readonly claim: string };

export interface CacheRule {
  /** How long it is as good as new. What a schema's `@cacheControl` or a subgraph's `cache-control` says can only shorten it. */
  maxAge: Duration;
  scope: CacheScope;
  /** After that: how long it is still served, while it is fetched anew in the background. */
  staleWhileRevalidate?: Duration;
  /** After `maxAge`: how long it is served when the subgraph fails. */
  staleIfError?: Duration;
  /** How long it is remembered that something is not there; `maxAge`, and 5s at the most, unless told. */
  absent?: Duration;
  /** Words by which it can be dropped together with others. */
  tags?: readonly string[];
}

/**
 * Rules by type (`Product`), and by coordinate (`Product.price`, `Query.products`), where that of a field takes the place of
 * its type's. What has no rule is not kept: neither an entity whose type has none nor a field of `Query` that has none. Of
 * all the rules that speak of one fetch the strictest holds; 'never' is the strictest.
 */
export type CacheRules<Coordinate extends string = string> = string extends Coordinate
  ? { readonly [name: string]: CacheRule | 'never' }
  : { readonly [name in Coordinate | TypeOf<Coordinate>]?: CacheRule | 'never' };

type TypeOf<Coordinate> = Coordinate extends `${infer Type}.${string}` ? Type : never;

/** Whose whole answers are kept, too: nobody's, those that are the same for everybody, or each viewer's own besides. */
export type ResponseCache = 'never' | 'public' | 'viewer';
