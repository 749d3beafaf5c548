// Owns the words in which a BFF says how the fields of its views come about; load-views.ts finds them beside its schema.
import type { GraphQLFormattedError } from 'graphql';
import type { Viewer } from '../foundation/viewer.ts';

/** What every field of the views may know of the request it is for. */
export interface ViewContext {
  readonly viewer: Viewer;
  /** A BCP 47 tag without extensions (`de-AT`): what the client would like best by its `accept-language`, `en` where it says nothing. */
  readonly locale: string;
  readonly now: Date;
  /** Aborts when nobody waits for the field any more. */
  readonly signal: AbortSignal;
  readonly requestId: string;
}

/** What a field of `Query` may do beside that. */
export interface RootViewContext extends ViewContext {
  /**
   * Runs an operation of `documents/` beside the views, by its name, as if the viewer had sent it: under the same rules and
   * bounds, ended with the same request. Rejects where there is no such operation, and when the request is given up; all
   * else that goes wrong is in `errors`, in the words that clients may see.
   */
  readonly ask: Ask;
}

export type Ask = <Data = Record<string, unknown>>(
  document: string,
  variables?: Readonly<Record<string, unknown>>,
) => Promise<ViewAnswer<Data>>;

export interface ViewAnswer<Data> {
  data: Data | null;
  errors: readonly GraphQLFormattedError[];
}

// Methods, so that a resolver may declare just the parent and the arguments that its field has.
export type ViewResolver = {
  resolve(parent: object, args: object, context: ViewContext): unknown;
}['resolve'];

export type RootViewResolver = {
  resolve(parent: unknown, args: object, context: RootViewContext): unknown;
}['resolve'];

/**
 * By type and field. The parent of a field of an entity is its representation: key and what the field `@requires`, and
 * that is all the data it gets.
 */
export interface ViewResolvers {
  readonly Query?: { readonly [field: string]: RootViewResolver };
  readonly [type: string]: { readonly [field: string]: ViewResolver } | undefined;
}

export interface Views {
  /** A function is called once for each router: what it remembers beside its resolvers is that router's. */
  readonly resolvers: ViewResolvers | (() => ViewResolvers);
}

/** Says how views come about; `index.ts` of their folder exports it. A router checks them against their schema when it starts. */
export function defineViews(views: Views): Views {
  return Object.freeze(views);
}
