// Owns making of a world what runs need: the composed supergraph, the schema clients see, who resolves what.
import { Supergraph } from '@apollo/federation-internals';
import {
  buildSchema,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  parse,
  printSchema,
  Source,
} from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { subgraphOwnership } from './subgraph-ownership.ts';
import type { Resolve, World } from './world.ts';

export interface PreparedWorld {
  world: World;
  /** By subgraph, with the link header. */
  sdl: ReadonlyMap<string, string>;
  supergraphSdl: string;
  /** What clients see. */
  api: GraphQLSchema;
  /** Names of fields that a fetch may need though the client did not ask for them, and of those that take such along. */
  needed: ReadonlySet<string>;
  /** `Type.field` of those with `@requires` in some subgraph. */
  computed: ReadonlySet<string>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@requires", "@provides", "@external", "@shareable", "@override", "@inaccessible", "@tag", "@interfaceObject"
])`;

export function prepareWorld(world: World): PreparedWorld {
  const sdl = new Map(Object.entries(world.subgraphs).map(([name, text]) => [name, `${link}\n${text}`]));
  const supergraphSdl = compose(
    [...sdl].map(([name, text]) => ({
      name,
      url: `http://${name}.invalid/graphql`,
      document: parse(new Source(text, name)),
    })),
  );
  const api = Supergraph.build(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const owners = [...sdl.values()].map(subgraphOwnership);
  // Out and in again: the schema then is of plain graphql-js, whatever made it.
  const plain = buildSchema(printSchema(api));
  return {
    world,
    sdl,
    supergraphSdl,
    api: plain,
    needed: withNonNull(plain, new Set(owners.flatMap(({ needed }) => [...needed]))),
    computed: new Set(owners.flatMap(({ computed }) => [...computed])),
  };
}

/** With the fields that, being null where they must not be, make one of these fields null. */
function withNonNull(api: GraphQLSchema, names: ReadonlySet<string>): Set<string> {
  const all = new Set(names);
  for (const name of all) {
    for (const type of Object.values(api.getTypeMap())) {
      if (type.name.startsWith('__') || !isObjectType(type)) continue;
      const field = type.getFields()[name];
      const inner = field && getNamedType(field.type);
      for (const concrete of inner && isCompositeType(inner) ? concretes(api, inner) : []) {
        // A set that grows is walked to its new end.
        for (const each of Object.values(concrete.getFields()))
          if (isNonNullType(each.type)) all.add(each.name);
      }
    }
  }
  return all;
}

function concretes(api: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isObjectType(type) ? [type] : api.getPossibleTypes(type);
}

/** The resolver of a field, its own or that of an interface; without one the property is read. */
export function resolverOf({ world, api }: PreparedWorld, typeName: string, field: string): Resolve {
  const own = world.resolvers[typeName]?.[field];
  if (own) return own;
  const type = api.getType(typeName);
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const { name } of type.getInterfaces()) {
      const inherited = world.resolvers[name]?.[field];
      if (inherited) return inherited;
    }
  }
  return (source) => source[field];
}

/** Types whose rows can stand for `typeName`: itself, or those that implement it. */
export function concreteTypes({ api }: PreparedWorld, typeName: string): string[] {
  const type = api.getType(typeName);
  return isInterfaceType(type) ? api.getPossibleTypes(type).map(({ name }) => name) : [typeName];
}
