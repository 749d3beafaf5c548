// Fallbacks of the domains, carried into the supergraph: it loads, clients are not shown them, and what can be had is as it is.

import { entityIn } from '../harness/entity-in.ts';
import { federationCase } from '../harness/federation-case.ts';

const links = (name: string): string => `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@composeDirective"])
    @link(url: "https://specs.tributary.dev/fallback/v1.0", import: [{ name: "@fallback", as: "${name}" }])
    @composeDirective(name: "${name}")
  directive ${name}(
    omit: Boolean, lastKnown: String, field: String, arguments: fallback__Value, value: fallback__Value, critical: Boolean
  ) on FIELD_DEFINITION
  scalar fallback__Value
`;

for (const name of ['@fallback', '@standIn']) {
  federationCase({
    name: `a supergraph in which domains write ${name}`,
    contract: { include: ['shown'] },
    subgraphs: {
      orchard: {
        sdl: `${links(name)}
          type Query {
            fruits: [Fruit!]! @tag(name: "shown") ${name}(omit: true, value: [])
            best(of: Int): [Fruit!] ${name}(field: "Query.fruits", value: null)
          }
          type Fruit @key(fields: "id") @tag(name: "shown") { id: ID! name: String! ${name}(value: "A fruit") }
        `,
        resolvers: { Query: { fruits: () => [{ id: '1', name: 'Pear' }] } },
      },
      market: {
        sdl: `${links(name)}
          type Fruit @key(fields: "id") @tag(name: "shown") { id: ID! price: Int ${name}(lastKnown: "1h", value: 0) }
        `,
        resolvers: { Fruit: { __resolveReference: entityIn([{ id: '1', price: 2 }]) } },
      },
    },
    operations: [
      {
        name: 'answers what can be had',
        query: '{ fruits { name price } }',
        expect: { data: { fruits: [{ name: 'Pear', price: 2 }] } },
      },
      {
        name: 'does not show clients what fallbacks are written with',
        query: `{ __type(name: "fallback__Value") { name } __schema { directives { args { type { name } } } } fruits { id } }`,
        expect: {
          data: {
            __type: null,
            __schema: {
              directives: [
                { args: [{ type: { name: null } }] },
                { args: [{ type: { name: null } }] },
                { args: [{ type: { name: 'String' } }] },
                { args: [{ type: { name: null } }] },
                { args: [] },
              ],
            },
            fruits: [{ id: '1' }],
          },
        },
      },
    ],
  });
}
