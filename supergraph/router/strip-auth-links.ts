// Owns the copy of a supergraph that @apollo/gateway agrees to load: without the specs that it refuses.
import {
  type ASTNode,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  Kind,
  visit,
} from 'graphql';
import { stringArgument } from '../foundation/supergraph-facts.ts';

const refused = ['authenticated', 'requiresScopes', 'policy', 'context'] as const;
type RefusedSpec = (typeof refused)[number];

export interface StrippedSupergraph {
  document: DocumentNode;
  /** The specs that were taken out: whoever relied on the router for them must know. */
  stripped: readonly RefusedSpec[];
}

/** Takes out the links, definitions and uses of @authenticated, @requiresScopes, @policy and @context with @fromContext. */
export function stripAuthLinks(document: DocumentNode): StrippedSupergraph {
  const stripped = new Set<RefusedSpec>();
  const prefixes: string[] = [];
  const names = new Set<string>();
  for (const link of schemaDirectives(document)) {
    const spec = refusedSpec(link);
    if (spec === undefined) continue;
    const name = stringArgument(link, 'as') ?? spec;
    stripped.add(spec);
    names.add(name);
    prefixes.push(`${name}__`);
    for (const imported of importedDirectives(link)) names.add(imported);
  }
  if (stripped.size === 0) return { document, stripped: [] };
  const isStripped = (name: string) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));

  const remaining = visit(document, {
    Directive: {
      enter(directive) {
        const isLink =
          directive.name.value === 'link' && refusedSpec(directive as ConstDirectiveNode) !== undefined;
        return isLink || isStripped(directive.name.value) ? null : undefined;
      },
    },
    DirectiveDefinition: ({ name }) => (isStripped(name.value) ? null : undefined),
    ScalarTypeDefinition: ({ name }) =>
      prefixes.some((prefix) => name.value.startsWith(prefix)) ? null : undefined,
    Argument(argument, _key, _parent, _path, ancestors) {
      // The values that @fromContext would fill are known to the planner by this argument alone.
      const owner = ancestors.at(-1);
      const isFromContext = stripped.has('context') && argument.name.value === 'contextArguments';
      return isFromContext && isJoinField(owner) ? null : undefined;
    },
  });
  return { document: remaining, stripped: [...stripped] };
}

function schemaDirectives(document: DocumentNode): ConstDirectiveNode[] {
  return document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? []).filter((directive) => directive.name.value === 'link')
      : [],
  );
}

function refusedSpec(link: ConstDirectiveNode): RefusedSpec | undefined {
  const [, name] = /^https:\/\/specs\.apollo\.dev\/(\w+)\/v\d/.exec(stringArgument(link, 'url') ?? '') ?? [];
  return refused.find((spec) => spec === name);
}

function importedDirectives(link: ConstDirectiveNode): string[] {
  const imports = link.arguments?.find((argument) => argument.name.value === 'import')?.value;
  if (imports?.kind !== Kind.LIST) return [];
  return imports.values
    .flatMap(importedName)
    .filter((name) => name.startsWith('@'))
    .map((name) => name.slice(1));
}

function importedName(value: ConstValueNode): string[] {
  if (value.kind === Kind.STRING) return [value.value];
  if (value.kind !== Kind.OBJECT) return [];
  // `{ name: "@policy", as: "@rule" }`: within the document only the second counts.
  const field = (name: string) => value.fields.find((entry) => entry.name.value === name)?.value;
  const name = field('as') ?? field('name');
  return name?.kind === Kind.STRING ? [name.value] : [];
}

function isJoinField(node: ASTNode | readonly ASTNode[] | undefined): boolean {
  return (
    node !== undefined && 'kind' in node && node.kind === Kind.DIRECTIVE && node.name.value === 'join__field'
  );
}
