// Says once more, and otherwise than the code does, what a contract shows: over a schema that graphql-js has built, from tags in a table.
import {
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import type { ContractTags } from '../../../supergraph/foundation/contract-tags.ts';

/** Tags by coordinate. */
export type Tags = ReadonlyMap<string, readonly string[]>;

interface Seen {
  type: (type: GraphQLNamedType) => boolean;
  part: (coordinate: string) => boolean;
}

/** Of what clients are shown, all that a client can tell, a line for each: everything of a client's schema. */
export function linesOf(schema: GraphQLSchema): string[] {
  return lines(schema, { type: () => true, part: () => true });
}

/** What a contract must show of a supergraph: the same lines, and the coordinates by which it would have to be refused. */
export function shownBy(
  supergraph: GraphQLSchema,
  tags: Tags,
  contract: ContractTags,
): { lines: string[]; flaws: string[] } {
  const rule = new Rule(supergraph, tags, contract);
  return { lines: lines(supergraph, rule.seen), flaws: [...new Set(rule.flaws())].sort() };
}

class Rule {
  readonly seen: Seen;
  readonly #schema: GraphQLSchema;
  readonly #tags: Tags;
  readonly #contract: ContractTags;
  /** Starts as everything and shrinks until looking at it once more changes nothing. */
  #visible: ReadonlySet<string>;

  constructor(schema: GraphQLSchema, tags: Tags, contract: ContractTags) {
    this.#schema = schema;
    this.#tags = tags;
    this.#contract = contract;
    this.#visible = new Set(clientTypes(schema).flatMap((type) => [type.name, ...partsOf(type)]));
    for (let before = Infinity; before !== this.#visible.size; ) {
      before = this.#visible.size;
      const reached = this.#reached();
      const shown = clientTypes(schema).flatMap((type) => [
        ...(this.#showsType(type, reached) ? [type.name] : []),
        ...partsOf(type).filter((part) => this.#showsPart(type, part)),
      ]);
      this.#visible = new Set(shown);
    }
    this.seen = { type: (type) => this.#sees(type), part: (coordinate) => this.#visible.has(coordinate) };
  }

  flaws(): string[] {
    const { part } = this.seen;
    const query = this.#schema.getQueryType();
    const flaws = query && this.#sees(query) ? [] : ['Query'];
    for (const type of clientTypes(this.#schema).filter((each) => this.#sees(each))) {
      if (isInputObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          flaws.push(...this.#inputFlaws(`${type.name}.${field.name}`, field, isRequiredInputField(field)));
        }
      }
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const at = `${type.name}.${field.name}`;
        const promised = type
          .getInterfaces()
          .filter((each) => this.#sees(each) && part(`${each.name}.${field.name}`));
        if (!part(at)) {
          flaws.push(...promised.map(({ name }) => `${name}.${field.name}`));
          continue;
        }
        for (const argument of field.args) {
          const place = `${at}(${argument.name}:)`;
          flaws.push(...this.#inputFlaws(place, argument, isRequiredArgument(argument)));
          if (part(place)) continue;
          const asked = promised.map(({ name }) => `${name}.${field.name}(${argument.name}:)`);
          flaws.push(...asked.filter((each) => part(each)), ...this.#demanded(type, field, argument));
        }
      }
    }
    for (const directive of this.#schema.getDirectives().filter((each) => !isSpecifiedDirective(each))) {
      for (const argument of directive.args) {
        const place = `@${directive.name}(${argument.name}:)`;
        if (!this.#sees(getNamedType(argument.type)) || this.#usesHidden(argument)) flaws.push(place);
      }
    }
    return flaws;
  }

  /** Of what implements an interface's hidden argument, that which clients would still have to give. */
  #demanded(
    type: GraphQLNamedType,
    { name }: GraphQLField<unknown, unknown>,
    { name: argument }: GraphQLArgument,
  ): string[] {
    if (!isInterfaceType(type)) return [];
    const { objects, interfaces } = this.#schema.getImplementations(type);
    return [...objects, ...interfaces].flatMap((each) => {
      const place = `${each.name}.${name}(${argument}:)`;
      const given = each.getFields()[name]?.args.find((one) => one.name === argument);
      const stands = this.#sees(each) && this.seen.part(`${each.name}.${name}`) && this.seen.part(place);
      return stands && given && isRequiredArgument(given) ? [place] : [];
    });
  }

  #inputFlaws(place: string, value: GraphQLArgument | GraphQLInputField, isRequired: boolean): string[] {
    if (!this.seen.part(place)) return isRequired ? [place] : [];
    return this.#sees(getNamedType(value.type)) && !this.#usesHidden(value) ? [] : [place];
  }

  #usesHidden({ type, defaultValue }: GraphQLArgument | GraphQLInputField): boolean {
    return usedBy(defaultValue, type).some((coordinate) => !this.seen.part(coordinate));
  }

  #sees(type: GraphQLNamedType): boolean {
    return !isClientType(type) || this.#visible.has(type.name);
  }

  #showsType(type: GraphQLNamedType, reached: ReadonlySet<GraphQLNamedType>): boolean {
    if (this.#carries(type.name, this.#contract.exclude ?? [])) return false;
    const isOutput = isObjectType(type) || isInterfaceType(type);
    if (!isOutput && !reached.has(type)) return false;
    if (isUnionType(type)) return type.getTypes().some((member) => this.#sees(member));
    return isScalarType(type) || partsOf(type).some((part) => !part.endsWith(')') && this.#visible.has(part));
  }

  #showsPart(type: GraphQLNamedType, part: string): boolean {
    const { include, exclude = [] } = this.#contract;
    if (this.#carries(part, exclude)) return false;
    if (isEnumType(type)) return true;
    const [field, argument] = this.#lookUp(type, part);
    if (argument !== undefined) return !isOptional(argument) || this.#sees(getNamedType(argument.type));
    if (isInputObjectType(type)) return !isOptional(field) || this.#sees(getNamedType(field.type));
    const isTold = include === undefined || this.#carries(part, include) || this.#carries(type.name, include);
    return isTold && this.#sees(getNamedType(field.type));
  }

  #lookUp(type: GraphQLNamedType, part: string) {
    const [, name = '', argument] = /\.(\w+)(?:\((\w+):\))?$/.exec(part) ?? [];
    const field = 'getFields' in type ? type.getFields()[name] : undefined;
    if (field === undefined) throw new Error(`There is no ${part}.`);
    const given = 'args' in field ? field.args.find((each) => each.name === argument) : undefined;
    return [field, given] as const;
  }

  #carries(coordinate: string, wanted: readonly string[]): boolean {
    return this.#tags.get(coordinate)?.some((tag) => wanted.includes(tag)) ?? false;
  }

  /** Whatever is read or given somewhere that clients see, inputs within inputs too. */
  #reached(): Set<GraphQLNamedType> {
    const reached = new Set<GraphQLNamedType>();
    const reach = (type: GraphQLNamedType): void => {
      if (reached.has(type) || !this.#sees(type)) return;
      reached.add(type);
      if (isInputObjectType(type)) follow(type);
    };
    const follow = (type: GraphQLNamedType): void => {
      for (const part of partsOf(type)) {
        if (!this.#visible.has(part) || isEnumType(type)) continue;
        const [field, argument] = this.#lookUp(type, part);
        if (!part.endsWith(')')) reach(getNamedType(field.type));
        else if (argument && this.#visible.has(part.slice(0, part.indexOf('('))))
          reach(getNamedType(argument.type));
      }
    };
    for (const { args } of this.#schema.getDirectives())
      for (const { type } of args) reach(getNamedType(type));
    for (const type of clientTypes(this.#schema)) {
      if ((isObjectType(type) || isInterfaceType(type)) && this.#visible.has(type.name)) follow(type);
    }
    return reached;
  }
}

function lines(schema: GraphQLSchema, seen: Seen): string[] {
  const given = (place: string, { type, defaultValue }: GraphQLArgument | GraphQLInputField) =>
    `${place}: ${type} = ${JSON.stringify(defaultValue)}`;
  return clientTypes(schema)
    .filter(seen.type)
    .flatMap((type) => {
      const names = (types: readonly GraphQLNamedType[]) =>
        types
          .filter(seen.type)
          .map(({ name }) => name)
          .sort()
          .join(', ');
      if (isUnionType(type)) return [`${type.name} = ${names(type.getTypes())}`];
      if (isEnumType(type) || isScalarType(type)) return [type.name, ...partsOf(type).filter(seen.part)];
      const head = isInputObjectType(type)
        ? type.name
        : `${type.name} implements ${names(type.getInterfaces())}`;
      const fields = Object.values<GraphQLInputField | GraphQLField<unknown, unknown>>(type.getFields());
      return [
        head,
        ...fields
          .filter(({ name }) => seen.part(`${type.name}.${name}`))
          .flatMap((field) => {
            const at = `${type.name}.${field.name}`;
            if (!('args' in field)) return [given(at, field)];
            const places = field.args.map((argument) => [`${at}(${argument.name}:)`, argument] as const);
            return [
              `${at}: ${field.type}`,
              ...places
                .filter(([place]) => seen.part(place))
                .map(([place, argument]) => given(place, argument)),
            ];
          }),
      ];
    })
    .sort();
}

/** Without what belongs to federation, and what every schema has. */
export function clientTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(isClientType);
}

function isClientType(type: GraphQLNamedType): boolean {
  return !isSpecifiedScalarType(type) && !/^_|^[a-z]\w*__/.test(type.name);
}

/** Coordinates of fields, arguments and values. */
export function partsOf(type: GraphQLNamedType): string[] {
  if (isEnumType(type)) return type.getValues().map(({ name }: GraphQLEnumValue) => `${type.name}.${name}`);
  if (isInputObjectType(type)) return Object.keys(type.getFields()).map((name) => `${type.name}.${name}`);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap(({ name, args }) => [
    `${type.name}.${name}`,
    ...args.map((argument) => `${type.name}.${name}(${argument.name}:)`),
  ]);
}

function isOptional(place: object): boolean {
  const { type, defaultValue } = place as GraphQLInputField;
  return !isNonNullType(type) || defaultValue !== undefined;
}

/** Coordinates of the values and fields of inputs that a default is made of. */
function usedBy(value: unknown, type: GraphQLInputType): string[] {
  if (value === undefined || value === null) return [];
  if (isNonNullType(type)) return usedBy(value, type.ofType);
  if (isListType(type))
    return (Array.isArray(value) ? value : [value]).flatMap((item) => usedBy(item, type.ofType));
  if (isEnumType(type)) return [`${type.name}.${value}`];
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const given = (value as Record<string, unknown>)[field.name];
    return given === undefined ? [] : [`${type.name}.${field.name}`, ...usedBy(given, field.type)];
  });
}
