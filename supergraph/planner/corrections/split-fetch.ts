// Owns taking a fetch of entities apart where its fields require one field with different arguments.
import {
  type FieldNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { FetchNode, RequiredSelection } from '../plan.ts';
import { agree, ClaimReader, type Claims } from './requirement-claims.ts';
import type { RequirementVariants } from './requirement-variants.ts';

/** What the places in a representation of a type begin with. */
type Start = (type: string | undefined) => string;

interface Part {
  claims: Claims;
  /** Selections on the entities that this part asks for. */
  fields: Set<SelectionNode>;
}

/** The fetch itself when no place of its representations is claimed twice. */
export function splitFetch(fetch: FetchNode, variants: RequirementVariants): FetchNode[] {
  const reader = new ClaimReader(variants);
  const { requires } = fetch;
  if (!requires || reader.contested(byTopType(requires, () => '')).size === 0) return [fetch];
  const { definition, entities } = readEntityDocument(fetch.document);
  const fields = fieldsOf(entities, undefined);
  // Objects of different types never meet in one representation; of interfaces nobody knows.
  const types = [...byTopType(requires, () => ''), ...fields].map(({ type }) => type);
  const areApart = types.every((type) => type !== undefined && variants.objectTypes.has(type));
  const start: Start = (type) => (areApart ? (type ?? '') : '');
  const contested = reader.contested(byTopType(requires, start));
  if (contested.size === 0) return [fetch];
  const parts: Part[] = [];
  const undemanding: SelectionNode[] = [];
  for (const { field, type } of fields) {
    const coordinate = { subgraph: fetch.subgraph, type, field: field.name.value };
    const claims = reader.ofField(coordinate, start(type), contested);
    if (claims.size === 0) {
      undemanding.push(field);
      continue;
    }
    const part = parts.find((candidate) => agree(candidate.claims, claims));
    if (part) {
      part.fields.add(field);
      for (const [path, claimed] of claims) part.claims.set(path, claimed);
    } else {
      parts.push({ claims, fields: new Set([field]) });
    }
  }
  const [first] = parts;
  if (first === undefined) parts.push({ claims: new Map(), fields: new Set(undemanding) });
  else for (const field of undemanding) first.fields.add(field);
  return parts.map((part) => fetchOf(fetch, definition, part, { reader, contested, start, areApart }));
}

interface Split {
  reader: ClaimReader;
  contested: ReadonlySet<string>;
  start: Start;
  areApart: boolean;
}

function fetchOf(
  fetch: FetchNode,
  definition: OperationDefinitionNode,
  { claims, fields }: Part,
  { reader, contested, start, areApart }: Split,
): FetchNode {
  const used = new Set<string>();
  const selecting = {
    ...definition,
    selectionSet: withEntities(definition.selectionSet, (entities) => only(entities, fields)),
  };
  visit(selecting.selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const document = {
    ...selecting,
    variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
      used.has(variable.name.value),
    ),
  };
  const asked = new Set(fieldsOf(entitiesOf(document.selectionSet), undefined).map(({ type }) => type));
  const found = new Set<string>();
  const requires = byTopType(fetch.requires ?? [], start).flatMap((top) => {
    if (areApart && !asked.has(top.type)) return [];
    const place = { path: top.start, typedPath: top.start };
    const left = reader.only(top.selections, place, claims, contested, found);
    return top.whole.kind === 'fragment' ? [{ ...top.whole, selections: left }] : left;
  });
  const missing = [...claims.values()]
    .flatMap((claimed) => [...claimed])
    .filter((claim) => !found.has(claim));
  if (missing.length > 0)
    throw new Error(`The plan does not provide what is required: ${missing.join(', ')}`);
  const contexts = (fetch.contexts ?? []).filter(({ variable }) => used.has(variable));
  const { contexts: _, ...rest } = fetch;
  return {
    ...rest,
    document: stripIgnoredCharacters(print(document)),
    variables: fetch.variables.filter((name) => used.has(name)),
    requires,
    ...(contexts.length > 0 && { contexts }),
  };
}

interface Top {
  type: string | undefined;
  start: string;
  whole: RequiredSelection;
  selections: readonly RequiredSelection[];
}

function byTopType(requires: readonly RequiredSelection[], start: Start): Top[] {
  return requires.map((whole) =>
    whole.kind === 'fragment'
      ? { type: whole.typeCondition, start: start(whole.typeCondition), whole, selections: whole.selections }
      : { type: undefined, start: start(undefined), whole, selections: [whole] },
  );
}

function readEntityDocument(document: string): {
  definition: OperationDefinitionNode;
  entities: SelectionSetNode;
} {
  const [definition] = parse(document, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('A fetch has no operation.');
  return { definition, entities: entitiesOf(definition.selectionSet) };
}

function entitiesOf(root: SelectionSetNode): SelectionSetNode {
  const [field] = root.selections;
  if (field?.kind !== Kind.FIELD || !field.selectionSet) throw new Error('A fetch asks for no entities.');
  return field.selectionSet;
}

function withEntities(
  root: SelectionSetNode,
  change: (entities: SelectionSetNode) => SelectionSetNode,
): SelectionSetNode {
  return {
    ...root,
    selections: root.selections.map((selection) =>
      selection.kind === Kind.FIELD && selection.selectionSet
        ? { ...selection, selectionSet: change(selection.selectionSet) }
        : selection,
    ),
  };
}

interface EntityField {
  field: FieldNode;
  type: string | undefined;
}

function fieldsOf(set: SelectionSetNode, type: string | undefined): EntityField[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ field: selection, type }];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    return fieldsOf(selection.selectionSet, selection.typeCondition?.name.value ?? type);
  });
}

function only(set: SelectionSetNode, fields: ReadonlySet<SelectionNode>): SelectionSetNode {
  const selections = set.selections.flatMap((selection): (FieldNode | InlineFragmentNode)[] => {
    if (selection.kind === Kind.FIELD) return fields.has(selection) ? [selection] : [];
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const selectionSet = only(selection.selectionSet, fields);
    return selectionSet.selections.length > 0 ? [{ ...selection, selectionSet }] : [];
  });
  return { ...set, selections };
}
