// A hub: roots, values and whole entities that several subgraphs can answer in part, so that plans must choose.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  one: `
    type Query {
      settings: Settings! @shareable
      node(id: ID!): Node
      nodes: [Node!]! @shareable
      search(text: String!): [Result] @shareable
    }
    type Settings @shareable { language: String theme: Theme }
    type Theme @shareable { colour: String! dark: Boolean }
    type Node @key(fields: "id") @key(fields: "slug") {
      id: ID!
      slug: String!
      title: String @shareable
      body: Text @shareable
      left: Node
      owner: Owner
    }
    type Text @shareable { raw: String! words: Int }
    type Owner @shareable { kind: Kind! name: String }
    enum Kind { PERSON GROUP ROBOT }
    union Result = Node | Notice
    type Notice @shareable { text: String! until: Float }
  `,
  two: `
    type Query {
      settings: Settings! @shareable
      nodes: [Node!]! @shareable
      recent(first: Int! = 2): [Node]
      search(text: String!): [Result] @shareable
    }
    type Settings @shareable { theme: Theme zone: String! }
    type Theme @shareable { colour: String! font(size: Int = 10): String }
    type Node @key(fields: "slug") {
      slug: String!
      title: String @external
      right: Node
      links: [Link!]
      body: Text @shareable
    }
    type Text @shareable { raw: String! lines: [String!]! }
    type Link { to: Node back: Node! @provides(fields: "title") weight: Float! }
    union Result = Node | Notice
    type Notice @shareable { text: String! until: Float }
  `,
  three: `
    type Node @key(fields: "id") {
      id: ID!
      title: String @external
      tags: [Tag]!
      up: Node
      right: Node @external
      path(deep: Boolean = true): String @requires(fields: "up { title } right { title }")
      up2: Node @requires(fields: "title body { raw }")
      body: Text @external
      sum: Int @requires(fields: "score { value }")
      score: Score @external
    }
    type Score @shareable { value: Int }
    type Text @shareable { raw: String! }
    union Tag = Word | Node
    type Word { text: String! language: String }
  `,
  four: `
    type Query { scores: [Score] first: Node }
    type Node @key(fields: "slug") @key(fields: "id") {
      id: ID!
      slug: String!
      score: Score
      title: String @shareable
      twins: [[Node!]!]!
    }
    type Score @shareable { value: Int of(scale: Int! = 10): Float }
  `,
};

function createData(): Data {
  const nodes: Row[] = ['n1', 'n2', 'n3', 'n4'].map((id, index) => ({
    __typename: 'Node',
    id,
    slug: `slug-${index}`,
    title: index === 1 ? null : `Title ${index}`,
    body: index === 2 ? null : { raw: `raw ${index}`, words: index, lines: [`raw`, `${index}`] },
    owner: index === 0 ? null : { kind: ['PERSON', 'GROUP', 'ROBOT'][index - 1], name: null },
    score: index === 3 ? null : { value: index === 0 ? null : index },
  }));
  const at = (index: number): Row | null => nodes[index] ?? null;
  const word = { __typename: 'Word', text: 'hello', language: null };
  for (const [index, row] of nodes.entries()) {
    row['left'] = at(index - 1);
    row['right'] = at(index + 1);
    row['up'] = index === 0 ? null : at(0);
    row['tags'] = [at((index + 2) % 4), null, word].slice(index % 2);
    row['links'] = index === 2 ? null : [{ to: index === 1 ? null : at(3), back: row, weight: index / 2 }];
    row['twins'] = [[row, at(0)], []];
  }
  const settings: Row = {
    language: null,
    theme: { colour: 'blue', dark: true },
    zone: 'UTC',
  };
  const notice = { __typename: 'Notice', text: 'closed', until: null };
  return { Node: nodes, settings: [settings], notices: [notice] };
}

const pathOf = (row: Row, deep: unknown): string => {
  const [up, right] = [row['up'] as Row | null, row['right'] as Row | null];
  return deep ? `${up?.['title']} / ${right?.['title']}` : `${right?.['title']}`;
};
const hasBody = (row: Row): boolean => row['title'] !== null && row['body'] !== null;
const double = (score: unknown): number => Number((score as Row | null)?.['value'] ?? -1) * 2;

export const hub: World = {
  name: 'hub',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      settings: (_, __, data) => data['settings']?.[0],
      node: (_, { id }, data) => find(data, 'Node', { id }),
      nodes: (_, __, data) => data['Node'],
      search: (_, { text }, { Node: rows = [], notices = [] }) =>
        text === 'none' ? null : [rows[1], null, notices[0], rows[3]],
      recent: (_, { first }, { Node: rows = [] }) => [rows[2], null, rows[0]].slice(0, first),
      scores: (_, __, { Node: rows = [] }) => rows.map((row) => row['score']),
      first: (_, __, { Node: rows = [] }) => rows[0],
    },
    Theme: { font: (_, { size }) => `mono ${size}` },
    Node: {
      path: (row, { deep }) => pathOf(row, deep),
      up2: (row) => (hasBody(row) ? row['up'] : null),
      sum: (row) => double(row['score']),
    },
    Score: { of: (row, { scale }) => (row['value'] === null ? null : Number(row['value']) / Number(scale)) },
  },
  required: {
    three: {
      Node: {
        path: (sent, { deep }) => pathOf(sent, deep),
        up2: (sent, _, data) => (hasBody(sent) ? find(data, 'Node', { id: sent['id'] })?.['up'] : null),
        sum: (sent) => double(sent['score']),
      },
    },
  },
  literals: {
    'Query.node.id': ['"n1"', '"n2"', '"n3"', '"n4"', '"none"'],
    'Query.search.text': ['"x"', '"none"'],
    Int: ['1', '2', '5'],
  },
};
