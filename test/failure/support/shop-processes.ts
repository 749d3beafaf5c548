// Owns the shop as it runs in earnest: nine subgraphs and a router, each a process of its own, over databases that stay.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layout, type Part } from '../../../deploy/parts.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { oneDatabaseEngine, type TestDatabase } from '../../support/databases.ts';
import { ask, freePort } from '../../support/tributary.ts';
import { type ProcessOfShop, processOfShop } from './process-of-shop.ts';

export interface ShopProcesses {
  /** By name; those of BFFs too. */
  processes: ReadonlyMap<string, ProcessOfShop>;
  /** Throws for a name that is not there. */
  of: (name: string) => ProcessOfShop;
  /** Of the nine. */
  subgraphs: readonly string[];
  /** Without a path. */
  origin: (bff: string) => string;
  tokenOf: (email: string) => Promise<string>;
  /** Kills whatever runs, and takes all data away. */
  stop: () => Promise<void>;
}

export interface ShopOptions {
  /** Files that run BFFs in place of their own `main.ts`, by BFF; those that are not named are not started. */
  bffs: Record<string, URL>;
  /** Databases of subgraphs that shall not have that of all others. */
  databases?: Record<string, TestDatabase>;
}

/** On free ports. Ready when all are. */
export async function startShopProcesses({ bffs, databases = {} }: ShopOptions): Promise<ShopProcesses> {
  const [engine] = oneDatabaseEngine();
  if (engine === undefined) throw new Error('There is always an engine.');
  const folder = await mkdtemp(join(tmpdir(), 'tributary-failures-'));
  const database = await engine.start();
  const parts = layout({
    separate: true,
    embedded: false,
    port: await freePort(),
    callerSecret: 'thirty-two characters, at least it is',
    planFolder: join(folder, 'plans'),
    usageFolder: '',
  });
  const processes = new Map<string, ProcessOfShop>();
  const add = ({ name, file, serves, environment }: Part, more: Record<string, string>, main?: URL) => {
    processes.set(
      name,
      processOfShop({
        name,
        url: serves[0]?.url ?? '',
        file: main ?? new URL(`../../../${file}`, import.meta.url),
        environment: { ...environment, LOG_LEVEL: 'silent', ...more },
      }),
    );
  };
  for (const part of parts.subgraphs) add(part, environmentOf(databases[part.name] ?? database));
  for (const part of parts.bffs) if (bffs[part.name]) add(part, {}, bffs[part.name]);
  const of = (name: string): ProcessOfShop => {
    const found = processes.get(name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found;
  };
  const stop = async () => {
    await Promise.all([...processes.values()].map((one) => one.kill()));
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([...processes.values()].map((one) => one.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    processes,
    of,
    subgraphs: parts.subgraphs.map(({ name }) => name),
    origin: (bff) => new URL(of(bff).url).origin,
    tokenOf: (email) => signIn(new URL(of('accounts').url).origin, email),
    stop,
  };
}

function environmentOf({ url, engine, dataKey, dataDir }: TestDatabase): Record<string, string> {
  return {
    ...(dataKey !== undefined && { DATA_KEY: dataKey }),
    ...(engine === 'PostgreSQL' ? { DATABASE_URL: url } : { DATA_DIR: dataDir ?? '' }),
  };
}

async function signIn(origin: string, email: string): Promise<string> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }';
  const { body } = await ask(origin, query, { variables: { input: { email, password: demoPassword } } });
  const { token } = (body.data as { signIn: { token: string | null } }).signIn;
  if (token === null) throw new Error(`${email} cannot sign in.`);
  return token;
}
