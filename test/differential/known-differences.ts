// Lists what is known to be answered wrongly, each with the smallest operation that shows it.

export interface KnownDifference {
  why: string;
  world: string;
  operation: string;
  variables?: Record<string, unknown>;
}

/** Wrong answers of @apollo/gateway 2.14.4. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    why: 'A key selected under the name of another field is overwritten by the field that the plan adds.',
    world: 'shop',
    operation: '{ users { email: id points } }',
  },
  {
    why: 'A field under the name of a key is sent to the next subgraph as if it were the key, and overwritten by it.',
    world: 'hub',
    operation: '{ recent(first: 5) { links { to { id: title tags { __typename } } } } }',
  },
  {
    why: 'A list under the name of a key fails the whole answer.',
    world: 'people',
    operation: '{ people { id: matrix salary } }',
  },
  {
    why: 'A field under the name of what @requires asks for is sent in its place.',
    world: 'people',
    operation: '{ person(id: "h4") { circles { parent: mood kin } } }',
  },
  {
    why: 'A type name under the name of a key makes the object null.',
    world: 'people',
    operation: '{ grid { ... on Holder { ... on Person { team { name } } id: __typename } } }',
  },
  {
    why: 'An object under the name of a key that is selected below it cannot be planned.',
    world: 'travel',
    operation: '{ flights { delay airline: to { name } } }',
  },
  {
    why: 'Two requirements of one field with other arguments get one value.',
    world: 'shop',
    operation: '{ bySku(sku: "s0") { dollarFee euroFee } }',
  },
  {
    why: 'A requirement with arguments gets the value that the client selected with other arguments.',
    world: 'shop',
    operation: '{ products(first: 1) { price(currency: USD) euroFee } }',
  },
  {
    why: 'A key that cannot be used is sent when it is the first one of its type.',
    world: 'travel',
    operation: '{ flights { aircraft { label } } }',
  },
  {
    why: 'An object reached through fragments on a union that its type belongs to loses the fields in them.',
    world: 'people',
    operation: '{ person(id: "h1") { ... on Holder { ... on Person { mood } } } }',
  },
  {
    why: 'Fields come in the order of the fragments as they were joined, not in that of the selection.',
    world: 'zoo',
    operation: '{ pets { ... on Being { a: id } nick ... on Being { id } } }',
  },
  {
    why: 'Fields selected on one type between two selections for all types come after both.',
    world: 'zoo',
    operation:
      '{ residents { ... on Animal { keeper { sick } ... on Dog { keeper { __typename } } keeper { treats { __typename } } } } }',
  },
  {
    why: 'A list that must be there is missing when all its selections are for types that it never holds.',
    world: 'zoo',
    operation: '{ residents { ... on Animal { ... on Cat { mate { keeper { name } } } } } }',
  },
  {
    why: 'A list of objects whose only selections are left out becomes null.',
    world: 'zoo',
    operation:
      'query ($skip: Boolean!) { enclosure { diet @skip(if: $skip) { ... on Diet @include(if: false) { ... on Plant { name } } } } }',
    variables: { skip: false },
  },
  {
    why: 'A union member that a subgraph knows as interface object is given the name of the interface, and then nothing fits.',
    world: 'media',
    operation: '{ anything { ... on Film { __typename chart { place } } } }',
  },
  {
    why: 'What an interface object requires for one type of objects is required of all of them.',
    world: 'media',
    operation: '{ shelves { ... on Song { headline } views } }',
  },
  {
    why: 'The planner throws where a fragment on a union narrows an interface object.',
    world: 'media',
    operation: '{ mostViewed { ... on Anything { __typename } } }',
  },
];
