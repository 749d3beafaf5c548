// Owns what can be wrong with a client's documents, where it is, and how it is printed.
import { relative, sep } from 'node:path';
import { type ASTNode, type GraphQLError, getLocation } from 'graphql';

export interface DocumentProblem {
  /** `file:line:column`, or a file or folder as a whole; several where two places do not go together. */
  places: readonly string[];
  message: string;
}

/** Stops a registration; holds every problem of all BFFs, never only the first. */
export class DocumentsFailure extends Error {
  override name = 'DocumentsFailure';
  readonly problems: readonly DocumentProblem[];

  constructor(problems: readonly DocumentProblem[]) {
    super(problems.map(printProblem).join('\n'));
    this.problems = problems;
  }
}

/** What a person would type to open it. */
export function shownPath(path: string): string {
  return relative('.', path).replaceAll(sep, '/') || '.';
}

/** The source of each node must be called as its file. */
export function problemOf(error: GraphQLError): DocumentProblem {
  const places = (error.nodes ?? []).map(placeOf).filter((place) => place !== undefined);
  return { places: places.length > 0 ? places : syntaxPlaces(error), message: error.message };
}

/** `file:line:column`; undefined of what was not read from a file. */
export function placeOf({ loc }: ASTNode): string | undefined {
  if (loc === undefined) return undefined;
  const { line, column } = getLocation(loc.source, loc.start);
  return `${loc.source.name}:${line}:${column}`;
}

function syntaxPlaces({ source, locations = [] }: GraphQLError): string[] {
  return locations.map(({ line, column }) => `${source?.name}:${line}:${column}`);
}

function printProblem({ places, message }: DocumentProblem): string {
  return `${places.join(', ')}\n    ${message.trim().replaceAll('\n', '\n    ')}`;
}
