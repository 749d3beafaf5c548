// Owns which fields of an entity fetch need which required field, so that one that could not be had takes only those along.
import { type DocumentNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { stringArgument } from '../../foundation/supergraph-facts.ts';
import type { FetchNode, PlanNode, QueryPlan } from '../plan.ts';
import type { RequirementVariants } from './requirement-variants.ts';
import { graphOf, isSupergraphType, type SupergraphTypes } from './supergraph-types.ts';

/**
 * Names within the keys that types have in a subgraph, by `subgraph.Type`: what a key needs, every field of the entity
 * needs. Keys that other subgraphs have are not sent there.
 */
export type KeyNames = ReadonlyMap<string, ReadonlySet<string>>;

export function keyNames({ definitions }: DocumentNode, types: SupergraphTypes): KeyNames {
  const names = new Map<string, Set<string>>();
  for (const definition of definitions.filter(isSupergraphType)) {
    for (const directive of definition.directives ?? []) {
      const key = directive.name.value === 'join__type' && stringArgument(directive, 'key');
      if (!key) continue;
      const type = `${types.subgraphName(graphOf(directive))}.${definition.name.value}`;
      names.set(type, new Set([...(names.get(type) ?? []), ...(key.match(/\w+/g) ?? [])]));
    }
  }
  return names;
}

/** The plan with `neededBy` in its fetches. */
export function withNeeds({ node }: QueryPlan, variants: RequirementVariants, keys: KeyNames): QueryPlan {
  const add = (inner: PlanNode): PlanNode => {
    if (inner.kind !== 'fetch') return { ...inner, nodes: inner.nodes.map(add) };
    const neededBy = needsOf(inner, variants, keys);
    return neededBy.size === 0 ? inner : { ...inner, neededBy: Object.fromEntries(neededBy) };
  };
  return node === undefined ? {} : { node: add(node) };
}

function needsOf(fetch: FetchNode, variants: RequirementVariants, keys: KeyNames): Map<string, string[]> {
  const needs = new Map<string, string[]>();
  // A field that is renamed on its way into the data cannot be named here.
  if (!fetch.requires || fetch.outputRewrites) return needs;
  const requirements = variants.requirements.get(fetch.subgraph);
  const owned = entityFields(fetch.document).map((field) => ({
    ...field,
    owners: [field.type, ...(variants.interfaces.get(field.type) ?? [])],
  }));
  const inKeys = new Set(
    owned.flatMap(({ owners }) =>
      owners.flatMap((owner) => [...(keys.get(`${fetch.subgraph}.${owner}`) ?? [])]),
    ),
  );
  for (const { owners, name, responseName } of owned) {
    const required = owners.flatMap((owner) => requirements?.get(`${owner}.${name}`) ?? []);
    for (const key of required.flatMap((selections) => namesIn(selections, variants))) {
      if (!inKeys.has(key)) needs.set(key, [...new Set([...(needs.get(key) ?? []), responseName])]);
    }
  }
  return needs;
}

/** The keys of a representation that hold what is required; fragments around them are looked through. */
function namesIn({ selections }: SelectionSetNode, variants: RequirementVariants): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      return [variants.byName.get(name)?.field ?? name];
    }
    return selection.kind === Kind.INLINE_FRAGMENT ? namesIn(selection.selectionSet, variants) : [];
  });
}

/** Fields selected directly on the entities of a fetch, with the type whose they are. */
function entityFields(document: string): { type: string; name: string; responseName: string }[] {
  const within = (set: SelectionSetNode, type: string): ReturnType<typeof entityFields> =>
    set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        return [{ type, name, responseName: selection.alias?.value ?? name }];
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      return within(selection.selectionSet, selection.typeCondition?.name.value ?? type);
    });
  return parse(document, { noLocation: true }).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const [entities] = definition.selectionSet.selections;
    return entities?.kind === Kind.FIELD && entities.selectionSet ? within(entities.selectionSet, '') : [];
  });
}
