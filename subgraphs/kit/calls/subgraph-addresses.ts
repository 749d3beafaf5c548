// Owns where the subgraphs of this shop are, for those that listen there or call each other.
import { readFile } from 'node:fs/promises';
import { environment } from '../environment.ts';

/** The URL of each subgraph's GraphQL endpoint by its name. Throws an Error with a sentence where one is no URL. */
export async function subgraphAddresses(): Promise<ReadonlyMap<string, URL>> {
  const file = new URL('../../subgraphs.json', import.meta.url);
  const entries: Record<string, { url: string }> = JSON.parse(await readFile(file, 'utf8'));
  return new Map(
    Object.entries(entries).map(([name, { url }]) => {
      const address = environment.subgraphUrl(name) ?? url;
      // What was given is not repeated: it may hold a password.
      if (URL.canParse(address)) return [name, new URL(address)];
      throw new Error(`SUBGRAPH_${name.toUpperCase()}_URL must look like http://host:4101/graphql.`);
    }),
  );
}
