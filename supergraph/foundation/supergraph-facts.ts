// Owns what can be read off a supergraph without building it: its subgraphs and its tags.
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, visit } from 'graphql';
import { StartupProblem } from './startup-problem.ts';

export interface SupergraphFacts {
  document: DocumentNode;
  /** Where each subgraph is, by name; the address is empty when the supergraph does not say. */
  subgraphs: ReadonlyMap<string, string>;
  tags: ReadonlySet<string>;
}

/** Throws a StartupProblem when the text is no GraphQL or no supergraph. `from` names it in the message. */
export function readSupergraphFacts(sdl: string, from: string): SupergraphFacts {
  const document = parseSdl(sdl, from);
  const subgraphs = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== 'join__Graph') continue;
    for (const graph of definition.values ?? []) {
      const join = graph.directives?.find((directive) => directive.name.value === 'join__graph');
      if (join)
        subgraphs.set(stringArgument(join, 'name') ?? graph.name.value, stringArgument(join, 'url') ?? '');
    }
  }
  if (subgraphs.size === 0) {
    throw new StartupProblem(
      `${from} is a GraphQL schema, but not a supergraph: it names no subgraphs (enum join__Graph). Compose it first.`,
    );
  }
  return { document, subgraphs, tags: tagsOf(document) };
}

/** The text of a directive's argument, or undefined when it has none or it is no text. */
export function stringArgument(directive: ConstDirectiveNode, name: string): string | undefined {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** All names used in `@tag(name:)`. */
export function tagsOf(document: DocumentNode): Set<string> {
  const tags = new Set<string>();
  visit(document, {
    Directive(directive) {
      if (directive.name.value !== 'tag') return;
      // Directives of a schema document never hold variables.
      const tag = stringArgument(directive as ConstDirectiveNode, 'name');
      if (tag !== undefined) tags.add(tag);
    },
  });
  return tags;
}

function parseSdl(sdl: string, from: string): DocumentNode {
  try {
    return parse(sdl, { noLocation: true });
  } catch (error) {
    throw new StartupProblem(
      `${from} cannot be read as GraphQL: ${error instanceof Error ? error.message : error}`,
    );
  }
}
