// Owns the operations that are registered at a router: read from manifests, and read again when those are replaced.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { type RegisteredOperation, readManifest } from './manifest.ts';
import type { ManifestPlaces } from './manifest-places.ts';

export interface RegisteredDocuments {
  byId: (id: string) => RegisteredOperation | undefined;
  /** The one whose text is this, character by character. */
  byBody: (text: string) => RegisteredOperation | undefined;
  all: () => readonly RegisteredOperation[];
  /** Calls back whenever there are others. */
  whenReplaced: (listener: () => void) => void;
  /** Looks for others no more. */
  stop: () => void;
}

interface Log {
  info: (message: string) => void;
  error: (message: string) => void;
}

const betweenLooks = 1000;

/** Those of now, and of released versions, each id once. Throws as openDocuments does. */
export async function readDocuments(places: ManifestPlaces): Promise<readonly RegisteredOperation[]> {
  return [...indexed(await readTexts(places)).byId.values()];
}

/** Throws a StartupProblem that says which manifest cannot be used, and why. One that cannot be used later changes nothing. */
export async function openDocuments(places: ManifestPlaces, log: Log): Promise<RegisteredDocuments> {
  const listeners: (() => void)[] = [];
  let texts = await readTexts(places);
  let current = indexed(texts);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let told: string | undefined;

  const look = async (): Promise<void> => {
    try {
      const found = await readTexts(places);
      if (!stopped && !isSame(found, texts)) {
        texts = found;
        current = indexed(found);
        log.info(`The registered operations were replaced: there are ${current.byId.size} now.`);
        for (const listener of listeners) listener();
      }
      told = undefined;
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
    if (!stopped) lookLater();
  };
  const tell = (problem: string): void => {
    if (problem !== told) log.error(`The registered operations stay what they were. ${problem}`);
    told = problem;
  };
  const lookLater = (): void => {
    timer = setTimeout(() => void look(), betweenLooks).unref();
  };
  lookLater();

  return {
    byId: (id) => current.byId.get(id),
    byBody: (text) => current.byBody.get(text),
    all: () => [...current.byId.values()],
    whenReplaced: (listener) => {
      listeners.push(listener);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** By path. */
type Texts = ReadonlyMap<string, string>;

async function readTexts({ manifest, released }: ManifestPlaces): Promise<Texts> {
  const names = await readdir(released).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new StartupProblem(`${released} cannot be read: ${error.message}.`);
  });
  const older = names.filter((name) => name.endsWith('.json')).sort();
  const paths = [manifest, ...older.map((name) => join(released, name))];
  const texts = await Promise.all(paths.map(async (path) => [path, await readText(path)] as const));
  return new Map(texts);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StartupProblem(
      code === 'ENOENT'
        ? `There is no manifest of registered operations at ${path}: run "npm run documents".`
        : `${path} cannot be read: ${message}.`,
    );
  }
}

function isSame(one: Texts, other: Texts): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

function indexed(texts: Texts) {
  const byId = new Map<string, RegisteredOperation>();
  for (const [path, text] of texts) {
    for (const operation of readManifest(text, path).operations) {
      const before = byId.get(operation.id);
      if (before !== undefined && before.body !== operation.body) {
        throw new StartupProblem(
          `${path}: the id of ${operation.name} ("${operation.id}") stands for another text elsewhere.`,
        );
      }
      // What some version was released with is no draft any more.
      byId.set(operation.id, before?.draft ? operation : (before ?? operation));
    }
  }
  return { byId, byBody: new Map([...byId.values()].map((operation) => [operation.body, operation])) };
}
