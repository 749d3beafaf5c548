// Owns operations that are known before a client sends them: each as a document of its own, in all its forms.
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';

export interface KnownOperation {
  name: string;
  definition: OperationDefinitionNode;
  document: DocumentNode;
}

/** The operations of a GraphQL text, with all its fragments. An empty text has none. */
export function knownOperations(text: string): KnownOperation[] {
  if (text.trim() === '') return [];
  const { definitions } = parse(text);
  const fragments = definitions.filter(
    (node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION,
  );
  return definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [definition, ...fragments] };
    return { name: definition.name?.value ?? '', definition, document };
  });
}

/** More forms than these are planned when they are needed. */
const mostCombinations = 16;

/** What the variables that conditions read can be: all of it, or as much of it as is worth planning ahead. */
export function combinations(variables: readonly string[]): Record<string, boolean>[] {
  let all: Record<string, boolean>[] = [{}];
  for (const name of variables) {
    const doubles = all.length * 2 <= mostCombinations;
    all = all.flatMap((one) =>
      (doubles ? [true, false] : [true]).map((value) => ({ ...one, [name]: value })),
    );
  }
  return all;
}
