// Owns putting real fields back in a plan where the planner's supergraph had hidden ones, under the hidden names as aliases.
import { Kind, parse, print, stripIgnoredCharacters, visit } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection } from '../plan.ts';
import { join } from '../translate-plan.ts';
import type { RequirementVariants } from './requirement-variants.ts';
import { splitFetch } from './split-fetch.ts';

/**
 * A plan that names real fields only. Where one representation would hold two variants of a field, which have the same
 * name there, each variant is asked for on its own.
 */
export function emitVariants(plan: QueryPlan, variants: RequirementVariants): QueryPlan {
  if (plan.node === undefined || variants.byName.size === 0) return plan;
  const node = emitNode(plan.node, variants);
  return node === undefined ? {} : { node };
}

function emitNode(node: PlanNode, variants: RequirementVariants): PlanNode | undefined {
  if (node.kind !== 'fetch') {
    return join(
      node.kind,
      node.nodes.flatMap((inner) => emitNode(inner, variants) ?? []),
    );
  }
  const { requires } = node;
  const renamed = requires
    ? { ...node, requires: requires.map((part) => emitRequired(part, variants)) }
    : node;
  return join(
    'parallel',
    splitFetch(renamed, variants).map((fetch) => emitDocument(fetch, variants)),
  );
}

function emitRequired(selection: RequiredSelection, variants: RequirementVariants): RequiredSelection {
  if (selection.kind === 'fragment') {
    return { ...selection, selections: selection.selections.map((inner) => emitRequired(inner, variants)) };
  }
  const real = variants.byName.get(selection.name)?.field;
  const selections = selection.selections?.map((inner) => emitRequired(inner, variants));
  return { ...selection, ...(real !== undefined && { as: real }), ...(selections && { selections }) };
}

function emitDocument(fetch: FetchNode, { byName }: RequirementVariants): FetchNode {
  if (![...byName.keys()].some((name) => fetch.document.includes(name))) return fetch;
  const document = visit(parse(fetch.document, { noLocation: true }), {
    Field(field) {
      const variant = byName.get(field.name.value);
      if (variant === undefined) return undefined;
      return {
        ...field,
        alias: field.alias ?? field.name,
        name: { kind: Kind.NAME, value: variant.field },
        // What it has already is filled from a context.
        arguments: [...(field.arguments ?? []), ...variant.arguments],
      };
    },
  });
  return { ...fetch, document: stripIgnoredCharacters(print(document)) };
}
