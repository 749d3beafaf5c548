// Owns for whom the value of one field may be remembered: the scope of its cache rule, and the viewer alone where it has none.
import { Kind, parse } from 'graphql';
import type { CacheScope } from '../declaration/cache-declaration.ts';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import { Audience } from './audience.ts';
import { createFieldRules, type FieldRulesOptions } from './rules/field-rules.ts';
import { SchemaFacts } from './rules/schema-facts.ts';
import { selectionRule } from './rules/selection-rule.ts';

interface FieldAudienceOptions {
  bff: Pick<BffDeclaration, 'cache'>;
  supergraph: SupergraphFacts;
  isProtected: FieldRulesOptions['isProtected'];
  /** Names of the client's headers that subgraphs get, in lower case. */
  forwarded: readonly string[];
}

/** What stands in the keys of those who may have it, and whether that can be others than this very viewer. */
export interface FieldAudience {
  key: string;
  isShared: boolean;
}

/**
 * `text` is the GraphQL text of one field of the type, which is selected by itself. What is answered is undefined for whoever
 * must not be told what was remembered for others, nor is to be remembered.
 */
export function fieldAudiences({ bff, supergraph, isProtected, forwarded }: FieldAudienceOptions) {
  const { document } = supergraph;
  const facts = new SchemaFacts(document);
  const rules = createFieldRules({ cache: bff.cache ?? {}, document, facts, isProtected });
  const headers = forwarded.filter((name) => name !== 'authorization');
  return (type: string, text: string) => {
    const scope = scopeOf(type, text);
    return (context: RequestContext): FieldAudience | undefined => {
      const key = new Audience(context, headers).of(scope);
      return key === undefined ? undefined : { key, isShared: scope !== 'viewer' };
    };
  };

  function scopeOf(type: string, text: string): CacheScope {
    const [definition] = parse(`{${text}}`, { noLocation: true }).definitions;
    if (definition?.kind !== Kind.OPERATION_DEFINITION) return 'viewer';
    return selectionRule(rules, facts, { type, selectionSet: definition.selectionSet })?.scope ?? 'viewer';
  }
}
