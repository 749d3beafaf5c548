// Owns the whole world as one graphql-js schema: what an answer must be when there is no federation at all.
import {
  buildSchema,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  printSchema,
  responsePathAsArray,
} from 'graphql';
import { type PreparedWorld, resolverOf } from './prepare-world.ts';
import type { Arguments, Row } from './world.ts';
import type { WorldRun } from './world-run.ts';

/** Executed with a WorldRun as context. */
export function monolithSchema(prepared: PreparedWorld): GraphQLSchema {
  const schema = buildSchema(printSchema(prepared.api));
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isAbstractType(type)) type.resolveType = (row: Row) => String(row['__typename']);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = resolverOf(prepared, type.name, field.name);
      const isComputed = [type, ...type.getInterfaces()].some(({ name }) =>
        prepared.computed.has(`${name}.${field.name}`),
      );
      field.resolve = (source: Row | undefined, args: Arguments, run: WorldRun, { path }) => {
        const row = source ?? {};
        if (isComputed) run.computed.add(responsePathAsArray(path).join('.'));
        return run.fails(type.name, field.name, row) ? null : resolve(row, args, run.data);
      };
    }
  }
  return schema;
}
