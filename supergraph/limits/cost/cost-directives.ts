// Owns what a supergraph says of costs: `@cost` and `@listSize`, by whatever names it has them, as they stand in it.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  valueFromASTUntyped,
} from 'graphql';
import { isRecord } from '../../foundation/is-record.ts';
import { linkedNames } from '../../foundation/linked-names.ts';

/** The same object for the same field. */
export interface FieldTerms {
  /** Of one item, without what is selected in it. */
  weight?: number;
  listSize?: ListSize;
  /** Of arguments, by their names. */
  arguments: ReadonlyMap<string, number>;
}

export interface ListSize {
  /** Items where no argument says how many. */
  assumed?: number;
  /** Arguments that say it: their name, and the names of input fields that lead on from it. */
  slicing: readonly { path: readonly string[]; initial: unknown }[];
  /** Fields of what it gives that have this size, instead of the field itself. */
  sized: ReadonlySet<string>;
  /** Whether an operation must give exactly one of `slicing`. */
  demandsOne: boolean;
}

export interface CostDirectives {
  /** undefined where nothing is said of it. */
  field: (type: string, field: string) => FieldTerms | undefined;
  /** Of types of any kind. */
  type: (name: string) => number | undefined;
  inputField: (type: string, field: string) => number | undefined;
  /** How much is said: uses of `@cost` on anything, and of `@listSize`. */
  said: { weights: number; listSizes: number };
}

export function readCostDirectives(document: DocumentNode): CostDirectives {
  const names = { cost: linkedNames(document, 'cost'), listSize: linkedNames(document, 'listSize') };
  const fields = new Map<string, FieldTerms>();
  const types = new Map<string, number>();
  const inputFields = new Map<string, number>();
  const said = { weights: 0, listSizes: 0 };
  const weight = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
    const own = weightOf(node.directives?.find(({ name }) => names.cost.has(name.value)));
    if (own !== undefined) said.weights += 1;
    return own;
  };
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    const type = definition.name.value;
    const own = weight(definition);
    if (own !== undefined) types.set(type, own);
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        for (const field of definition.fields ?? []) {
          const terms = fieldTerms(field, weight, names.listSize);
          if (terms) fields.set(`${type}.${field.name.value}`, terms);
          if (terms?.listSize) said.listSizes += 1;
        }
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_EXTENSION:
        for (const field of definition.fields ?? []) {
          const said = weight(field);
          if (said !== undefined) inputFields.set(`${type}.${field.name.value}`, said);
        }
        break;
    }
  }
  return {
    field: (type, field) => fields.get(`${type}.${field}`),
    type: (name) => types.get(name),
    inputField: (type, field) => inputFields.get(`${type}.${field}`),
    said,
  };
}

function fieldTerms(
  field: FieldDefinitionNode,
  weight: (node: FieldDefinitionNode | InputValueDefinitionNode) => number | undefined,
  listSizes: ReadonlySet<string>,
): FieldTerms | undefined {
  const own = weight(field);
  const directive = field.directives?.find(({ name }) => listSizes.has(name.value));
  const given = new Map(
    (field.arguments ?? []).flatMap((one) => {
      const said = weight(one);
      return said === undefined ? [] : [[one.name.value, said] as const];
    }),
  );
  if (own === undefined && directive === undefined && given.size === 0) return undefined;
  return {
    ...(own !== undefined && { weight: own }),
    ...(directive && { listSize: readListSize(directive, field.arguments ?? []) }),
    arguments: given,
  };
}

function readListSize(
  directive: ConstDirectiveNode,
  definitions: readonly InputValueDefinitionNode[],
): ListSize {
  const said = Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value) as unknown]),
  );
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = said;
  const slicing = texts(slicingArguments).map((written) => {
    const path = written.split('.');
    const initial = definitions.find(({ name }) => name.value === path[0])?.defaultValue;
    return { path, initial: initial && insideOf(valueFromASTUntyped(initial), path.slice(1)) };
  });
  return {
    ...(typeof assumedSize === 'number' && { assumed: Math.max(0, assumedSize) }),
    slicing,
    sized: new Set(texts(sizedFields)),
    demandsOne: slicing.length > 0 && requireOneSlicingArgument !== false,
  };
}

/** What the names lead to in a value, or undefined. */
export function insideOf(value: unknown, names: readonly string[]): unknown {
  let found = value;
  for (const name of names) found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}

function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.filter((one) => typeof one === 'string');
}

/** Federation writes numbers, the draft it comes from writes them as texts. */
function weightOf(directive: ConstDirectiveNode | undefined): number | undefined {
  const value = directive?.arguments?.find(({ name }) => name.value === 'weight')?.value;
  if (value === undefined) return undefined;
  const said: unknown = valueFromASTUntyped(value);
  if (typeof said !== 'number' && typeof said !== 'string') return undefined;
  const weight = typeof said === 'string' && said.trim() === '' ? Number.NaN : Number(said);
  return Number.isFinite(weight) ? weight : undefined;
}
