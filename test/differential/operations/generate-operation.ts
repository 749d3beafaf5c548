// Owns making random operations for a schema: nested, with fragments, aliases, variables and conditions; nearly all valid.
import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { ValueGenerator } from './generate-value.ts';
import { Random } from './random.ts';
import { SelectionScope } from './selection-scope.ts';

export interface GeneratedOperation {
  source: string;
  /** For each time that it is run. */
  variables: readonly Record<string, unknown>[];
}

interface GenerateOptions {
  api: GraphQLSchema;
  literals: Record<string, string[]>;
  seed: number;
  /** How many sets of variables; 2 unless told. */
  runs?: number;
  /** How often a coordinate was met until now: of two draws the rarer one is taken. */
  met?: (coordinate: string) => number;
}

interface NamedFragment {
  name: string;
  type: GraphQLCompositeType;
  text: string;
  scope: SelectionScope;
}

const maxDepth = 7;
/** Names that are properties of every object, or that plans use for what they need. */
const strangeAliases = [
  'constructor',
  'toString',
  '__proto__',
  'representations',
  '_entities',
  'id',
  'name',
  'a',
  'b',
];

/** Bounded in size; the same seed and counts give the same operation. Whether it is valid is for `validate` to say. */
export function generateOperation(options: GenerateOptions): GeneratedOperation {
  return new OperationGenerator(options).operation();
}

class OperationGenerator {
  readonly #api: GraphQLSchema;
  readonly #random: Random;
  readonly #values: ValueGenerator;
  readonly #runs: number;
  readonly #fragments: NamedFragment[] = [];
  readonly #composites: GraphQLCompositeType[];
  readonly #met: (coordinate: string) => number;
  #budget: number;

