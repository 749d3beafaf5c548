// Owns the operation that a new BFF begins with: what is easiest to ask of its schema, so that it knows no shop.
import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
  print,
} from 'graphql';
import { capitalised } from './words.ts';

export interface FirstOperation {
  name: string;
  /** Printed GraphQL. */
  text: string;
}

type Field = GraphQLField<unknown, unknown>;
const mostFields = 3;

/** Asks for the root field with the fewest required arguments; `isOpen` says which fields need nobody to sign in. */
export function firstOperation(
  schema: GraphQLSchema,
  isOpen: (coordinate: string) => boolean,
): FirstOperation {
  const fields = Object.values(schema.getQueryType()?.getFields() ?? {});
  const [easiest] = fields
    .filter(({ name }) => isOpen(`Query.${name}`))
    .map((field) => ({
      field,
      leaves: leavesOf(field, isOpen),
      needs: field.args.filter(isRequiredArgument),
    }))
    .filter(({ leaves }) => leaves.length > 0)
    .sort((one, other) => one.needs.length - other.needs.length);
  if (easiest === undefined) return { name: 'First', text: print(parse('query First { __typename }')) };
  const { field, leaves, needs } = easiest;
  const name = capitalised(field.name);
  const variables = needs.map((argument) => `$${argument.name}: ${argument.type}`);
  const given = needs.map((argument) => `${argument.name}: $${argument.name}`);
  const inBrackets = (list: readonly string[]): string => (list.length > 0 ? `(${list.join(', ')})` : '');
  const text = `query ${name}${inBrackets(variables)} { ${field.name}${inBrackets(given)} { ${leaves.join(' ')} } }`;
  return { name, text: print(parse(text)) };
}

function leavesOf({ type }: Field, isOpen: (coordinate: string) => boolean): string[] {
  const named = getNamedType(type);
  if (!isObjectType(named)) return [];
  return Object.values(named.getFields())
    .filter((field) => isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument))
    .filter(({ name }) => isOpen(`${named.name}.${name}`))
    .slice(0, mostFields)
    .map(({ name }) => name);
}
