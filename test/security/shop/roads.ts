// Owns the roads by which an operation may reach one field of a type: the ways in which GraphQL lets it be written.
import {
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
} from 'graphql';
import { givenMember } from './generated-answers.ts';
import { type AnyField, callOf, operationAlong, type Passable, shortestWay, type Way } from './ways.ts';

export interface Road {
  name: string;
  way: Way;
  query: string;
  /** Under which the field is in the answer. */
  key: string;
  /** What else it asks for, and everybody may have. */
  beside?: string;
}

/** Everybody may send it. */
const openMutation = { field: 'signOut', text: 'beside: signOut(refreshToken: "text") { __typename }' };

export interface Target {
  /** What clients see. */
  schema: GraphQLSchema;
  type: GraphQLObjectType;
  /** Need not be of that schema. */
  field: AnyField;
  /** To the type. */
  way: Way;
  /** Of which fields a way to a union or interface may consist. */
  passable: Passable;
}

export function roadsTo(target: Target): Road[] {
  const { schema, type, field, way } = target;
  const { name } = field;
  const call = callOf(field);
  const at = (selection: string, fragments = ''): string =>
    `${operationAlong(way, type.name, selection)} ${fragments}`;
  const on = (fragment: string, selection: string): string =>
    `fragment ${fragment} on ${type.name} { ${selection} }`;
  const [around] = abstractTypesOf(schema, type);
  const other = `other: ${call}`;
  return [
    { name: 'by its name', way, key: name, query: at(call) },
    { name: 'under another name', way, key: 'other', query: at(`__typename ${other}`) },
    { name: 'in a fragment', way, key: name, query: at('...F', on('F', call)) },
    { name: 'in an inline fragment', way, key: name, query: at(`... on ${type.name} { ${call} }`) },
    around
      ? {
          name: `in a fragment on ${around.name}`,
          way,
          key: name,
          query: at('...F', `fragment F on ${around.name} { ... on ${type.name} { ${call} } }`),
        }
      : {
          name: 'in a fragment within a fragment',
          way,
          key: name,
          query: at('...F', `${on('F', '...G')} ${on('G', call)}`),
        },
    {
      name: 'in two fragments under one name',
      way,
      key: 'other',
      query: at('...F ...G', `${on('F', other)} ${on('G', other)}`),
    },
    ...throughAbstractTypes(target),
    ...(type === schema.getMutationType()
      ? [
          {
            name: 'beside what everybody may send',
            way,
            key: name,
            query: at(`${openMutation.text} ${call}`),
            beside: `${type.name}.${openMutation.field}`,
          },
        ]
      : []),
  ];
}

/** Where the graph gives the type as a member of a union or interface. */
function throughAbstractTypes({ schema, type, field, passable }: Target): Road[] {
  return abstractTypesOf(schema, type).flatMap((abstract) => {
    if (givenMember(schema, abstract) !== type) return [];
    const way = shortestWay(schema, abstract.name, passable);
    if (way === undefined) return [];
    const query = operationAlong(way, abstract.name, `__typename ... on ${type.name} { ${callOf(field)} }`);
    return [{ name: `where ${abstract} is given`, way, key: field.name, query }];
  });
}

function abstractTypesOf(schema: GraphQLSchema, type: GraphQLObjectType): GraphQLAbstractType[] {
  return Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .filter((one) => schema.isSubType(one, type));
}
