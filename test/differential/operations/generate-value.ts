// Owns what a generated operation gives as arguments: literals, and variables with and without values and defaults.
import {
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parseValue,
  valueFromASTUntyped,
} from 'graphql';
import type { Random } from './random.ts';

interface DeclaredVariable {
  definition: string;
  /** One for each time that the operation is run; undefined where none is given. */
  values: readonly unknown[];
}

/** A place for a value: `coordinate` finds literals for it. */
export interface InputPlace {
  type: GraphQLInputType;
  coordinate: string;
  hasDefault: boolean;
}

const fallback: Record<string, string[]> = {
  Int: ['1', '2', '0'],
  Float: ['1', '2.5'],
  Boolean: ['true', 'false'],
  String: ['"text"'],
  ID: ['"id"'],
};

export class ValueGenerator {
  readonly variables = new Map<string, DeclaredVariable>();
  readonly #random: Random;
  readonly #literals: Record<string, string[]>;
  readonly #runs: number;

  constructor(random: Random, literals: Record<string, string[]>, runs: number) {
    this.#random = random;
    this.#literals = literals;
    this.#runs = runs;
  }

  /** GraphQL text of a value or variable. */
  argument(place: InputPlace, depth = 0): string {
    return this.#random.chance(0.3) ? this.#variable(place) : this.#literal(place, depth, true);
  }

  /** GraphQL text of a Boolean for `@skip` and `@include`. */
  condition(): string {
    if (this.#random.chance(0.3)) return this.#random.pick(['true', 'false']);
    const known = [...this.variables].filter(([, { definition }]) => definition.startsWith('Boolean!'));
    if (known.length > 0 && this.#random.chance(0.5)) return `$${this.#random.pick(known)[0]}`;
    return this.#declare('Boolean!', () => this.#random.chance(0.5));
  }

  #variable(place: InputPlace): string {
    const { type, hasDefault } = place;
    const value = (): unknown => valueFromASTUntyped(parseValue(this.#literal(place, 1, false)));
    if (!isNonNullType(type)) {
      const preset = this.#random.chance(0.3) ? ` = ${this.#literal(place, 1, false)}` : '';
      return this.#declare(`${type}${preset}`, () => {
        const chance = this.#random.next();
        return chance < 0.25 ? undefined : chance < 0.4 ? null : value();
      });
    }
    if (hasDefault && this.#random.chance(0.3)) {
      return this.#declare(`${type.ofType}`, () => (this.#random.chance(0.5) ? undefined : value()));
    }
    if (this.#random.chance(0.3)) {
      const preset = this.#literal(place, 1, false);
      return this.#declare(`${type.ofType} = ${preset}`, () =>
        this.#random.chance(0.5) ? undefined : value(),
      );
    }
    return this.#declare(`${type}`, value);
  }

  #declare(definition: string, value: () => unknown): string {
    const name = `v${this.variables.size}`;
    this.variables.set(name, { definition, values: Array.from({ length: this.#runs }, value) });
    return `$${name}`;
  }

  #literal(place: InputPlace, depth: number, withVariables: boolean): string {
    const { coordinate } = place;
    const type = getNullableType(place.type);
    const fitting = this.#literals[coordinate];
    if (fitting && this.#random.chance(0.95)) return this.#random.pick(fitting);
    if (!isNonNullType(place.type) && this.#random.chance(0.1)) return 'null';
    const inner = (place: InputPlace): string =>
      withVariables ? this.argument(place, depth + 1) : this.#literal(place, depth + 1, false);
    if (isListType(type)) {
      const place = { type: type.ofType, coordinate: '', hasDefault: false };
      // One value stands for a list of one; a variable there would have to be of the list's type.
      if (this.#random.chance(0.1)) return this.#literal(place, depth + 1, false);
      return `[${Array.from({ length: this.#random.below(3) }, () => inner(place)).join(', ')}]`;
    }
    if (isInputObjectType(type)) {
      const given = Object.values(type.getFields()).filter((field) => this.#isGiven(field, depth));
      return `{${given
        .map((field) => {
          const place = {
            type: field.type,
            coordinate: `${type.name}.${field.name}`,
            hasDefault: field.defaultValue !== undefined,
          };
          return `${field.name}: ${inner(place)}`;
        })
        .join(', ')}}`;
    }
    if (isEnumType(type)) return this.#random.pick(type.getValues()).name;
    return this.#random.pick(this.#literals[type.name] ?? fallback[type.name] ?? ['"?"']);
  }

  #isGiven({ type, defaultValue }: GraphQLInputField, depth: number): boolean {
    if (isNonNullType(type) && defaultValue === undefined) return true;
    return depth < 4 && this.#random.chance(0.5);
  }
}
