// Graphs in which every field is shared by some of seven subgraphs, so that each step of an operation can be taken in
// several and its plans multiply; what an operation must be answered is known without a subgraph.
import fc from 'fast-check';
import type { CaseSubgraph, Data, Resolvers } from '../../federation/harness/case-subgraph.ts';

export interface SharedGraph {
  subgraphs: Record<string, CaseSubgraph>;
  /** Everything, `levels` types deep. */
  operation: string;
  answer: Data;
}

const names = ['amber', 'blue', 'coral', 'denim', 'ebony', 'fawn', 'grey'];
const levels = ['Kingdom', 'Phylum', 'Class', 'Order', 'Family'];
const leaves = ['name', 'author'];
const branches = ['largest', 'others'];

/** For each type and field the places of the subgraphs that have it. */
type Owners = Record<string, readonly number[]>;

const twoOrMore = fc.uniqueArray(fc.nat(names.length - 1), { minLength: 2, maxLength: 4 });

export const sharedGraphs: fc.Arbitrary<SharedGraph> = fc
  .record({
    Query: twoOrMore,
    ...Object.fromEntries(
      levels.flatMap((type) => [...leaves, ...branches].map((field) => [`${type}.${field}`, twoOrMore])),
    ),
  })
  .map(sharedGraph);

/** As bad as it gets: few subgraphs for each value, more for each step, no two types alike. */
export function worstGraph(): SharedGraph {
  const from = (first: number, count: number) =>
    Array.from({ length: count }, (_, index) => (first + index) % names.length);
  const owners: Owners = { Query: from(0, names.length) };
  for (const [index, type] of levels.entries()) {
    owners[`${type}.name`] = from(3 * index, 2);
    owners[`${type}.author`] = from(3 * index + 3, 2);
    owners[`${type}.largest`] = from(2 * index, 4);
    owners[`${type}.others`] = from(2 * index + 3, 4);
  }
  return sharedGraph(owners);
}

function sharedGraph(owners: Owners): SharedGraph {
  return {
    subgraphs: Object.fromEntries(names.map((name, index) => [name, subgraphOf(index, owners)])),
    operation: `{kingdoms${selectionFrom(0)}}`,
    answer: { kingdoms: ['a', 'b'].map((id) => answerFrom(0, id)) },
  };
}

function subgraphOf(index: number, owners: Owners): CaseSubgraph {
  const has = (place: string): boolean => owners[place]?.includes(index) === true;
  const resolvers: Resolvers = {};
  const types = levels.map((type, level) => {
    const below = levels[level + 1];
    const fields = [
      ...leaves.map((field) => ({ field, type: 'String' })),
      ...(below
        ? [
            { field: 'largest', type: below },
            { field: 'others', type: `[${below}!]!` },
          ]
        : []),
    ].filter(({ field }) => has(`${type}.${field}`));
    resolvers[type] = {
      __resolveReference: ({ id }) => ({ id }),
      ...Object.fromEntries(
        fields.map(({ field }) => [field, ({ id }: Data) => answerTo(type, String(id), field)]),
      ),
    };
    const lines = fields.map(({ field, type }) => `${field}: ${type} @shareable`);
    return `type ${type} @key(fields: "id") { id: ID! ${lines.join(' ')} }`;
  });
  if (has('Query')) {
    types.push('type Query { kingdoms: [Kingdom!]! @shareable }');
    resolvers['Query'] = { kingdoms: () => [{ id: 'a' }, { id: 'b' }] };
  }
  return { sdl: types.join('\n'), resolvers };
}

function answerTo(type: string, id: string, field: string): unknown {
  if (field === 'largest') return { id: `${id}l` };
  if (field === 'others') return [{ id: `${id}o` }, { id: `${id}p` }];
  return `${field} of ${type} ${id}`;
}

function selectionFrom(level: number): string {
  const below =
    level + 1 < levels.length ? branches.map((field) => `${field}${selectionFrom(level + 1)}`) : [];
  return `{id ${[...leaves, ...below].join(' ')}}`;
}

function answerFrom(level: number, id: string): Data {
  const type = levels[level] ?? '';
  const values = leaves.map((field) => [field, answerTo(type, id, field)]);
  if (level + 1 === levels.length) return { id, ...Object.fromEntries(values) };
  return {
    id,
    ...Object.fromEntries(values),
    largest: answerFrom(level + 1, `${id}l`),
    others: ['o', 'p'].map((letter) => answerFrom(level + 1, `${id}${letter}`)),
  };
}
