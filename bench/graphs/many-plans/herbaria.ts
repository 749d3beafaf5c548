// Owns the graph of seven herbaria: the same plants in all of them, and no field that only one of them knows, or each.
import type { Item, SubgraphSource } from '../subgraph-source.ts';

/** From the outside in; each rank holds two of the next. */
const ranks = ['Kingdom', 'Phylum', 'Class', 'Order', 'Family', 'Genus', 'Species'] as const;
const towns = ['berlin', 'cairo', 'kyoto', 'lima', 'oslo', 'paris', 'quito'] as const;

/** Of seven herbaria: how many know of a field, so that most have to ask others. */
const knowing = 3;

type Below = 'largest' | 'oldest';
type Text = 'name' | 'author';

/**
 * The herbaria as subgraphs. Who knows what shifts from rank to rank, so that at each step a planner has several ways
 * to go on and none of them is the best for all that follows.
 */
export function herbaria(): SubgraphSource[] {
  return towns.map((name, number) => {
    const types = ranks.map((rank, depth) => describeRank(rank, depth, number));
    const root = 'type Query {\n  kingdom: Kingdom @shareable\n}';
    const link =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';
    return {
      name,
      sdl: `${[link, root, ...types.map(({ sdl }) => sdl)].join('\n\n')}\n`,
      resolvers: {
        Query: { kingdom: () => ({ id: '1' }) },
        ...Object.fromEntries(types.map(({ rank, resolvers }) => [rank, resolvers])),
      },
    };
  });
}

function describeRank(rank: string, depth: number, herbarium: number) {
  const next = ranks[depth + 1];
  const texts = (['name', 'author'] as const).filter((_, index) => isKnown(3 * index + 2 * depth, herbarium));
  const below = (['largest', 'oldest'] as const).filter(
    (_, index) => next !== undefined && isKnown(2 * index + 3 * depth + 1, herbarium),
  );
  const fields = [
    '  id: ID!',
    ...texts.map((field) => `  ${field}: String! @shareable`),
    ...below.map((field) => `  ${field}: ${next} @shareable`),
  ];
  return {
    rank,
    sdl: `type ${rank} @key(fields: "id") {\n${fields.join('\n')}\n}`,
    resolvers: {
      ...Object.fromEntries(texts.map((field) => [field, ({ id }: Item) => textOf(rank, field, id)])),
      ...Object.fromEntries(below.map((field) => [field, ({ id }: Item) => plantBelow(field, id)])),
    },
  };
}

/** Whether a herbarium is the first one to know it, or one of those before. */
function isKnown(first: number, herbarium: number): boolean {
  const count = towns.length;
  return (((first - herbarium) % count) + count) % count < knowing;
}

// What is known follows from the id alone, so that all herbaria say the same.
function textOf(rank: string, field: Text, id: string): string {
  return field === 'name' ? `${rank} ${id}` : `Author of ${rank.toLowerCase()} ${id}`;
}

function plantBelow(field: Below, id: string): Item {
  return { id: `${id}.${field === 'largest' ? 1 : 2}` };
}
