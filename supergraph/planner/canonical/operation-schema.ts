// Owns what of a graph its canonical operations are made with: the schema, and the names that must not meet in the data.
import { type DocumentNode, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { requiredNames } from './required-names.ts';

export interface OperationSchema {
  /** What the client sees. */
  schema: GraphQLSchema;
  /** Names that plans may add. */
  required: ReadonlySet<string>;
  /** No field of the schema begins with it. */
  prefix: string;
  /** Fields without arguments that an object needs beside a field, in the data though not in the answer; none unless told. */
  besides?: Besides;
}

/** Names of fields of the type. */
export type Besides = (type: string, field: string) => readonly string[];

export function operationSchema(
  schema: GraphQLSchema,
  supergraph: DocumentNode,
  besides: Besides = nothingBesides,
): OperationSchema {
  return { schema, required: requiredNames(supergraph), prefix: privatePrefix(schema), besides };
}

export const nothingBesides: Besides = () => [];

/** A beginning that no field of the schema has. */
function privatePrefix(schema: GraphQLSchema): string {
  let prefix = '_';
  const names = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()) : [],
  );
  while (names.some((name) => name.startsWith(prefix))) prefix += '_';
  return prefix;
}
