// Owns what cache rules have to know of a supergraph: its types, what they can be, and by which keys they are entities.
import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { typeKeys } from '../../foundation/type-keys.ts';

export class SchemaFacts {
  readonly schema: GraphQLSchema;
  private readonly keys: ReadonlyMap<string, readonly SelectionSetNode[]>;

  /** Of the supergraph with its join__ directives; hidden elements count. */
  constructor(document: DocumentNode) {
    this.schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
    this.keys = typeKeys(document);
  }

  /** The root type that a type is, if it is one. */
  rootOf(type: string): 'query' | 'other' | undefined {
    if (type === this.schema.getQueryType()?.name) return 'query';
    const others = [this.schema.getMutationType(), this.schema.getSubscriptionType()];
    return others.some((other) => other?.name === type) ? 'other' : undefined;
  }

  /** Of all subgraphs; none for what is no entity. */
  keysOf(type: string): readonly SelectionSetNode[] {
    return this.keys.get(type) ?? [];
  }

  isEntity(type: string): boolean {
    return this.keysOf(type).length > 0;
  }

  interfacesOf(type: string): string[] {
    const found = this.schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? found.getInterfaces().map(({ name }) => name) : [];
  }

  /** Names of the objects that something of this type can be; an interface that nothing implements stands for itself. */
  possibleTypes(type: string): string[] {
    const found = this.schema.getType(type);
    if (isObjectType(found)) return [type];
    if (!isAbstractType(found)) return [];
    const names = this.schema.getPossibleTypes(found).map(({ name }) => name);
    return names.length === 0 && isInterfaceType(found) ? [type] : names;
  }

  /** undefined for a field that there is not. */
  typeOfField(type: string, field: string): GraphQLOutputType | undefined {
    const found = this.schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? found.getFields()[field]?.type : undefined;
  }

  /** The type with fields, or the union, that a field gives; undefined for leaves. */
  givenBy(type: string, field: string): string | undefined {
    const given = this.typeOfField(type, field);
    const named = given && getNamedType(given);
    return named && isCompositeType(named) ? named.name : undefined;
  }
}
