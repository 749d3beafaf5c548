// Owns the part of a BFF's declaration that says which clients and versions it answers; check-clients.ts says what is wrong with one.

/** Of one client, by the name it sends as `apollographql-client-name`. */
export interface ClientDeclaration {
  /** The oldest version that is answered (`3.0.0`); older ones, and those that say none, get CLIENT_UPGRADE_REQUIRED. */
  minimum?: string;
  /**
   * Days (`2027-03-31`, UTC) from which versions below a number are answered no more. Until then their answers carry
   * the header `sunset`.
   */
  sunset?: { readonly [below: string]: string };
  /** Where people get a newer version: told with CLIENT_UPGRADE_REQUIRED, and as a link beside `sunset`. */
  store?: string;
  /** Bounds of Int arguments, by their name, wherever they are: page sizes, widths of images. */
  arguments?: { readonly [name: string]: ArgumentBounds };
  /** Whether it may read the schema whatever `limits.introspection` says. Anybody can send its name: nothing is secret by it. */
  introspection?: boolean;
}

export interface ArgumentBounds {
  /** What is asked for where the operation says nothing. */
  default?: number;
  /** More is refused with BAD_USER_INPUT. */
  maximum?: number;
}

export type ClientsDeclaration = { readonly [name: string]: ClientDeclaration };
