// Owns the code of projections: from a selection and the schema to functions that write.
import {
  type GraphQLCompositeType,
  type GraphQLInterfaceType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { type CanonicalField, isHidden } from '../../planner/canonical/canonical-selection.ts';
import type { SharedPlaces } from '../shared-places.ts';
import { type ApplicableField, applicableFields, type Selections } from './applicable-fields.ts';
import type { OperationFallbacks } from './fallbacks.ts';
import { type LeafCode, leafCode } from './leaf-code.ts';
import type { ProjectionRuntime } from './projection-runtime.ts';
import { constantCode } from './write-constant.ts';

/**
 * Each function gets an object or a list `o` and writes it from the place `n` on; it answers the place where that ends.
 * It answers -1 when a value that may not be null is missing: then what holds it becomes null, and is written over what
 * was written of it; -2 for an object of a type that the client cannot see. `P[d]` is the key under which a value of the
 * object or list lies. Functions with equal bodies are one: fewer become quick sooner, and stay at hand.
 */
export class ProjectionCode {
  readonly functions: string[] = [];
  private readonly schema: GraphQLSchema;
  private readonly runtime: ProjectionRuntime;
  private readonly places: SharedPlaces;
  private readonly known = new Map<string, string>();
  private readonly numbers = new Map<unknown, number>();
  private readonly bodies = new Map<string, string>();
  private readonly fields = new Map<string, number>();
  private readonly leaves = new Map<string, LeafCode>();
  private readonly fallbacks = new Map<string, number | undefined>();
  private readonly fallbacksOf: OperationFallbacks['of'] | undefined;
  private fieldsWritten = 0;

  constructor(
    schema: GraphQLSchema,
    runtime: ProjectionRuntime,
    places: SharedPlaces,
    fallbacksOf?: OperationFallbacks['of'],
  ) {
    this.schema = schema;
    this.runtime = runtime;
    this.places = places;
    this.fallbacksOf = fallbacksOf;
  }

  /** The name of a function for objects of a type, at a place of the data. */
  objectFunction(type: GraphQLCompositeType, selections: Selections, place: string): string {
    const write = isAbstractType(type)
      ? this.abstractFunction(type, selections, place)
      : this.concreteFunction(type, selections, place);
    if (!this.places.has(place)) return write;
    return this.once(`written ${write}`, () => this.writtenOnce(write));
  }

  private abstractFunction(
    type: GraphQLUnionType | GraphQLInterfaceType,
    selections: Selections,
    place: string,
  ): string {
    const key = `${type.name} ${this.numbersOf(selections)}${this.distinct(place)}`;
    return this.once(key, () => this.define(this.abstract(type, selections, place)));
  }

  /** What equal functions differ by: whether there is something below them that is written once. */
  private distinct(place: string): string {
    return this.places.hasBelow(place) ? ` ${place}` : '';
  }

  /** A text is used again where writing it told no errors: these have paths, and must be told for each place. */
  private writtenOnce(write: string): string {
    const index = this.runtime.written.push(new Map()) - 1;
    this.functions.push(`const W${index}=R.written[${index}];`);
    return this.define(
      `const k=W${index}.get(o);if(k!==undefined)return writeAgain(A,k,n);` +
        `const e=R.events,s=${write}(o,n,d);` +
        `if(s>=0&&R.events===e)W${index}.set(o,A.spans.push(n,s)-2);return s;`,
    );
  }

  /** Types of which the same is asked share one. */
  private concreteFunction(
    type: GraphQLObjectType | GraphQLInterfaceType,
    selections: Selections,
    place: string,
  ): string {
    const fields = applicableFields(this.schema, type, selections);
    const parts = fields.map(({ field, inner }) => {
      const promised = field.name === '__typename' ? type.name : promisedType(type, field);
      const fallbacks = this.fallbacksNumber(type, { field, inner }) ?? '';
      return `${this.number(field)}:${promised} ${this.numbersOf(inner)} ${fallbacks}`;
    });
    const key = `${parts.join()}${this.distinct(place)}`;
    return this.once(key, () => this.define(this.object(type, fields, place)));
  }

  private once(key: string, write: () => string): string {
    let name = this.known.get(key);
    if (name === undefined) {
      if (this.fieldsWritten > mostFields) throw clientError('OPERATION_TOO_LARGE', { reason: tooLarge });
      name = write();
      this.known.set(key, name);
    }
    return name;
  }

  /** The name of a function with this body. */
  private define(body: string): string {
    let name = this.bodies.get(body);
    if (name === undefined) {
      name = `o${this.bodies.size}`;
      this.bodies.set(body, name);
      this.functions.push(`function ${name}(o,n,d){${body}}`);
    }
    return name;
  }

  /** What messages about a value are made of; the same for values of the same name and form. */
  private fieldNumber(applicable: ApplicableField, form: string): number {
    const { responseName, name } = applicable.field;
    const key = `${JSON.stringify(responseName)} ${name} ${form}`;
    const known = this.fields.get(key) ?? this.runtime.fields.push(applicable) - 1;
    this.fields.set(key, known);
    return known;
  }

  /** Of what may stand in for a field, for generated code; undefined where nothing may. */
  private fallbacksNumber(
    type: GraphQLObjectType | GraphQLInterfaceType,
    applicable: ApplicableField,
  ): number | undefined {
    const { field, inner } = applicable;
    const isOwn = field.denied !== undefined || field.introspection || field.name === '__typename';
    if (this.fallbacksOf === undefined || isOwn) return undefined;
    const key = `${type.name} ${this.number(field)} ${this.numbersOf(inner)}`;
    if (this.fallbacks.has(key)) return this.fallbacks.get(key);
    const found = this.fallbacksOf(type, applicable);
    const number = found && this.runtime.standIns.fields.push(found) - 1;
    this.fallbacks.set(key, number);
    return number;
  }

  private numbersOf(selections: Selections): string {
    return selections.map((selected) => this.number(selected)).join();
  }

  private number(value: unknown): number {
    const known = this.numbers.get(value) ?? this.numbers.size;
    this.numbers.set(value, known);
    return known;
  }

  private abstract(
    type: GraphQLUnionType | GraphQLInterfaceType,
    selections: Selections,
    place: string,
  ): string {
    const cases = this.schema.getPossibleTypes(type).map((possible) => {
      const write = this.concreteFunction(possible, selections, place);
      return `case ${JSON.stringify(possible.name)}:return ${write}(o,n,d);`;
    });
    let otherwise = '-2';
    if (isInterfaceType(type) && !dependsOnType(selections)) {
      // What is asked of every type alike does not need the type. The data may not name one where a subgraph knows an
      // interface as an object (@interfaceObject), and has a failure for a name where it could not be had.
      const own = this.concreteFunction(type, selections, place);
      cases.push(`case ${JSON.stringify(type.name)}:return ${own}(o,n,d);`);
      otherwise = `typeof o.__typename==='string'?-2:${own}(o,n,d)`;
    }
    // Nothing for a type that this client cannot see, or that nobody could tell.
    return `switch(o.__typename){${cases.join('')}}return ${otherwise};`;
  }

  private object(
    type: GraphQLObjectType | GraphQLInterfaceType,
    fields: readonly ApplicableField[],
    place: string,
  ): string {
    let code = '';
    for (const [index, applicable] of fields.entries()) {
      const { responseName } = applicable.field;
      code += constantCode(`${index === 0 ? '{' : ','}${JSON.stringify(responseName)}:`);
      code += this.field(type, applicable, place);
    }
    return `let v,s;${code || constantCode('{')}${constantCode('}')}return n;`;
  }

  private field(
    type: GraphQLObjectType | GraphQLInterfaceType,
    applicable: ApplicableField,
    around: string,
  ): string {
    const { field } = applicable;
    this.fieldsWritten += 1;
    if (field.introspection) {
      return `n=writeText(A,R.introspection[${JSON.stringify(field.responseName)}],n);`;
    }
    if (field.name === '__typename' && !isAbstractType(type)) return constantCode(JSON.stringify(type.name));
    const at = `P[d]=${JSON.stringify(field.responseName)};`;
    if (field.denied !== undefined) {
      const isFatal = isNonNullType(promisedType(type, field));
      return `${at}R.denied(d,${field.denied},${isFatal});${isFatal ? 'return -1;' : constantCode('null')}`;
    }
    const place = around === '' ? field.name : `${around}.${field.name}`;
    const key = `o[${JSON.stringify(field.name)}]`;
    // The name of an interface is none that a client may get.
    const read = field.name === '__typename' ? `${key}===${JSON.stringify(type.name)}?undefined:${key}` : key;
    const fallbacks = this.fallbacksNumber(type, applicable);
    const value: Value = {
      applicable,
      at,
      place,
      ...(fallbacks !== undefined && { omits: this.omits(fallbacks) }),
    };
    const code = `v=${read};${this.value(promisedType(type, field), value)}`;
    if (fallbacks === undefined) return code;
    const write = this.define(`let v,s;${code}return n;`);
    return `${at}s=S.field(${fallbacks},${write},o,n,d);if(s<0)return -1;n=s;`;
  }

  /** The number, where a list's items may be left out. */
  private omits(number: number): number | undefined {
    const tries = this.runtime.standIns.fields[number]?.tries ?? [];
    return tries.some(({ strategy }) => strategy === 'omit') ? number : undefined;
  }

  /** Writes the value `v`; `at` sets the key of its path. */
  private value(type: GraphQLOutputType, value: Value): string {
    const { applicable, at, place } = value;
    const mayBeNull = !isNonNullType(type);
    const nullable = isNonNullType(type) ? type.ofType : type;
    const isNull = mayBeNull ? constantCode('null') : 'return -1;';
    if (isLeafType(nullable)) {
      const { test, write } = this.leafCode(nullable);
      return `if(${test})n=${write};${this.none(applicable, '', at, mayBeNull, isNull)}`;
    }
    const isList = isListType(nullable);
    const write = isList
      ? this.listFunction(nullable.ofType, value)
      : this.objectFunction(nullable, applicable.inner, place);
    const hidden =
      isList || !isAbstractType(nullable)
        ? ''
        : `if(s===-2){${this.tell(applicable, write, at, 'v.__typename', false)}}`;
    const nulled = this.fallbacksOf && mayBeNull ? `${at}S.nulled(d);` : '';
    const isPlain = !isList && !isAbstractType(nullable);
    const bubbled = isPlain ? this.bubbled(nullable, write, value) : '';
    return (
      `if(${isList ? 'Array.isArray' : 'R.isObject'}(v)){${at}s=${write}(v,n,d+1);` +
      `if(s>=0)n=s;else{R.forget();${hidden}${nulled}${isNull}}}` +
      `${bubbled}${this.none(applicable, write, at, mayBeNull, isNull)}`
    );
  }

  /** An object that is null because something in it failed may be put together from what stands in for its fields. */
  private bubbled(type: GraphQLObjectType, write: string, { applicable: { inner }, at }: Value): string {
    const fields = applicableFields(this.schema, type, inner);
    if (!fields.some((one) => this.fallbacksNumber(type, one) !== undefined)) return '';
    const names = JSON.stringify(fields.map(({ field }) => field.name));
    const placed = at === '' ? '' : `${at.slice(0, -1)},`;
    return `else if(S.isBubbled(v)&&(${placed}(s=S.bubbled(${write},v,${names},n,d+1))>=0))n=s;`;
  }

  private leafCode(type: GraphQLLeafType): LeafCode {
    const known = this.leaves.get(type.name) ?? leafCode(type, this.runtime);
    this.leaves.set(type.name, known);
    return known;
  }

  /** What is done without a value. */
  private none(
    applicable: ApplicableField,
    form: string,
    at: string,
    mayBeNull: boolean,
    isNull: string,
  ): string {
    const told = this.tell(applicable, form, at, 'v', mayBeNull);
    return `else{${mayBeNull ? `if(v!==null){${told}}` : told}${isNull}}`;
  }

  private tell(
    applicable: ApplicableField,
    form: string,
    at: string,
    missing: string,
    silent: boolean,
  ): string {
    return `${at}R.missing(d,${this.fieldNumber(applicable, form)},${missing},${silent});`;
  }

  private listFunction(item: GraphQLOutputType, list: Value): string {
    if (list.omits !== undefined) return this.omittingListFunction(item, list, list.omits);
    const value = this.value(item, { ...list, at: 'P[d]=i;' });
    const [begin, next, end] = ['[', ',', ']'].map((text) => constantCode(text));
    return this.define(
      `let v,s;${begin}for(let i=0;i<o.length;i++){v=o[i];if(i>0){${next}}${value}}${end}return n;`,
    );
  }

  private omittingListFunction(
    item: GraphQLOutputType,
    { applicable, place }: Value,
    number: number,
  ): string {
    const value = this.value(item, { applicable, place, at: '' });
    const write = this.define(`let v=o,s;${value}return n;`);
    const [begin, next, end] = ['[', ',', ']'].map((text) => constantCode(text));
    return this.define(
      `let s,c=0,b;${begin}for(let i=0;i<o.length;i++){b=n;if(c>0){${next}}P[d]=c;` +
        `s=S.item(${number},${write},o[i],n,d);if(s===-3){n=b;continue;}if(s<0)return -1;n=s;c++;}${end}return n;`,
    );
  }
}

/** A value that code is written for. */
interface Value {
  applicable: ApplicableField;
  /** Code that sets the key of its path. */
  at: string;
  /** In the data. */
  place: string;
  /** By which a list that goes without some of its items says so. */
  omits?: number | undefined;
}

/** Where objects of many types are asked for different things, level by level, what can come is multiplied. */
const mostFields = 10_000;
const tooLarge = 'The selections on different types multiply to more answers than can be prepared.';

/** An object may promise more of a field than the interface it was selected on. */
function promisedType(
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: CanonicalField,
): GraphQLOutputType {
  return type.getFields()[field.fieldName]?.type ?? field.type;
}

function dependsOnType(selections: Selections): boolean {
  return selections.some((selected) => selected.some((one) => one.kind === 'fragment' && !isHidden(one)));
}
