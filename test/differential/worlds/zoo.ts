// A zoo: interfaces and unions whose members several subgraphs know, each in its own part.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  animals: `
    type Query {
      animals(kind: Kind): [Animal]
      animal(id: ID!): Animal
      pets: [Pet!]
      residents: [Resident!]!
      enclosure: [[Animal!]]
    }
    interface Being { id: ID! }
    interface Animal implements Being { id: ID! name: String! sounds(loud: Boolean = false): [String!] mate: Animal }
    interface Pet { id: ID! nick: String owner: Keeper }
    type Dog implements Animal & Being & Pet @key(fields: "id") {
      id: ID! name: String! sounds(loud: Boolean = false): [String!] mate: Animal nick: String owner: Keeper breed: String
    }
    type Cat implements Animal & Being & Pet @key(fields: "id") {
      id: ID! name: String! sounds(loud: Boolean = false): [String!] mate: Animal nick: String owner: Keeper lives: Int!
    }
    type Lion implements Animal & Being @key(fields: "id") {
      id: ID! name: String! sounds(loud: Boolean = false): [String!] mate: Animal mane: Mane
    }
    type Mane @shareable { colour: String }
    type Keeper implements Being @key(fields: "id") { id: ID! }
    union Resident = Dog | Lion | Keeper
    enum Kind { DOG CAT LION }
  `,
  keepers: `
    type Query { keepers: [Keeper!]! onDuty: Being }
    interface Being { id: ID! }
    interface Animal { id: ID! keeper: Keeper diet: [Diet]! }
    type Dog implements Animal & Being @key(fields: "id") { id: ID! keeper: Keeper diet: [Diet]! walks: Int }
    type Cat implements Animal @key(fields: "id") { id: ID! keeper: Keeper diet: [Diet]! }
    type Lion implements Animal & Being @key(fields: "id") { id: ID! keeper: Keeper diet: [Diet]! danger: Int! }
    type Keeper implements Being @key(fields: "id") {
      id: ID! name: String! cares: [Animal!] deputy: Keeper tools: [Tool]
    }
    union Diet = Meat | Plant
    type Meat @shareable { name: String! kilos: Float }
    type Plant { name: String! parts: [String!] }
    union Tool = Broom | Hose
    type Broom @shareable { length: Int }
    type Hose @shareable { length: Int wet: Boolean! }
  `,
  clinic: `
    type Query { patients: [Patient] waiting: [Tool] }
    union Patient = Dog | Cat | Keeper
    type Dog @key(fields: "id") { id: ID! name: String! @external chart: Chart @requires(fields: "name") }
    type Cat @key(fields: "id") { id: ID! chart: Chart vaccinated: Boolean }
    type Keeper @key(fields: "id") { id: ID! sick: Boolean! treats: [Patient!] }
    type Chart { notes: [String] next: Patient food: Meat heading: String }
    type Meat @shareable { name: String! kilos: Float }
    type Mane @shareable { colour: String }
    union Tool = Hose | Scalpel
    type Hose @shareable { length: Int wet: Boolean! }
    type Scalpel { sharp: Boolean }
  `,
};

function createData(): Data {
  const keepers: Row[] = ['k1', 'k2'].map((id, index) => ({
    __typename: 'Keeper',
    id,
    name: `Keeper ${index}`,
    sick: index === 1,
    tools:
      index === 1
        ? null
        : [{ __typename: 'Broom', length: 3 }, null, { __typename: 'Hose', length: null, wet: true }],
  }));
  const animal = (__typename: string, id: string, more: Row): Row => ({
    __typename,
    id,
    name: `n${id}`,
    ...more,
  });
  const animals = [
    animal('Dog', 'd1', { nick: 'Rex', breed: 'pug', walks: 2 }),
    animal('Cat', 'c1', { nick: null, lives: 9, vaccinated: true }),
    animal('Lion', 'l1', { mane: { colour: 'gold' }, danger: 9 }),
    animal('Dog', 'd2', { nick: 'Bo', breed: null, walks: null }),
    animal('Lion', 'l2', { mane: null, danger: 3 }),
    animal('Cat', 'c2', { nick: 'Mo', lives: 1, vaccinated: null }),
  ];
  const at = (index: number): Row | null => animals[index % 6] ?? null;
  const [first, second] = keepers;
  for (const [index, row] of animals.entries()) {
    row['sounds'] = index === 5 ? null : [`s${index}`];
    row['mate'] = index % 3 === 2 ? null : at(index + 3);
    row['owner'] = index === 1 ? null : keepers[index % 2];
    row['keeper'] = index === 4 ? null : keepers[(index + 1) % 2];
    row['diet'] = [
      { __typename: 'Meat', name: 'beef', kilos: index + 0.5 },
      index === 0 ? null : { __typename: 'Plant', name: 'grass', parts: index === 1 ? null : ['leaf'] },
    ];
    row['notes'] = index === 3 ? null : ['fine', null];
  }
  const next: [number, Row | null | undefined][] = [
    [0, at(1)],
    [1, first],
    [3, null],
    [5, at(0)],
  ];
  for (const [index, patient] of next) {
    const row = at(index);
    if (row) row['next'] = patient;
  }
  if (first && second) {
    first['cares'] = [at(0), at(2), at(1), at(0)];
    second['cares'] = null;
    first['deputy'] = second;
    second['deputy'] = null;
    first['treats'] = [at(0), second, at(1)];
    second['treats'] = null;
  }
  const ofType = (name: string): Row[] => animals.filter((row) => row['__typename'] === name);
  return { animals, Dog: ofType('Dog'), Cat: ofType('Cat'), Lion: ofType('Lion'), Keeper: keepers };
}

const chart = (row: Row, heading: string | null): Row => ({
  notes: row['notes'],
  next: row['next'] ?? null,
  food: row['id'] === 'd2' ? null : { name: 'ham', kilos: null },
  heading,
});

export const zoo: World = {
  name: 'zoo',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      animals: (_, { kind }, { animals: rows = [] }) =>
        (kind ?? null) === null
          ? [...rows, null]
          : rows.filter((row) => String(row['__typename']).toUpperCase() === kind),
      animal: (_, { id }, data) => find(data, 'animals', { id }),
      pets: (_, __, { Dog: dogs = [], Cat: cats = [] }) => [...cats, ...dogs],
      residents: (_, __, { animals: rows = [], Keeper: keepers = [] }) => [
        rows[2],
        keepers[0],
        rows[0],
        rows[2],
      ],
      enclosure: (_, __, { animals: rows = [] }) => [[rows[4], rows[1]], null, []],
      keepers: (_, __, data) => data['Keeper'],
      onDuty: (_, __, { Keeper: keepers = [] }) => keepers[1],
      patients: (_, __, { animals: rows = [], Keeper: keepers = [] }) => [rows[3], null, keepers[1], rows[1]],
      waiting: () => [
        { __typename: 'Scalpel', sharp: null },
        { __typename: 'Hose', length: 2, wet: false },
      ],
    },
    Animal: {
      sounds: (row, { loud }) =>
        (row['sounds'] as string[] | null)?.map((sound) => (loud ? sound.toUpperCase() : sound)),
    },
    Dog: { chart: (row) => chart(row, `of ${row['name']}`) },
    Cat: { chart: (row) => chart(row, null) },
  },
  required: {
    clinic: {
      // What the chart says beyond the name is the clinic's own, kept under the animal's id.
      Dog: {
        chart: (sent, _, data) => chart(find(data, 'Dog', { id: sent['id'] }) ?? {}, `of ${sent['name']}`),
      },
    },
  },
  literals: {
    'Query.animal.id': ['"d1"', '"c1"', '"l1"', '"c2"', '"none"'],
  },
};
