// Owns for whom the value of one field may be remembered: for whom it is declared, and for its viewer alone where not everybody may have all of it.
import { isInterfaceType, isObjectType, Kind, parse } from 'graphql';
import type { CacheRule, CacheScope } from '../declaration/cache-declaration.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import { Audience } from './audience.ts';
import { createFieldRules, type FieldRules, type FieldRulesOptions } from './rules/field-rules.ts';
import { SchemaFacts } from './rules/schema-facts.ts';
import { selectionRule } from './rules/selection-rule.ts';

interface FieldAudienceOptions {
  bff: Pick<BffDeclaration, 'cache'>;
  supergraph: SupergraphFacts;
  isProtected: FieldRulesOptions['isProtected'];
  /** Names of the client's headers that subgraphs get, in lower case. */
  forwarded: readonly string[];
}

export interface FieldAudiences {
  /** `text` is the GraphQL text of one field of the type, selected by itself; `declared` takes the place of its cache rule. */
  scopeOf: (type: string, text: string, declared: CacheScope | undefined) => CacheScope;
  /** What stands in the keys of whoever asks; undefined where nothing is remembered for them. */
  keysOf: (context: RequestContext) => (scope: CacheScope) => string | undefined;
}

export function fieldAudiences(options: FieldAudienceOptions): FieldAudiences {
  const { bff, supergraph, isProtected, forwarded } = options;
  const { document } = supergraph;
  const facts = new SchemaFacts(document);
  const rulesFor = (cache: NonNullable<BffDeclaration['cache']>) =>
    createFieldRules({ cache, document, facts, isProtected });
  const usual = rulesFor(bff.cache ?? {});
  const declaredRules = new Map<string, FieldRules>();
  const headers = forwarded.filter((name) => name !== 'authorization').sort();

  /** As if all were kept for those: what the schema says of being private, and what is protected, is stricter still. */
  function rulesOf(scope: CacheScope): FieldRules {
    const name = JSON.stringify(scope);
    const known = declaredRules.get(name) ?? rulesFor(everything(facts, { maxAge: '1d', scope }));
    declaredRules.set(name, known);
    return known;
  }

  return {
    scopeOf(type, text, declared) {
      const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
      if (definition?.kind !== Kind.OPERATION_DEFINITION) return 'viewer';
      const rules = declared === undefined ? usual : rulesOf(declared);
      const { selectionSet } = definition;
      return selectionRule(rules, facts, { type, selectionSet })?.scope ?? 'viewer';
    },
    keysOf(context) {
      const audience = new Audience(context, headers);
      return (scope) => audience.of(scope);
    },
  };
}

function everything({ schema }: SchemaFacts, rule: CacheRule): Record<string, CacheRule> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) || isInterfaceType(type),
  );
  const roots = Object.keys(schema.getQueryType()?.getFields() ?? {}).map((field) => `Query.${field}`);
  return Object.fromEntries([...types.map(({ name }) => name), ...roots].map((name) => [name, rule]));
}
