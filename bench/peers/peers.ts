// Lists who is measured, each with the command that starts it and the settings that its own documentation calls best.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { GraphName } from '../graphs/graphs.ts';

export interface Peer {
  name: string;
  /** What is run, in the repository's folder; undefined where it cannot serve the graph. */
  command: (setup: PeerSetup) => PeerCommand | undefined;
}

/** Ready when `POST http://127.0.0.1:<port>/graphql` answers `{__typename}` with 200. */
export interface PeerSetup {
  /** The path of the graph's supergraph, whose subgraphs are the stand-in's. */
  supergraph: string;
  port: number;
  /** Its address without a path. */
  standIn: string;
  /** Variables that say whose tokens are good. */
  identity: Record<string, string>;
  graph: GraphName;
  /** The path of a file with another peer's answer, which is there when somebody asks by GET. */
  recording: string;
}

export interface PeerCommand {
  command: string;
  args: string[];
  /** Beside what every process gets. */
  env: Record<string, string>;
}

const bench = fileURLToPath(new URL('..', import.meta.url));

/** Helps every gateway on Node: what lives for one request is not copied into the old generation. */
const youngGeneration = '--max-semi-space-size=64';
const production = { NODE_ENV: 'production' };

export const peers: readonly Peer[] = [
  {
    name: 'tributary',
    command: ({ supergraph, port }) =>
      node(['--import', 'tsx', 'supergraph/main.ts', '--supergraph', supergraph, '--port', String(port)]),
  },
  {
    // Only where a whole answer can pass through; elsewhere it would be the same router once more.
    name: 'trusting',
    command: ({ supergraph, port, graph }) =>
      graph === 'large'
        ? node(['--import', 'tsx', 'bench/peers/trusting-main.ts', supergraph, String(port)])
        : undefined,
  },
  {
    // Its declaration with all that it has, on the graph it belongs to: it reads every token.
    name: 'bff-web',
    command: ({ port, standIn, identity, graph }) =>
      graph === 'shop'
        ? node(['--import', 'tsx', 'bff-web/main.ts'], {
            ...identity,
            CALLER_SECRET: 'the bench keeps no secrets from anybody',
            HOST: '127.0.0.1',
            PORT: String(port),
            ...subgraphVariables(standIn),
          })
        : undefined,
  },
  {
    name: 'guarded',
    command: ({ supergraph, port, graph }) =>
      graph === 'shop'
        ? node(['--import', 'tsx', 'bench/peers/guarded-main.ts', supergraph, String(port)])
        : undefined,
  },
  { name: 'caching', command: (setup) => caching(setup, 'never') },
  { name: 'responses', command: (setup) => caching(setup, 'public') },
  {
    // What sending an answer costs when nothing at all is done for it.
    name: 'null-server',
    command: ({ recording, port }) =>
      node(['--import', 'tsx', 'bench/peers/null-server-main.ts', recording, String(port)]),
  },
  {
    name: 'floor',
    command: ({ port, standIn, graph }) =>
      graph === 'shop'
        ? node(['--import', 'tsx', 'bench/peers/floor-main.ts', standIn, String(port)])
        : undefined,
  },
  {
    name: 'apollo',
    command: ({ supergraph, port }) =>
      node(['--import', 'tsx', 'bench/peers/apollo-main.ts', supergraph, String(port)], {
        // Nothing is reported while it is measured.
        APOLLO_TELEMETRY_DISABLED: '1',
      }),
  },
  { name: 'hive', command: (setup) => hive(setup, ['--jit']) },
  { name: 'hive-rust', command: (setup) => hive(setup, ['--hive-router-runtime']) },
];

function node(args: string[], env: Record<string, string> = {}): PeerCommand {
  return { command: process.execPath, args: [youngGeneration, ...args], env: { ...production, ...env } };
}

/** Our router with rules for what it keeps, which are about the shop. */
function caching({ supergraph, port, graph }: PeerSetup, whole: 'never' | 'public'): PeerCommand | undefined {
  return graph === 'shop'
    ? node(['--import', 'tsx', 'bench/peers/caching-main.ts', supergraph, String(port), whole])
    : undefined;
}

function hive({ supergraph, port }: PeerSetup, flags: string[]): PeerCommand {
  return node([
    join(bench, 'node_modules/@graphql-hive/gateway/dist/bin.js'),
    'supergraph',
    supergraph,
    '--config-path',
    join(bench, 'peers/hive-config.ts'),
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    // One process, as everybody has one core.
    '--fork',
    '1',
    ...flags,
  ]);
}

/** Where bff-web finds the shop's subgraphs. */
function subgraphVariables(standIn: string): Record<string, string> {
  const file = new URL('../../subgraphs/subgraphs.json', import.meta.url);
  const names = Object.keys(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    names.map((name) => [`SUBGRAPH_${name.toUpperCase()}_URL`, `${standIn}/${name}/graphql`]),
  );
}

/** Installs what the bench's own package.json names, unless it is there. Throws with npm's words. */
export async function installPeers(): Promise<void> {
  const isInstalled = Object.entries(wantedVersions()).every(
    ([name, version]) => installedVersion(name) === version,
  );
  if (isInstalled) return;
  await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: bench });
}

function wantedVersions(): Record<string, string> {
  return JSON.parse(readFileSync(join(bench, 'package.json'), 'utf8')).dependencies;
}

function installedVersion(name: string): string | undefined {
  const file = join(bench, 'node_modules', name, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}
