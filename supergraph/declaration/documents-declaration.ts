// Owns the part of a BFF's declaration that says which operations its clients send; check-documents.ts says what is wrong with one.

export interface DocumentsDeclaration {
  /**
   * The folder of the clients' operations (`*.graphql`, at any depth), beside the declaration. `npm run documents` makes
   * `generated/persisted-query-manifest.json` of them, and the router answers an operation by its id in there.
   */
  folder: string;
  /**
   * What becomes of an operation that is not registered: 'allow' answers it; 'reject' refuses it in production, and
   * answers and logs it elsewhere.
   */
  unregistered: 'allow' | 'reject';
  /** Whether clients may register operations by sending them once with their hash (automatic persisted queries); not unless told. */
  automatic?: boolean;
  /** How many operations one request may hold, as a JSON array; 1 unless told: arrays are refused then. */
  batch?: number;
}
