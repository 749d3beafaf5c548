// Owns the part of a BFF's declaration that bounds what one client may ask, and how often; check-limits.ts says what is wrong with one.
import type { ByteSize } from '../foundation/byte-size.ts';
import type { Duration } from '../foundation/duration.ts';

export interface LimitsDeclaration<Coordinate extends string = string> {
  /** Of a request's body, once it is unpacked; '1MB' unless told. */
  body?: ByteSize;
  /** Words and signs of a document; 10,000 unless told. */
  tokens?: number;
  /** Fields within each other, with fragments written out; 50 unless told. */
  depth?: number;
  /** The same within `__schema` and `__type`; 25 unless told: what tools send has 15. */
  introspectionDepth?: number;
  /** Fields that are asked for under another name, with fragments written out; 50 unless told. */
  aliases?: number;
  /** Fields of `Query` or `Mutation` in one operation, with fragments written out; 50 unless told. */
  rootFields?: number;
  /** Uses of directives in a document; 200 unless told. */
  directives?: number;
  /** Fields and fragments, with fragments written out; 2,000 unless told. */
  selections?: number;
  /** Of one list in an argument, be it written in the operation or in a variable; 1,000 unless told. */
  listItems?: number;
  /** Objects and lists within each other in a value, be it written in the operation or in a variable; 30 unless told. */
  variableDepth?: number;
  /** Questions to subgraphs that one operation needs; 200 unless told. */
  fetches?: number;
  /** What an operation may cost, as `@cost` and `@listSize` say, before it runs; not bounded unless told. */
  cost?: number;
  /** For lists of which no `@listSize` says how long they are; 10 unless told. */
  assumedListSize?: number;
  /** Told of one answer; 1,000 unless told. */
  errors?: number;
  /** Of an answer; '256MB' unless told. */
  answer?: ByteSize;
  /**
   * Who may read the schema, and gets suggestions with errors: 'development' is everybody where NODE_ENV is not production,
   * and what is said unless told. A client may be allowed to whatever this says: `clients.<name>.introspection`.
   */
  introspection?: 'always' | 'development' | 'never';
  /** How much in which time, by names that clients are told; each that a request falls under must have room for it. */
  rates?: { readonly [name: string]: RateLimit<Coordinate> };
}

export interface RateLimit<Coordinate extends string = string> {
  /** Whose requests are counted together. A viewer who is not signed in is told apart by address. */
  per: 'viewer' | 'client' | 'address' | { readonly claim: string };
  /**
   * What is counted; 'operations' unless told, each once. Names count the operations that have them; fields count each time
   * that one is asked for, so that ten under ten names are ten.
   */
  of?:
    | 'operations'
    | 'cost'
    | { readonly operations: readonly string[] }
    | { readonly fields: readonly Coordinate[] };
  most: number;
  in: Duration;
  /**
   * 'window': so many from the first on until the time is over; 'bucket': room comes back bit by bit, all of it in the time.
   * 'window' unless told.
   */
  kind?: 'window' | 'bucket';
  /** Whose requests it is about; everybody's unless told. `isNot` are all others, also those who have no such claim. */
  for?:
    | { readonly client: string }
    | { readonly claim: string; readonly is: string }
    | { readonly claim: string; readonly isNot: string | readonly string[] };
  /**
   * What happens while Redis cannot be reached: 'open' answers, and each process counts by itself; 'closed' refuses. 'open'
   * unless told.
   */
  away?: 'open' | 'closed';
}

/** What holds where nothing is declared. */
export const usualLimits = {
  body: '1MB',
  tokens: 10_000,
  depth: 50,
  introspectionDepth: 25,
  aliases: 50,
  rootFields: 50,
  directives: 200,
  selections: 2_000,
  listItems: 1_000,
  variableDepth: 30,
  fetches: 200,
  cost: Number.POSITIVE_INFINITY,
  assumedListSize: 10,
  errors: 1_000,
  answer: '256MB',
  introspection: 'development',
  rates: {},
} as const satisfies Required<LimitsDeclaration>;
