// Owns the words in which a BFF says what its clients may see; composition/contract.ts gives them their meaning.

export interface ContractTags {
  /** Only what carries one of these tags is visible; without it everything is. */
  include?: readonly string[];
  /** What carries one of these tags is never visible. */
  exclude?: readonly string[];
}
