// Owns what can be wrong with schemas, from a syntax error to a contract, and how it is printed.

export interface CompositionProblem {
  /** The subgraphs it is about, or the BFF whose contract it is about. */
  where: readonly string[];
  /** `Type.field`, or a line of the file where the file cannot be read as GraphQL. */
  coordinate: string | undefined;
  /** An error code of Apollo's composition, or one of ours. */
  rule: string;
  message: string;
}

/** Stops a composition; holds every problem that was found, never only the first. */
export class CompositionFailure extends Error {
  override name = 'CompositionFailure';
  readonly problems: readonly CompositionProblem[];

  constructor(problems: readonly CompositionProblem[]) {
    super(problems.map(printProblem).join('\n'));
    this.problems = problems;
  }
}

function printProblem({ where, coordinate, rule, message }: CompositionProblem): string {
  const heading = [where.join(', '), coordinate, rule].filter((part) => part !== undefined && part !== '');
  return `${heading.join(' · ')}\n    ${message.trim().replaceAll('\n', '\n    ')}`;
}
