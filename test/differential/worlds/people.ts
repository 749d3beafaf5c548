// People: types that lead back to themselves, lists of lists, fields that moved from one subgraph to another.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  directory: `
    type Query {
      person(id: ID!): Person
      people(limit: Int = 2, without: [ID!] = ["h2"]): [Person]
      grid: [[[Person]!]]!
    }
    type Person @key(fields: "id") {
      id: ID!
      name: String!
      parent: Person
      children: [Person!]
      circles: [[Person]!]!
      nicknames: [String]
      matrix: [[Int]!]
      salary: Int
      mood(at: Hour! = NOON): Mood
    }
    enum Hour { DAWN NOON DUSK }
    enum Mood { GLAD SAD }
  `,
  payroll: `
    type Query { payday: [Person!] teams: [Team!]! }
    type Mutation { raise(id: ID!, by: Int!): Person }
    type Person @key(fields: "id") {
      id: ID!
      salary: Int @override(from: "directory")
      boss: Person
      reports: [Person!]
      team: Team
    }
    type Team @key(fields: "name") { name: String! members: [Person!]! lead: Person parent: Team }
  `,
  badges: `
    type Team @key(fields: "name") { name: String! badge: Badge holders: [[Holder]] }
    type Badge { label: String! team: Team person: Person }
    union Holder = Team | Person
    type Person @key(fields: "id") {
      id: ID!
      badges: [Badge!]!
      name: String! @external
      team: Team @external
      tag(prefix: String = "#"): String! @requires(fields: "name team { name }")
      kin: String @requires(fields: "parent { name } children { id name }")
      parent: Person @external
      children: [Person!] @external
    }
  `,
};

function createData(): Data {
  const people: Row[] = ['Ann', 'Bo', 'Cy', 'Di'].map((name, index) => ({
    __typename: 'Person',
    id: `h${index + 1}`,
    name,
    nicknames: [null, ['x', null], [], [name]][index],
    matrix: [[[1, null], []], null, [], [[2]]][index],
    salary: index === 2 ? null : index * 100,
  }));
  const at = (index: number): Row | null => people[index] ?? null;
  const teams: Row[] = ['red', 'blue'].map((name, index) => ({
    __typename: 'Team',
    name,
    members: index === 0 ? [at(0), at(1)] : [at(2), at(2), at(0)],
    lead: index === 0 ? at(1) : null,
  }));
  const [red, blue] = teams;
  if (red && blue) {
    red['parent'] = blue;
    blue['parent'] = null;
    red['holders'] = [[blue, at(0), null], null, []];
    blue['holders'] = null;
    red['badge'] = { label: 'R', team: red, person: at(3) };
    blue['badge'] = null;
  }
  for (const [index, row] of people.entries()) {
    row['parent'] = at(index - 1);
    row['children'] = index === 3 ? null : [at(index + 1)];
    row['circles'] = [[at((index + 1) % 4), null], [at(index)]];
    row['boss'] = index === 0 ? null : at(0);
    row['reports'] = index === 0 ? [at(1), at(2), at(3)] : null;
    row['team'] = [red, red, blue, null][index];
    row['badges'] =
      index === 1 ? [] : [{ label: `B${index}`, team: [red, blue, null, red][index], person: row }];
  }
  // The one that mutations change leads to others, and none leads back through another subgraph: when a second mutation
  // has run and the rest of the first is not read yet, what is read is a plan's own choice.
  const changing: Row = {
    __typename: 'Person',
    id: 'h5',
    name: 'Eve',
    nicknames: ['E'],
    matrix: [[3]],
    salary: 0,
  };
  Object.assign(changing, { parent: at(3), children: [at(0)], circles: [[at(1), null], [at(2)]] });
  Object.assign(changing, { boss: at(0), reports: [at(1), at(2)], team: red, badges: [] });
  return { Person: [...people, changing], Team: teams };
}

const nameOf = (row: unknown): unknown => (row as Row | null)?.['name'] ?? null;
const tag = (row: Row, prefix: unknown): string => `${prefix}${row['name']}@${nameOf(row['team'])}`;
const kin = (row: Row): string => {
  const children = row['children'] as Row[] | null;
  return `${nameOf(row['parent'])} > ${children?.map((child) => `${child['id']}${child['name']}`).join()}`;
};

export const people: World = {
  name: 'people',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      person: (_, { id }, data) => find(data, 'Person', { id }),
      people: (_, { limit, without }, { Person: rows = [] }) => {
        const left = (without ?? []) as string[];
        return [...rows.filter(({ id }) => !left.includes(String(id))), null].slice(0, limit ?? 9);
      },
      grid: (_, __, { Person: rows = [] }) => [[[rows[0], null], []], null, [[rows[1]], [rows[0], rows[1]]]],
      payday: (_, __, { Person: rows = [] }) => [rows[3], rows[1], rows[3]],
      teams: (_, __, data) => data['Team'],
    },
    Mutation: {
      raise(_, { id, by }, data) {
        const row = find(data, 'Person', { id });
        if (row) row['salary'] = Number(row['salary'] ?? 0) + Number(by);
        return row;
      },
    },
    Person: {
      mood: (row, { at }) => (row['id'] === 'h2' ? null : at === 'DAWN' ? 'SAD' : 'GLAD'),
      tag: (row, { prefix }) => tag(row, prefix),
      kin: (row) => kin(row),
    },
  },
  required: {
    badges: { Person: { tag: (sent, { prefix }) => tag(sent, prefix), kin: (sent) => kin(sent) } },
  },
  literals: {
    'Query.person.id': ['"h1"', '"h2"', '"h3"', '"h4"', '"none"'],
    'Query.people.without': ['[]', '["h1"]', '["h3", "h4"]'],
    'Mutation.raise.id': ['"h5"', '"h5"', '"none"'],
    Int: ['1', '2', '3'],
    String: ['"*"', '""'],
  },
};
