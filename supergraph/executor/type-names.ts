// Owns questions about types by name, as they come in data and plans; asked of the supergraph, hidden types included.
import { type GraphQLEnumType, type GraphQLSchema, isEnumType, isObjectType } from 'graphql';
import { alwaysMeets } from '../foundation/type-conditions.ts';

export class TypeNames {
  private readonly schema: GraphQLSchema;

  constructor(supergraph: GraphQLSchema) {
    this.schema = supergraph;
  }

  isObjectType(name: unknown): boolean {
    return typeof name === 'string' && isObjectType(this.schema.getType(name));
  }

  /** Whether a client sees every value that a subgraph may answer. */
  hasAllValues(shown: GraphQLEnumType): boolean {
    const known = this.schema.getType(shown.name);
    return isEnumType(known) && known.getValues().every(({ name }) => shown.getValue(name) !== undefined);
  }

  /** Whether an object that says it is a `name` has what is asked of a `condition`. */
  matches(name: string, condition: string): boolean {
    if (name === condition) return true;
    const type = this.schema.getType(name);
    const wanted = this.schema.getType(condition);
    return type !== undefined && wanted !== undefined && alwaysMeets(this.schema, type, wanted);
  }

  /** Whether a subgraph may answer `answered` for an entity that was asked for as `asked`; one can be an interface. */
  canBe(answered: unknown, asked: string): boolean {
    if (answered === undefined) return true;
    return typeof answered === 'string' && (this.matches(answered, asked) || this.matches(asked, answered));
  }
}
