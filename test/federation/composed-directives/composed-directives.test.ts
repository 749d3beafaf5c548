// Directives of a team's own, carried into the supergraph by @composeDirective: it loads, they change no answer.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const links = `
  extend schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://example.com/specs/ripeness/v1.2", import: ["@ripe"])
    @composeDirective(name: "@ripe")
  directive @ripe(after: Int!, note: String = "in \\"days\\"") repeatable on OBJECT | FIELD_DEFINITION | ENUM_VALUE | ARGUMENT_DEFINITION
`;

federationCase({
  name: 'a supergraph with directives of a team’s own',
  subgraphs: {
    orchard: {
      sdl: `${links}
        type Query { fruits(kind: Kind @ripe(after: 1)): [Fruit!]! }
        type Fruit @key(fields: "id") @ripe(after: 3) { id: ID! kind: Kind! @ripe(after: 1) @ripe(after: 2, note: "more") }
        enum Kind { APPLE @ripe(after: 4) PEAR }
      `,
      resolvers: { Query: { fruits: (_, { kind }) => [{ id: '1', kind: kind ?? 'PEAR' }] } },
    },
    market: {
      sdl: 'type Fruit @key(fields: "id") { id: ID! price: Int }',
      resolvers: { Fruit: { __resolveReference: entityIn([{ id: '1', price: 2 }]) } },
    },
  },
  operations: [
    {
      name: 'answers where they stand',
      query: '{ fruits(kind: APPLE) { kind price } all: fruits { kind } }',
      expect: {
        data: { fruits: [{ kind: 'APPLE', price: 2 }], all: [{ kind: 'PEAR' }] },
        asked: { orchard: 1, market: 1 },
      },
    },
  ],
});
