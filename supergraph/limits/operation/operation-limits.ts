// Owns the numbers that a BFF's limits of operations come to: what is declared, and what is usual in place of the rest.
import { type LimitsDeclaration, usualLimits } from '../../declaration/limits-declaration.ts';
import { byteSize } from '../../foundation/byte-size.ts';

/** Limits that hold for every operation by itself; see LimitsDeclaration for what each is about. */
export interface OperationLimits {
  /** Bytes. */
  readonly body: number;
  readonly tokens: number;
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly directives: number;
  readonly selections: number;
  readonly listItems: number;
  readonly variableDepth: number;
  readonly fetches: number;
  readonly errors: number;
  /** Bytes. */
  readonly answer: number;
}

export function operationLimits(declared: LimitsDeclaration = {}): OperationLimits {
  const { body, answer, ...said } = { ...usualLimits, ...declared };
  return {
    body: byteSize(body),
    tokens: said.tokens,
    depth: said.depth,
    introspectionDepth: said.introspectionDepth,
    aliases: said.aliases,
    rootFields: said.rootFields,
    directives: said.directives,
    selections: said.selections,
    listItems: said.listItems,
    variableDepth: said.variableDepth,
    fetches: said.fetches,
    errors: said.errors,
    answer: byteSize(answer),
  };
}
