// Owns what the compiler reads in the documents of fetches: which keys an answer may have, and the parts that make up a
// joined request. Each text is read once.
import { type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import { type FetchShape, shapeOf } from './fetch-shape.ts';

export interface FetchDocument {
  /** Of the whole answer. */
  shape: FetchShape;
  /** There when it asks for entities. */
  entities: SelectedEntities | undefined;
  /** Texts of its variables' definitions by name, that of the representations left out. */
  variables: ReadonlyMap<string, string>;
  /** Whether it selects nothing but fields, each under its own name. */
  isPlain: boolean;
}

export interface SelectedEntities {
  /** Of each entity. */
  shape: FetchShape;
  /** GraphQL text of the selection, with its braces. */
  selections: string;
}

/** Of one plan; many of its fetches may have the same text. */
export class FetchDocuments {
  private readonly known = new Map<string, FetchDocument>();

  of({ document }: { document: string }): FetchDocument {
    let read = this.known.get(document);
    if (read === undefined) {
      read = readDocument(document);
      this.known.set(document, read);
    }
    return read;
  }
}

function readDocument(text: string): FetchDocument {
  const document = parse(text);
  const shape = shapeOf(document);
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  );
  const variables = new Map<string, string>();
  for (const definition of operation?.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    if (name !== 'representations') variables.set(name, textOf(definition, text));
  }
  const [field] = operation?.selectionSet.selections ?? [];
  const isOfEntities = field?.kind === 'Field' && field.name.value === '_entities';
  const selected = isOfEntities ? field.selectionSet : undefined;
  const entityShape = shape.get('_entities');
  return {
    shape,
    entities:
      selected && entityShape ? { shape: entityShape, selections: textOf(selected, text) } : undefined,
    variables,
    isPlain: document.definitions.length === 1 && isPlain(operation?.selectionSet),
  };
}

function isPlain(set: SelectionSetNode | undefined): boolean {
  return (set?.selections ?? []).every(
    (selection) =>
      selection.kind === 'Field' &&
      (selection.alias ?? selection.name).value === selection.name.value &&
      isPlain(selection.selectionSet),
  );
}

function textOf({ loc }: { loc?: { start: number; end: number } }, text: string): string {
  return text.slice(loc?.start ?? 0, loc?.end ?? 0);
}
