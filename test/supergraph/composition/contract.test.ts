// Holds the contract rule: what clients see under which tags, and that bad contracts are refused by coordinate.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import { CompositionFailure } from '../../../supergraph/composition/composition-problem.ts';
import { applyContract } from '../../../supergraph/composition/contract.ts';
import type { ContractTags } from '../../../supergraph/foundation/contract-tags.ts';
import { schemaOf } from '../fixtures/fixture-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible", "@shareable"])\n`;

/** Every coordinate that clients see, sorted; arguments as `Type.field(a, b)`. */
function visible(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter(
      ({ name }) => !name.startsWith('__') && !['String', 'Int', 'Boolean', 'ID', 'Float'].includes(name),
    )
    .flatMap((type) => {
      if (isEnumType(type)) return type.getValues().map((value) => `${type.name}.${value.name}`);
      if (isInputObjectType(type))
        return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
      if (!isObjectType(type) && !isInterfaceType(type)) return [type.name];
      return Object.values(type.getFields()).map(
        ({ name, args }) =>
          `${type.name}.${name}${args.length > 0 ? `(${args.map((argument) => argument.name).join(', ')})` : ''}`,
      );
    })
    .sort();
}

const supergraph = (sdl: string) => compose([schemaOf('one', sdl.includes('@link(') ? sdl : link + sdl)]);

const cases: { name: string; sdl: string; contract: ContractTags; sees: string[] }[] = [
  {
    name: 'without a contract everything is visible',
    sdl: 'type Query { a: Int @tag(name: "x") b: Int }',
    contract: {},
    sees: ['Query.a', 'Query.b'],
  },
  {
    name: 'an excluded tag hides a field, and a type with all its fields',
    sdl: `type Query { a: Int @tag(name: "x") b: B c: C } type B @tag(name: "x") { i: Int } type C { i: Int j: B }`,
    contract: { exclude: ['x'] },
    sees: ['C.i', 'Query.c'],
  },
  {
    name: 'an included tag shows a field, and a type with all its fields',
    sdl: `type Query { a: Int @tag(name: "m") b: Int c: C @tag(name: "m") d: D @tag(name: "m") }
      type C @tag(name: "m") { i: Int j: Int } type D { i: Int @tag(name: "m") j: Int }`,
    contract: { include: ['m'] },
    sees: ['C.i', 'C.j', 'D.i', 'Query.a', 'Query.c', 'Query.d'],
  },
  {
    name: 'of an included and an excluded tag the excluded one wins',
    sdl: `type Query { a: Int @tag(name: "m") b: Int @tag(name: "m") @tag(name: "x") c: C @tag(name: "m") }
      type C @tag(name: "m") { i: Int j: Int @tag(name: "x") }`,
    contract: { include: ['m'], exclude: ['x'] },
    sees: ['C.i', 'Query.a', 'Query.c'],
  },
  {
    name: 'a type without a visible field is hidden, and so is what needs it, however far away',
    sdl: `type Query { a: Int b: B u: U } type B { c: C } type C { d: D } type D { i: Int @tag(name: "x") }
      union U = C | D`,
    contract: { exclude: ['x'] },
    sees: ['Query.a'],
  },
  {
    name: 'what visible fields use comes along without a tag: inputs, enums, scalars, unions',
    sdl: `type Query { a(in: In): S @tag(name: "m") u: U @tag(name: "m") b(in: Other): T }
      input In { e: E more: In } input Other { f: F } enum E { V } enum F { V } scalar S scalar T
      type K { i: Int @tag(name: "m") } type L { i: Int } union U = K | L`,
    contract: { include: ['m'] },
    sees: ['E.V', 'In.e', 'In.more', 'K.i', 'Query.a(in)', 'Query.u', 'S', 'U'],
  },
  {
    name: 'an optional argument and an optional input field go with their type',
    sdl: `type Query { a(in: In, h: Hidden, d: Hidden! = { i: 1 }): Int } input In { i: Int h: Hidden }
      input Hidden @tag(name: "x") { i: Int }`,
    contract: { exclude: ['x'] },
    sees: ['In.i', 'Query.a(in)'],
  },
  {
    name: 'an argument, an input field and a value of an enum can be excluded by themselves',
    sdl: `type Query { a(i: In, j: Int @tag(name: "x")): E } input In { i: Int j: Int @tag(name: "x") }
      enum E { V W @tag(name: "x") }`,
    contract: { exclude: ['x'] },
    sees: ['E.V', 'In.i', 'Query.a(i)'],
  },
  {
    name: 'mutations that are all hidden leave no mutation type',
    sdl: `type Query { a: Int } type Mutation { m: Int @tag(name: "x") }`,
    contract: { exclude: ['x'] },
    sees: ['Query.a'],
  },
  {
    name: 'what subgraphs hide themselves stays hidden',
    sdl: `type Query { a: Int b: B @inaccessible c: Int @tag(name: "x") } type B @inaccessible { i: Int }`,
    contract: { exclude: ['x'] },
    sees: ['Query.a'],
  },
  {
    name: 'subgraphs may have given the directives other names',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
        { name: "@tag", as: "@label" }, { name: "@inaccessible", as: "@gone" }])
      type Query { a: Int b: Int @label(name: "x") c: Int @gone d: D } type D @label(name: "x") { i: Int }`,
    contract: { exclude: ['x'] },
    sees: ['Query.a'],
  },
  {
    name: 'a link may have given all of federation another name',
    sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", as: "fed")
      type Query { a: Int @fed__tag(name: "m") b: Int c: Int @fed__inaccessible @fed__tag(name: "m") }`,
    contract: { include: ['m'] },
    sees: ['Query.a'],
  },
  {
    name: 'hidden implementations leave the interface with the others',
    sdl: `type Query { n: N } interface N { i: Int } type A implements N { i: Int } type B implements N @tag(name: "x") { i: Int }`,
    contract: { exclude: ['x'] },
    sees: ['A.i', 'N.i', 'Query.n'],
  },
];

