// Owns asking for what another field of `Query` gives, in place of one that has failed.
import {
  astFromValue,
  type DocumentNode,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
} from 'graphql';
import type { OperationAnswer } from '../executor/projection/compile-projection.ts';
import type { Found } from '../executor/projection/fallbacks.ts';
import { isRecord } from '../foundation/is-record.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';
import { variablesIn } from './client-text.ts';

export interface OtherOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** By canonical names. */
  variables: Readonly<Record<string, unknown>>;
}

/** Under the rules, the identity and the deadline of the request. Throws an error of the table where nothing could be run. */
export type RunOther = (
  operation: OtherOperation,
  context: RequestContext,
) => Promise<Pick<OperationAnswer, 'data' | 'errors' | 'degraded'>>;

export interface OtherFieldOptions {
  schema: GraphQLSchema;
  /** Of `Query`. */
  field: string;
  arguments: Readonly<Record<string, unknown>>;
  /** What the client selects, and of what type. */
  selection: string;
  type: GraphQLOutputType;
  /** Of the client's variables, under canonical names. */
  definitions: string;
}

const responseName = 'standIn';

export class OtherField {
  /** GraphQL text, to be planned ahead. */
  readonly text: string;
  readonly #document: DocumentNode;
  readonly #operation: OperationDefinitionNode;
  readonly #variables: readonly string[];
  readonly #type: GraphQLOutputType;

  /** Of a declaration that was checked. */
  constructor({ schema, field, arguments: given, selection, type, definitions }: OtherFieldOptions) {
    const definition = schema.getQueryType()?.getFields()[field];
    if (definition === undefined) throw new Error(`There is no field ${field} of Query.`);
    this.#variables = variablesIn(selection);
    const call = `${responseName}:${field}${argumentsText(definition, given)}`;
    const whole = parse(`query${definitions}{${call}${selection}}`, { noLocation: true });
    this.#document = withoutUnused(whole, new Set(this.#variables));
    this.#operation = this.#document.definitions[0] as OperationDefinitionNode;
    this.text = print(this.#document);
    this.#type = type;
  }

  /** undefined where there is nothing that could stand in. Rejects only when the request was given up. */
  async find(
    run: RunOther,
    context: RequestContext,
    texts: ReadonlyMap<string, string>,
  ): Promise<Found | undefined> {
    const variables = Object.fromEntries(
      this.#variables.flatMap((name) => {
        const text = texts.get(name);
        return text === undefined ? [] : [[name, JSON.parse(text) as unknown]];
      }),
    );
    try {
      const operation = { document: this.#document, operation: this.#operation, variables };
      const { data, errors, degraded = [] } = await run(operation, context);
      const whole: unknown = JSON.parse(data.toString());
      const value = isRecord(whole) ? whole[responseName] : undefined;
      if (value === null || value === undefined || !fits(this.#type, value)) return undefined;
      for (const error of errors) Object.assign(error, { path: below(error.path) });
      return {
        text: JSON.stringify(value),
        errors,
        // What stands in for the other field itself is this field's now, and that is told.
        degraded: degraded.flatMap(({ error: _, path, ...one }) => {
          const inner = below(path);
          return inner.length === 0 ? [] : [{ ...one, path: inner }];
        }),
      };
    } catch (error) {
      if (context.signal?.aborted) throw error;
      return undefined;
    }
  }
}

function below(path: readonly (string | number)[] | undefined): readonly (string | number)[] {
  return path?.slice(1) ?? [];
}

/** Whether there is no null where the field promises none; what is in its objects fits already. */
function fits(type: GraphQLOutputType, value: unknown): boolean {
  if (isNonNullType(type)) return value !== null && fits(type.ofType, value);
  if (value === null || !isListType(type)) return true;
  return Array.isArray(value) && value.every((item) => fits(type.ofType, item));
}

function argumentsText(
  { args }: GraphQLField<unknown, unknown>,
  given: OtherFieldOptions['arguments'],
): string {
  const texts = args.flatMap(({ name, type }) => {
    const node = Object.hasOwn(given, name) ? astFromValue(given[name], type) : undefined;
    return node ? [`${name}:${print(node)}`] : [];
  });
  return texts.length === 0 ? '' : `(${texts.join(',')})`;
}

function withoutUnused(document: DocumentNode, used: ReadonlySet<string>): DocumentNode {
  const definitions = document.definitions.map((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
    const variableDefinitions = definition.variableDefinitions?.filter(({ variable }) =>
      used.has(variable.name.value),
    );
    return { ...definition, ...(variableDefinitions && { variableDefinitions }) };
  });
  return { ...document, definitions };
}
