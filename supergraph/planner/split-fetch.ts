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
import type { FetchNode, RequiredSelection } from './plan.ts';
import type { RequirementVariants } from './requirement-variants.ts';

/** A place in a representation, by the names the subgraph knows, and what stands there under which name in the data. */
type Choices = Map<string, string>;

/** What the places in a representation of a type begin with. */
type Start = (type: string | undefined) => string;

interface Part {
  choices: Choices;
  /** Selections on the entities that this part asks for. */
  fields: Set<SelectionNode>;
}

/** The fetch itself when no place of its representations is claimed twice. */
export function splitFetch(fetch: FetchNode, variants: RequirementVariants): FetchNode[] {
  if (!fetch.requires || contestedPlaces(fetch.requires, () => '').size === 0) return [fetch];
  const { definition, entities } = readEntityDocument(fetch.document);
  // Objects of different types never meet in one representation; of interfaces nobody knows.
  const types = [...topTypes(fetch.requires), ...fieldsOf(entities, undefined).map(({ type }) => type)];
  const areApart = types.every((type) => type !== undefined && variants.objectTypes.has(type));
  const start: Start = (type) => (areApart ? (type ?? '') : '');
  const contested = contestedPlaces(fetch.requires, start);
  if (contested.size === 0) return [fetch];
  const parts: Part[] = [];
  const undemanding: SelectionNode[] = [];
  for (const { field, type } of fieldsOf(entities, undefined)) {
    const choices = choicesOf({ subgraph: fetch.subgraph, type, field }, start, variants, contested);
    if (choices.size === 0) {
      undemanding.push(field);
      continue;
    }
    const part = parts.find((candidate) => fits(candidate.choices, choices));
    if (part) {
      part.fields.add(field);
      for (const [place, name] of choices) part.choices.set(place, name);
    } else {
      parts.push({ choices, fields: new Set([field]) });
    }
  }
  const [first] = parts;
  if (first === undefined) parts.push({ choices: new Map(), fields: new Set(undemanding) });
  else for (const field of undemanding) first.fields.add(field);
  return parts.map((part) => fetchOf(fetch, definition, part, { contested, start, areApart }));
}

function fits(held: Choices, wanted: Choices): boolean {
  return [...wanted].every(([place, name]) => (held.get(place) ?? name) === name);
}

/** Places that are to hold fields of more than one name of the data. */
function contestedPlaces(requires: readonly RequiredSelection[], start: Start): Set<string> {
  const names = new Map<string, Set<string>>();
  const walk = (selections: readonly RequiredSelection[], path: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'fragment') {
        walk(selection.selections, path);
        continue;
      }
      const place = `${path}/${selection.as ?? selection.name}`;
      names.set(place, (names.get(place) ?? new Set()).add(selection.name));
      walk(selection.selections ?? [], place);
    }
  };
  for (const { type, selections } of byTopType(requires)) walk(selections, start(type));
  return new Set([...names].flatMap(([place, { size }]) => (size > 1 ? place : [])));
}

/** What a field of the subgraph requires at contested places. */
function choicesOf(
  { subgraph, type, field }: { subgraph: string; type: string | undefined; field: FieldNode },
  start: Start,
  { requirements, byName, interfaces }: RequirementVariants,
  contested: ReadonlySet<string>,
): Choices {
  const choices: Choices = new Map();
  const known = requirements.get(subgraph);
  const types = type === undefined ? [] : [type, ...(interfaces.get(type) ?? [])];
  const walk = (set: SelectionSetNode, path: string): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, path);
        continue;
      }
      const held = selection.name.value;
      const place = `${path}/${byName.get(held)?.field ?? held}`;
      if (contested.has(place)) choices.set(place, held);
      if (selection.selectionSet) walk(selection.selectionSet, place);
    }
  };
  for (const owner of types) {
    const required = known?.get(`${owner}.${field.name.value}`);
    if (required) walk(required, start(type));
  }
  return choices;
}

function fetchOf(
  fetch: FetchNode,
  definition: OperationDefinitionNode,
  { choices, fields }: Part,
  { contested, start, areApart }: { contested: ReadonlySet<string>; start: Start; areApart: boolean },
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
  const contexts = (fetch.contexts ?? []).filter(({ variable }) => used.has(variable));
  const { contexts: _, ...rest } = fetch;
  return {
    ...rest,
    document: stripIgnoredCharacters(print(document)),
    variables: fetch.variables.filter((name) => used.has(name)),
    requires: byTopType(fetch.requires ?? []).flatMap(({ type, whole, selections }) => {
      if (areApart && !asked.has(type)) return [];
      const left = chosen(selections, start(type), choices, contested);
      return whole.kind === 'fragment' ? [{ ...whole, selections: left }] : left;
    }),
    ...(contexts.length > 0 && { contexts }),
  };
}

function chosen(
  selections: readonly RequiredSelection[],
  path: string,
  choices: Choices,
  contested: ReadonlySet<string>,
): RequiredSelection[] {
  return selections.flatMap((selection): RequiredSelection[] => {
    if (selection.kind === 'fragment') {
      const inner = chosen(selection.selections, path, choices, contested);
      return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
    }
    const place = `${path}/${selection.as ?? selection.name}`;
    if (contested.has(place) && choices.get(place) !== selection.name) return [];
    if (!selection.selections) return [selection];
    const inner = chosen(selection.selections, place, choices, contested);
    return inner.length > 0 ? [{ ...selection, selections: inner }] : [];
  });
}

function byTopType(requires: readonly RequiredSelection[]): {
  type: string | undefined;
  whole: RequiredSelection;
  selections: readonly RequiredSelection[];
}[] {
  return requires.map((whole) =>
    whole.kind === 'fragment'
      ? { type: whole.typeCondition, whole, selections: whole.selections }
      : { type: undefined, whole, selections: [whole] },
  );
}

function topTypes(requires: readonly RequiredSelection[]): (string | undefined)[] {
  return byTopType(requires).map(({ type }) => type);
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