describe('contract', () => {
  for (const { name, sdl, contract, sees } of cases) {
    test(name, () => {
      const { clientSchema, supergraphSdl } = applyContract('bff', supergraph(sdl), contract);
      assert.deepEqual(visible(clientSchema), sees);
      // What clients are shown is a schema by itself, without anything of federation's.
      assert.deepEqual(
        clientSchema
          .getDirectives()
          .map(({ name: directive }) => directive)
          .filter((d) => /tag|join|link|inacc/.test(d)),
        [],
      );
      assert.equal(buildSchema(supergraphSdl, { assumeValidSDL: true }).getQueryType()?.name, 'Query');
    });
  }
});

const refused: {
  name: string;
  sdl: string;
  contract: ContractTags;
  coordinate: string;
  rule: string;
  says: string;
}[] = [
  {
    name: 'a required argument of a hidden type',
    sdl: 'type Query { a(in: In!): Int } input In @tag(name: "x") { i: Int }',
    contract: { exclude: ['x'] },
    coordinate: 'Query.a(in:)',
    rule: 'REFERENCED_INACCESSIBLE',
    says: '"Query.a(in:)" must be given and is of the type "In", which is hidden because it carries the excluded tag "x". Show "In", or hide "Query.a".',
  },
  {
    name: 'a required argument that is hidden itself',
    sdl: 'type Query { a(i: Int! @tag(name: "x")): Int }',
    contract: { exclude: ['x'] },
    coordinate: 'Query.a(i:)',
    rule: 'REQUIRED_INACCESSIBLE',
    says: '"Query.a(i:)" is hidden because it carries the excluded tag "x", and must be given wherever "Query.a" is used. Show it, make it optional, or hide "Query.a".',
  },
  {
    name: 'a required argument, of which the interface has a hidden one',
    sdl: `type Query { n: N } interface N { a(i: Int! = 1 @tag(name: "x")): Int } type A implements N { a(i: Int!): Int }`,
    contract: { exclude: ['x'] },
    coordinate: 'A.a(i:)',
    rule: 'REQUIRED_INACCESSIBLE',
    says: '"A.a(i:)" must be given, and "N.a(i:)", of which it is the implementation, is hidden because it carries the excluded tag "x". Show "N.a(i:)", or hide "A.a".',
  },
  {
    name: 'a required input field of a hidden type',
    sdl: 'type Query { a(in: In): Int } input In { e: E! i: Int } enum E @tag(name: "x") { V }',
    contract: { exclude: ['x'] },
    coordinate: 'In.e',
    rule: 'REFERENCED_INACCESSIBLE',
    says: '"In.e" must be given and is of the type "E", which is hidden because it carries the excluded tag "x". Show "E", or hide "In".',
  },
  {
    name: 'a required input field that is hidden itself',
    sdl: 'type Query { a(in: In): Int } input In { e: Int! @tag(name: "x") i: Int }',
    contract: { exclude: ['x'] },
    coordinate: 'In.e',
    rule: 'REQUIRED_INACCESSIBLE',
    says: '"In.e" is hidden because it carries the excluded tag "x", and must be given wherever "In" is used. Show it, make it optional, or hide "In".',
  },
  {
    name: 'a Query in which nothing is visible',
    sdl: 'type Query { a: Int @tag(name: "x") }',
    contract: { exclude: ['x'] },
    coordinate: 'Query',
    rule: 'QUERY_ROOT_TYPE_INACCESSIBLE',
    says: '"Query" is hidden because nothing in it is visible, and without it clients cannot ask for anything. Show a field of it.',
  },
  {
    name: 'an interface field whose implementation is hidden',
    sdl: 'type Query { n: N } interface N { i: Int j: Int } type A implements N { i: Int j: Int @tag(name: "x") }',
    contract: { exclude: ['x'] },
    coordinate: 'N.j',
    rule: 'IMPLEMENTED_BY_INACCESSIBLE',
    says: '"N.j" is visible and promises "A.j", which is hidden because it carries the excluded tag "x". Show "A.j", or hide "N.j".',
  },
  {
    name: 'an interface field whose implementation is not included',
    sdl: `type Query { n: N @tag(name: "m") } interface N @tag(name: "m") { i: Int j: Int }
      type A implements N { i: Int @tag(name: "m") j: Int }`,
    contract: { include: ['m'] },
    coordinate: 'N.j',
    rule: 'IMPLEMENTED_BY_INACCESSIBLE',
    says: '"N.j" is visible and promises "A.j", which is hidden because neither it nor its type carries an included tag (m). Show "A.j", or hide "N.j".',
  },
  {
    name: 'a default value that is hidden',
    sdl: 'type Query { a(e: E = W, i: In = { e: V }): Int } enum E { V W @tag(name: "x") } input In { e: E }',
    contract: { exclude: ['x'] },
    coordinate: 'Query.a(e:)',
    rule: 'DEFAULT_VALUE_USES_INACCESSIBLE',
    says: 'The default value of "Query.a(e:)" is made of what is hidden: "E.W" (hidden because it carries the excluded tag "x"). Show it, change the default value, or hide "Query.a(e:)".',
  },
];

describe('a contract is refused for', () => {
  for (const { name, sdl, contract, coordinate, rule, says } of refused) {
    test(name, () => {
      assert.throws(
        () => applyContract('bff-x', supergraph(sdl), contract),
        (error: unknown) => {
          assert.ok(error instanceof CompositionFailure);
          assert.deepEqual(error.problems, [{ where: ['bff-x'], coordinate, rule, message: says }]);
          return true;
        },
      );
    });
  }

  test('several reasons at once, all of them told', () => {
    const sdl = `type Query { a(in: In!): Int b(in: In!): Int } input In @tag(name: "x") { i: Int }`;
    assert.throws(
      () => applyContract('bff', supergraph(sdl), { exclude: ['x'] }),
      /Query\.a\(in:\)[\s\S]*Query\.b\(in:\)/,
    );
  });
});
