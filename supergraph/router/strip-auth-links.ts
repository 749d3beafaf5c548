// Owns the copy of a supergraph that @apollo/gateway agrees to load: without the specs that it refuses.
import { type ASTNode, type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';
import { readLink, type SpecLink, specLinks } from '../foundation/spec-links.ts';

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
  for (const link of specLinks(document)) {
    const spec = refusedSpec(link);
    if (spec === undefined) continue;
    const { name = spec, imports } = link;
    stripped.add(spec);
    names.add(name);
    prefixes.push(`${name}__`);
    for (const { as } of imports) if (as.startsWith('@')) names.add(as.slice(1));
  }
  if (stripped.size === 0) return { document, stripped: [] };
  const isStripped = (name: string) => names.has(name) || prefixes.some((prefix) => name.startsWith(prefix));

  const remaining = visit(document, {
    Directive: {
      enter(directive) {
        const isLink =
          directive.name.value === 'link' &&
          refusedSpec(readLink(directive as ConstDirectiveNode)) !== undefined;
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

function refusedSpec({ url }: SpecLink): RefusedSpec | undefined {
  const [, name] = /^https:\/\/specs\.apollo\.dev\/(\w+)\/v\d/.exec(url) ?? [];
  return refused.find((spec) => spec === name);
}

function isJoinField(node: ASTNode | readonly ASTNode[] | undefined): boolean {
  return (
    node !== undefined && 'kind' in node && node.kind === Kind.DIRECTIVE && node.name.value === 'join__field'
  );
}
