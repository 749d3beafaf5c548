// Owns what clients saw before: at another revision, or by another supergraph.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { printSchema } from 'graphql';
import { applyContract } from '../composition/contract.ts';
import { loadBff } from '../declaration/load-bff.ts';
import { readSupergraphFacts } from '../foundation/supergraph-facts.ts';
import { manifestPlaces } from '../persisted-documents/manifest-places.ts';
import { type ClientDocument, clientDocuments } from './client-documents.ts';
import { openRevision, previousRevision, type Revision } from './git-revision.ts';
import { schemaFile } from './wanted-bffs.ts';

export interface EarlierBffs {
  /** As messages call it. */
  name: string;
  /** Undefined when there was no such BFF. */
  of: (bff: string) => Promise<EarlierBff | undefined>;
  all: () => Promise<string[]>;
}

export interface EarlierBff {
  sdl: string;
  documents: ClientDocument[];
}

/**
 * By a supergraph file or a git revision; without one by the revision before. Undefined when there is none before; a
 * StartupProblem when there is not the one asked for.
 */
export async function openEarlierBffs(against: string | undefined): Promise<EarlierBffs | undefined> {
  if (against !== undefined && (await isFile(against))) return bySupergraph(against);
  const revision = against === undefined ? await previousRevision() : await openRevision(against);
  return revision && byRevision(revision);
}

function byRevision({ name, read, list }: Revision): EarlierBffs {
  async function documentsOf(bff: string): Promise<ClientDocument[]> {
    const places = manifestPlaces(bff);
    const released = (await list(places.released)).filter((path) => path.endsWith('.json'));
    const documents: ClientDocument[] = [];
    for (const path of [...released, places.manifest]) {
      const text = await read(path);
      if (text !== undefined) documents.push(...clientDocuments(text, `${path} at ${name}`));
    }
    return documents;
  }

  return {
    name,
    async of(bff) {
      const sdl = await read(schemaFile(bff));
      return sdl === undefined ? undefined : { sdl, documents: await documentsOf(bff) };
    },
    async all() {
      const folders = (await list()).filter((one) => one.startsWith('bff-'));
      const schemas = await Promise.all(folders.map((one) => read(schemaFile(one))));
      return folders.filter((_, index) => schemas[index] !== undefined);
    },
  };
}

/** Seen as today's contracts show it. */
async function bySupergraph(path: string): Promise<EarlierBffs> {
  const sdl = await readFile(path, 'utf8');
  readSupergraphFacts(sdl, path);
  return {
    name: path,
    async of(bff) {
      const { contract } = await loadBff(join(bff, 'bff.ts'));
      const { clientSchema } = applyContract(bff, sdl, contract);
      return { sdl: printSchema(clientSchema), documents: [] };
    },
    all: async () => [],
  };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
