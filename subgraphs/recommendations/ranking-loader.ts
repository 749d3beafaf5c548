// Owns how rankings of many owners are read together; which table a ranking lies in, its caller says.
import DataLoader from 'dataloader';

/** A product on the ranking of somebody or something. */
interface RankedProduct {
  owner: string;
  product: string;
}

interface RankingLoader {
  /** The ids of the best `first` products of one ranking; fewer when it is shorter. */
  load(owner: string, first: number): Promise<string[]>;
}

/**
 * `read` gets the owners and how far down to read, and gives their products, the best first. It is called once for all
 * rankings asked for in one tick, whether or not they ask equally far: the longest wish is read, the others are cut.
 */
export function rankingLoader(
  read: (owners: string[], depth: number) => Promise<RankedProduct[]>,
): RankingLoader {
  const rankings = new DataLoader<{ owner: string; first: number }, string[], string>(
    async (asked) => {
      const owners = [...new Set(asked.map(({ owner }) => owner))];
      const depth = Math.max(...asked.map(({ first }) => first));
      const found = new Map(owners.map((owner): [string, string[]] => [owner, []]));
      for (const { owner, product } of await read(owners, depth)) found.get(owner)?.push(product);
      return asked.map(({ owner, first }) => (found.get(owner) ?? []).slice(0, first));
    },
    { cacheKeyFn: ({ owner, first }) => `${first} ${owner}` },
  );
  return { load: (owner, first) => rankings.load({ owner, first }) };
}