  constructor({ api, literals, seed, runs = 2, met = () => 0 }: GenerateOptions) {
    this.#met = met;
    this.#api = api;
    this.#random = new Random(seed);
    this.#runs = runs;
    this.#values = new ValueGenerator(this.#random, literals, runs);
    this.#budget = 4 + this.#random.below(28);
    const roots = [api.getQueryType(), api.getMutationType()];
    this.#composites = Object.values(api.getTypeMap()).filter(
      (type): type is GraphQLCompositeType =>
        isCompositeType(type) && !type.name.startsWith('__') && !roots.some((root) => root === type),
    );
  }

  operation(): GeneratedOperation {
    const mutation = this.#random.chance(0.15) ? this.#api.getMutationType() : undefined;
    const root = mutation ?? this.#api.getQueryType();
    if (!root) throw new Error('The schema has no root.');
    const body = this.#selectionSet(root, new SelectionScope(), 0);
    const fragments = this.#usedFragments(body);
    const text = [body, ...fragments.map((each) => each.text)].join('\n');
    const declared = [...this.#values.variables].filter(([name]) => new RegExp(`\\$${name}\\b`).test(text));
    const definitions = declared.map(([name, { definition }]) => `$${name}: ${definition}`);
    const head = mutation ? 'mutation' : 'query';
    const source = [
      `${head}${definitions.length > 0 ? ` O(${definitions.join(', ')})` : ''} ${body}`,
      ...fragments.map(({ name, type, text: inner }) => `fragment ${name} on ${type.name} ${inner}`),
    ].join('\n');
    const variables = Array.from({ length: this.#runs }, (_, run) =>
      Object.fromEntries(
        declared.flatMap(([name, { values }]) => (values[run] === undefined ? [] : [[name, values[run]]])),
      ),
    );
    return { source, variables };
  }

  #usedFragments(body: string): NamedFragment[] {
    const used = new Set<NamedFragment>();
    const follow = (text: string): void => {
      for (const fragment of this.#fragments) {
        if (used.has(fragment) || !new RegExp(`\\.\\.\\.${fragment.name}\\b`).test(text)) continue;
        used.add(fragment);
        follow(fragment.text);
      }
    };
    follow(body);
    return [...used];
  }

  #selectionSet(type: GraphQLCompositeType, scope: SelectionScope, depth: number): string {
    const wanted = 1 + this.#random.below(depth === 0 ? 4 : 5);
    const parts: string[] = [];
    for (let count = 0; count < wanted; count += 1) {
      if (this.#budget <= 0 && parts.length > 0) break;
      this.#budget -= 1;
      parts.push(this.#selection(type, scope, depth));
    }
    return `{ ${parts.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, scope: SelectionScope, depth: number): string {
    const chance = this.#random.next();
    const abstract = isAbstractType(type);
    if (chance < 0.07 || (isUnionType(type) && chance < 0.15)) return this.#typename(scope);
    if (depth < maxDepth && this.#budget > 0) {
      if (chance < (abstract ? 0.5 : 0.17) || (isUnionType(type) && chance < 0.85)) {
        return this.#inlineFragment(type, scope, depth);
      }
      if (chance < (abstract ? 0.62 : 0.25) || isUnionType(type)) return this.#spread(type, scope, depth);
    }
    if (isUnionType(type)) return this.#typename(scope);
    if (depth === 0 && type === this.#api.getQueryType() && this.#random.chance(0.05)) {
      return this.#introspection(scope);
    }
    return this.#field(type, scope, depth);
  }

  #typename(scope: SelectionScope): string {
    const alias = this.#random.chance(0.3) ? this.#alias([]) : '__typename';
    const known = scope.get(alias);
    if (known && known.field !== '__typename') return '__typename';
    scope.add(alias, { parent: '', field: '__typename', call: '', type: 'String!' });
    return `${alias === '__typename' ? '' : `${alias}: `}__typename${this.#conditions()}`;
  }

  #introspection(scope: SelectionScope): string {
    const alias = `i${this.#random.below(1000)}`;
    if (scope.get(alias)) return '__typename';
    scope.add(alias, { parent: 'Query', field: '__type', call: '', type: '__Type' });
    if (this.#random.chance(0.3)) return `${alias}: __schema { queryType { name } mutationType { n: name } }`;
    const { name } = this.#random.pick(this.#composites);
    return `${alias}: __type(name: "${name}") { kind name fields { name type { kind name ofType { name } } args { name } } }`;
  }

  #inlineFragment(type: GraphQLCompositeType, scope: SelectionScope, depth: number): string {
    if (!isUnionType(type) && this.#random.chance(0.15)) {
      return `...${this.#conditions(0.5)} ${this.#selectionSet(type, scope, depth + 1)}`;
    }
    const condition = this.#condition(type);
    return `... on ${condition.name}${this.#conditions()} ${this.#selectionSet(condition, scope, depth + 1)}`;
  }

  #spread(type: GraphQLCompositeType, scope: SelectionScope, depth: number): string {
    const known = this.#fragments.filter(
      (fragment) => this.#overlap(type, fragment.type) && scope.canTake(fragment.scope),
    );
    const reuse = known.length > 0 && this.#random.chance(0.4);
    const fragment = reuse ? this.#random.pick(known) : this.#fragment(this.#condition(type), depth);
    if (!scope.canTake(fragment.scope)) return this.#typename(scope);
    scope.take(fragment.scope);
    return `...${fragment.name}${this.#conditions()}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): NamedFragment {
    const scope = new SelectionScope();
    const text = this.#selectionSet(type, scope, depth + 1);
    const fragment = { name: `F${this.#fragments.length}`, type, text, scope };
    this.#fragments.push(fragment);
    return fragment;
  }

  /** Another type that objects of this one can be of, or itself. */
  #condition(type: GraphQLCompositeType): GraphQLCompositeType {
    const candidates = this.#composites.filter((other) => this.#overlap(type, other));
    return candidates.length === 0 ? type : this.#rarer(candidates, (each) => this.#rarestField(each));
  }

  #overlap(type: GraphQLCompositeType, other: GraphQLCompositeType): boolean {
    return type === other || doTypesOverlap(this.#api, type, other);
  }

  #field(type: GraphQLCompositeType, scope: SelectionScope, depth: number): string {
    const all = isUnionType(type) ? [] : Object.values(type.getFields());
    const isLeaf = (field: GraphQLField<unknown, unknown>): boolean =>
      !isCompositeType(getNamedType(field.type));
    const shallow = depth >= maxDepth || this.#budget <= 0;
    const candidates = shallow ? all.filter(isLeaf) : all;
    if (candidates.length === 0) {
      // A root has no field that is always there but this; elsewhere it does no harm.
      return this.#typename(scope);
    }
    // What is selected once more in another place must be merged with what it was there.
    const again = scope.composites().filter(({ field }) => candidates.some(({ name }) => name === field));
    const repeated = again.length > 0 && this.#random.chance(0.3) ? this.#random.pick(again) : undefined;
    const field =
      candidates.find(({ name }) => name === repeated?.field) ??
      this.#rarer(candidates, ({ name }) => this.#met(`${type.name}.${name}`));
    let responseName =
      repeated?.name ?? (this.#random.chance(0.3) ? this.#alias(all.map(({ name }) => name)) : field.name);
    let call = this.#call(type, field);
    const known = scope.get(responseName);
    if (known !== undefined && known.field === field.name && (repeated || this.#random.chance(0.8)))
      call = known.call;
    if (known !== undefined && !fits(known, { parent: type, field, call })) {
      responseName = `${field.name}_${this.#random.below(10_000)}`;
    }
    const inner = scope.add(responseName, {
      parent: objectName(type),
      field: field.name,
      call,
      type: `${field.type}`,
    });
    const alias = responseName === field.name ? '' : `${responseName}: `;
    const named = getNamedType(field.type);
    const selections = isCompositeType(named) ? ` ${this.#selectionSet(named, inner, depth + 1)}` : '';
    return `${alias}${field.name}${call}${this.#conditions()}${selections}`;
  }

  #rarer<Item>(items: readonly Item[], count: (item: Item) => number): Item {
    const [one, other] = [this.#random.pick(items), this.#random.pick(items)];
    return count(one) <= count(other) ? one : other;
  }

  #rarestField(type: GraphQLCompositeType): number {
    if (isUnionType(type)) return this.#random.below(200);
    return Math.min(...Object.keys(type.getFields()).map((name) => this.#met(`${type.name}.${name}`)));
  }

  #call(type: GraphQLCompositeType, field: GraphQLField<unknown, unknown>): string {
    const given = field.args.flatMap((argument) => {
      const hasDefault = argument.defaultValue !== undefined;
      const optional = hasDefault || !`${argument.type}`.endsWith('!');
      const place = `${type.name}.${field.name}`;
      const isRare = this.#met(`${place}(${argument.name}:)`) < 20;
      if (optional && this.#random.chance(isRare ? 0.2 : 0.5)) return [];
      const coordinate = `${place}.${argument.name}`;
      return `${argument.name}: ${this.#values.argument({ type: argument.type, coordinate, hasDefault })}`;
    });
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #alias(fields: string[]): string {
    return this.#random.pick([...fields, ...strangeAliases]);
  }

  #conditions(probability = 0.1): string {
    if (!this.#random.chance(probability)) return '';
    const kind = this.#random.below(5);
    const skip = ` @skip(if: ${this.#values.condition()})`;
    const include = ` @include(if: ${this.#values.condition()})`;
    return kind === 0 ? skip + include : kind < 3 ? skip : include;
  }
}

function objectName(type: GraphQLCompositeType): string {
  return isObjectType(type) ? type.name : '';
}

function fits(
  known: { parent: string; field: string; call: string; type: string },
  {
    parent,
    field,
    call,
  }: { parent: GraphQLCompositeType; field: GraphQLField<unknown, unknown>; call: string },
): boolean {
  if (known.type !== `${field.type}`) return false;
  if (known.field === field.name && known.call === call) return true;
  // Two object types never meet in one object, so each may have its own field under the name.
  return known.parent !== '' && isObjectType(parent) && known.parent !== parent.name;
}
