// Composes small supergraphs whose types say how long they may be kept, for tests of cache rules.
import { type DocumentNode, Kind, parse } from 'graphql';
import { createFieldRules } from '../../../../supergraph/cache/rules/field-rules.ts';
import { SchemaFacts } from '../../../../supergraph/cache/rules/schema-facts.ts';
import { type SelectionRule, selectionRule } from '../../../../supergraph/cache/rules/selection-rule.ts';
import { compose } from '../../../../supergraph/composition/compose.ts';
import type { CacheRules } from '../../../../supergraph/declaration/cache-declaration.ts';
import { readSupergraphFacts } from '../../../../supergraph/foundation/supergraph-facts.ts';

const federation = `"@composeDirective" "@inaccessible" "@interfaceObject" "@key" "@requires" "@external" "@shareable"`;

export interface Links {
  /** What of the spec is imported, and how it is called here. */
  imported?: string;
  name?: string;
  spec?: string;
}

/** Subgraphs' SDL by name; each may use `@cacheControl`. */
export function composed(
  subgraphs: Readonly<Record<string, string>>,
  {
    imported = '"@cacheControl"',
    name = 'cacheControl',
    spec = 'https://specs.tributary.dev/cache/v1.0',
  }: Links = {},
): DocumentNode {
  const head = `
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${federation}])
      @link(url: "${spec}", import: [${imported}])
      @composeDirective(name: "@${name}")
    directive @${name}(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
    enum CacheControlScope { PUBLIC PRIVATE }
  `;
  const sdl = compose(
    Object.entries(subgraphs).map(([subgraph, text]) => ({
      name: subgraph,
      url: `http://${subgraph}.example/`,
      document: parse(`${head}\n${text}`),
    })),
  );
  return readSupergraphFacts(sdl, 'the test').document;
}

export interface CachedGraph {
  /** `text` is what an `_entities` field selects, or a field of `Query` in braces; fragments may follow it. */
  ruleOf: (type: string, text: string) => SelectionRule | undefined;
}

/** `protect` lists coordinates. */
export function cachedGraph(
  document: DocumentNode,
  cache: CacheRules,
  protect: readonly string[] = [],
): CachedGraph {
  const facts = new SchemaFacts(document);
  const isProtected = (type: string, field: string): boolean => protect.includes(`${type}.${field}`);
  const rules = createFieldRules({ cache, document, facts, isProtected });
  return {
    ruleOf(type, text) {
      const [operation, ...others] = parse(text).definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${text} is no selection.`);
      const named = others.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
      const fragments = new Map(named.map((one) => [one.name.value, one]));
      return selectionRule(rules, facts, { type, selectionSet: operation.selectionSet, fragments });
    },
  };
}
