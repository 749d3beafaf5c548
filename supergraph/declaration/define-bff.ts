// Owns the shape of a BFF's declaration; check-bff.ts says what is wrong with one, start-router.ts runs it.
import type { ApolloServerPlugin } from '@apollo/server';
import type { ContractTags } from '../foundation/contract-tags.ts';
import type { Duration } from '../foundation/duration.ts';
import type { CacheRules, ResponseCache } from './cache-declaration.ts';
import type { ClientsDeclaration } from './clients-declaration.ts';
import type { DocumentsDeclaration } from './documents-declaration.ts';
import type { Fallbacks } from './fallback-words.ts';
import type { IdentityDeclaration } from './identity-declaration.ts';
import type { LimitsDeclaration } from './limits-declaration.ts';
import type { FieldPolicy, ResiliencePolicy } from './resilience-declaration.ts';
import type { Rule } from './rule-words.ts';

/** The names in a BFF's graph. Composition generates them (`generated/coordinates.ts`), so that a typo is red in the editor. */
export interface GraphNames {
  /** `Type.field` */
  coordinate: string;
  subgraph: string;
}

export interface SubgraphPolicy extends ResiliencePolicy {
  /**
   * Whether its answers may go to clients unread, where a whole operation is one fetch and nothing is to be changed. Only
   * for a subgraph that keeps to its schema: nobody looks for missing or wrong values then. Without it they are read.
   */
  trusted?: boolean;
  /**
   * Whether what its answers say of being kept (`cache-control` and others) makes the rules of `cache` stricter; 'obeyed'
   * unless told. Apollo Server says `no-store` of all that has no hints.
   */
  cacheControl?: 'obeyed' | 'ignored';
  /**
   * Whether it is told who asks in a signed header (`tributary-caller`), with the secret in CALLER_SECRET; not unless told.
   * In production a router does not start without that secret then.
   */
  signed?: boolean;
  /** Who is believed to be this subgraph where its address starts with https://, and how the router shows who it is. */
  tls?: SubgraphTls;
}

/** Paths of PEM files, from the working directory. What is not said is taken from SUBGRAPH_TLS_…, and from `every`. */
export interface SubgraphTls {
  /** Certificates of those who sign its certificate; those whom Node believes unless it is said. */
  ca?: string;
  /** The router's own certificate, and its key. */
  cert?: string;
  key?: string;
  /** The name that its certificate must be for; the host of its address unless it is said. */
  serverName?: string;
}

export interface BffDeclaration<Graph extends GraphNames = GraphNames> {
  /** Lower case letters, digits and `-`. */
  name: string;
  /** Where it listens unless PORT says otherwise. */
  port: number;
  /** What clients may see; without it everything. Takes effect when `npm run compose` has run. */
  contract?: ContractTags;
  /**
   * A folder beside the declaration: fields that exist for this BFF's clients alone. Its `schema.graphql` is composed with
   * the domains as one more subgraph, called `<name>-views`, and its `index.ts` has the resolvers, which run in the router.
   * Takes effect when `npm run compose` has run.
   */
  views?: string;
  /** The operations that clients send; without it any valid one is answered. */
  documents?: DocumentsDeclaration;
  /** Clients of which something is to be said; others are answered whatever their version. */
  clients?: ClientsDeclaration;
  /** Policies by subgraph; what a subgraph does not say is taken from `every`. */
  subgraphs?: { readonly every?: SubgraphPolicy } & { readonly [name in Graph['subgraph']]?: SubgraphPolicy };
  /** Policies of fields, by coordinate, on top of those of their subgraphs. */
  fields?: { readonly [coordinate in Graph['coordinate']]?: FieldPolicy };
  /** How long a request may take, with all that it asks of subgraphs; '30s' unless told. */
  timeout?: Duration;
  /**
   * What stands in for a field that cannot be had: in place of what its domain says by `@fallback`. Never for what the viewer
   * may not have, and never in a mutation.
   */
  fallbacks?: Fallbacks<Graph['coordinate']>;
  /**
   * Whose tokens say who a viewer is; JWKS_URL, TOKEN_ISSUER and TOKEN_AUDIENCE take the place of its issuers. Without
   * both every viewer is anonymous, and tokens are handed on unread.
   */
  identity?: IdentityDeclaration;
  /**
   * Rules of fields, by type and field (`*` for all fields of a type); on top of what the domains demand by directives,
   * which cannot be taken away here. What a viewer may not ask for, no subgraph is asked for.
   */
  permissions?: Permissions<Graph['coordinate']>;
  /** What the names in `@policy(policies:)` mean; a name that is not here denies. */
  policies?: { readonly [name: string]: Rule };
  /** Whether it refuses to start while a field has no rule at all; `allow` is one. */
  defaultDeny?: boolean;
  /** What one client may ask, and how often; each limit that is not named has what usualLimits says, and there are no rates. */
  limits?: LimitsDeclaration<Graph['coordinate']>;
  /** What is kept of subgraphs' answers, and for whom; without it nothing is. */
  cache?: CacheRules<Graph['coordinate']>;
  /** Whose whole answers are kept, as long as all of their parts; 'public' unless told, where there is a `cache`. */
  responseCache?: ResponseCache;
  forward?: {
    /** Headers of the client that subgraphs get too, beside `authorization` and `x-request-id`. */
    readonly headers?: readonly string[];
    /** Whether subgraphs hear the client's network address, as `x-forwarded-for` of mutations; not unless told. */
    readonly clientAddress?: boolean;
    /**
     * Headers of subgraphs' answers that the client gets too; without it none. Several subgraphs have a part in one
     * answer: each `set-cookie` is kept, `cache-control` becomes the strictest (and `no-store` where one subgraph fails
     * or says nothing), others become a list.
     */
    readonly answerHeaders?: readonly string[];
  };
  /** A file of named operations, shown by the explorers; beside the declaration. */
  samples?: string;
  /** Plugins of Apollo Server, run after the router's own. `data` in an answer is text until a plugin looks at it. */
  plugins?: readonly ApolloServerPlugin[];
}

/** Rules by type and field, of a graph's coordinates where these are known. */
export type Permissions<Coordinate extends string = string> = string extends Coordinate
  ? { readonly [type: string]: { readonly [field: string]: Rule } }
  : {
      readonly [Type in TypeIn<Coordinate>]?: {
        readonly [Field in FieldIn<Coordinate, Type> | '*']?: Rule;
      };
    };

type TypeIn<Coordinate> = Coordinate extends `${infer Type}.${string}` ? Type : never;
type FieldIn<Coordinate, Type extends string> = Coordinate extends `${Type}.${infer Field}` ? Field : never;

/** Declares a BFF. It is checked, all of it at once, when the router starts. */
export function defineBff<Graph extends GraphNames = GraphNames>(
  declaration: BffDeclaration<Graph>,
): BffDeclaration {
  return Object.freeze(declaration as unknown as BffDeclaration);
}
