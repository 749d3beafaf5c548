// Holds composition to naming subgraph, coordinate and rule of every problem, and to the same output for the same input.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compose } from '../../../supergraph/composition/compose.ts';
import {
  CompositionFailure,
  type CompositionProblem,
} from '../../../supergraph/composition/composition-problem.ts';
import { libraryTypeDefs, postTypeDefs, schemaOf } from '../fixtures/fixture-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external", "@shareable"])\n`;

test('the order in which subgraphs are given does not show', () => {
  const library = schemaOf('library', libraryTypeDefs);
  const post = schemaOf('post', postTypeDefs);
  assert.equal(compose([library, post]), compose([post, library]));
});

const cases: { name: string; subgraphs: Record<string, string>; problems: Partial<CompositionProblem>[] }[] =
  [
    {
      name: 'a key on a field that is not there',
      subgraphs: { a: `${link} type Query { x: X } type X @key(fields: "id") { name: String }` },
      problems: [{ where: ['a'], coordinate: 'X', rule: 'KEY_INVALID_FIELDS' }],
    },
    {
      name: 'types of a shared field that differ',
      subgraphs: {
        a: `${link} type Query { x: X } type X @key(fields: "id") { id: ID! size: Int @shareable }`,
        b: `${link} type X @key(fields: "id") { id: ID! size: String @shareable }`,
      },
      problems: [{ where: ['a', 'b'], coordinate: 'X.size', rule: 'FIELD_TYPE_MISMATCH' }],
    },
    {
      name: 'two subgraphs that own one field',
      subgraphs: {
        a: `${link} type Query { x: X } type X @key(fields: "id") { id: ID! size: Int }`,
        b: `${link} type X @key(fields: "id") { id: ID! size: Int }`,
      },
      problems: [{ where: ['a', 'b'], coordinate: 'X.size', rule: 'INVALID_FIELD_SHARING' }],
    },
    {
      name: 'an unknown type',
      subgraphs: { a: `${link} type Query { x: Nothing }` },
      problems: [{ where: ['a'], rule: 'INVALID_GRAPHQL' }],
    },
    {
      name: 'a field that no query can reach',
      subgraphs: {
        a: `${link} type Query { x: X } type X { id: ID! @shareable }`,
        b: `${link} type X { id: ID! @shareable secret: Int }`,
      },
      problems: [{ coordinate: 'X.secret', rule: 'SATISFIABILITY_ERROR' }],
    },
    {
      name: 'two mistakes in two subgraphs',
      subgraphs: {
        a: `${link} type Query { x: X } type X @key(fields: "nope") { id: ID! }`,
        b: `${link} type X @key(fields: "neither") { id: ID! }`,
      },
      problems: [
        { where: ['a'], coordinate: 'X', rule: 'KEY_INVALID_FIELDS' },
        { where: ['b'], coordinate: 'X', rule: 'KEY_INVALID_FIELDS' },
      ],
    },
  ];

describe('composition names what is wrong with', () => {
  for (const { name, subgraphs, problems } of cases) {
    test(name, () => {
      const schemas = Object.entries(subgraphs).map(([subgraph, sdl]) => schemaOf(subgraph, sdl));
      assert.throws(
        () => compose(schemas),
        (error: unknown) => {
          assert.ok(error instanceof CompositionFailure);
          const found = error.problems.map((problem, index) =>
            Object.fromEntries(
              Object.keys(problems[index] ?? {}).map((key) => [key, problem[key as 'rule']]),
            ),
          );
          assert.deepEqual(found, problems, error.message);
          for (const { rule } of error.problems) assert.ok(error.message.includes(rule));
          return true;
        },
      );
    });
  }
});
