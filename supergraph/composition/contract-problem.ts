// Owns the words in which a contract is refused: what clients could not use, what is hidden and why, what can be done.
import { GraphQLError } from 'graphql';
import type { CompositionProblem } from './composition-problem.ts';
import type { HiddenCoordinates } from './hidden-coordinates.ts';

/** `cause` is what federation says of a supergraph in which too much is @inaccessible. */
export function contractProblem(bff: string, cause: Error, hidden: HiddenCoordinates): CompositionProblem {
  const { extensions = {} } = cause instanceof GraphQLError ? cause : {};
  const { code, inaccessible_elements, inaccessible_referencers } = extensions;
  const elements = listOf(inaccessible_elements);
  // Federation says which hidden element is needed by which visible one; the visible one is where it has to be mended.
  const coordinates = listOf(inaccessible_referencers ?? elements);
  const [element] = elements;
  const [at] = coordinates;
  const rule = typeof code === 'string' ? code : 'INVALID_CONTRACT';
  const message = element && at ? explain({ rule, element, at, hidden }) : undefined;
  return {
    where: [bff],
    coordinate: coordinates.length > 0 ? coordinates.join(', ') : undefined,
    rule,
    message: message ?? cause.message,
  };
}

interface Refusal {
  rule: string;
  /** What is hidden. */
  element: string;
  /** What is visible and needs it. */
  at: string;
  hidden: HiddenCoordinates;
}

/** undefined for what the rule of contracts never does; federation's own words are better than none. */
function explain({ rule, element, at, hidden }: Refusal): string | undefined {
  const because = (coordinate: string) => `because ${hidden.get(coordinate) ?? 'a subgraph marks it so'}`;
  const owner = at.startsWith('@') ? undefined : ownerOf(at);
  const orHide = owner === undefined ? '' : `, or hide "${owner}"`;
  switch (rule) {
    case 'QUERY_ROOT_TYPE_INACCESSIBLE':
      return `"${at}" is hidden ${because(at)}, and without it clients cannot ask for anything. Show a field of it.`;
    case 'REFERENCED_INACCESSIBLE':
      return `"${at}" must be given and is of the type "${element}", which is hidden ${because(element)}. Show "${element}"${orHide}.`;
    case 'REQUIRED_INACCESSIBLE':
      return element === at
        ? `"${at}" is hidden ${because(at)}, and must be given wherever "${owner}" is used. Show it, make it optional${orHide}.`
        : `"${at}" must be given, and "${element}", of which it is the implementation, is hidden ${because(element)}. Show "${element}"${orHide}.`;
    case 'IMPLEMENTED_BY_INACCESSIBLE':
      return `"${at}" is visible and promises "${element}", which is hidden ${because(element)}. Show "${element}", or hide "${at}".`;
    case 'DEFAULT_VALUE_USES_INACCESSIBLE': {
      // Federation names the type alone of what is hidden.
      const parts = [...hidden.keys()].filter((coordinate) => coordinate.startsWith(`${element}.`));
      const used = parts.map((part) => `"${part}" (hidden ${because(part)})`);
      return `The default value of "${at}" is made of what is hidden: ${used.join(', ')}. Show it, change the default value, or hide "${at}".`;
    }
    default:
      return undefined;
  }
}

/** `Query.a` of `Query.a(in:)`, `In` of `In.field`. */
function ownerOf(coordinate: string): string {
  return coordinate.replace(/(?:\(\w+:\)|\.\w+)$/, '');
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
