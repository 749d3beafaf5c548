// Starts domains as processes of their own over one database, with a stand-in for those that are not there, and hears all they say.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { signedCallReader } from '../../../subgraphs/kit/calls/signed-caller.ts';
import { subgraphs } from '../../subgraphs/declared-subgraphs.ts';
import { dataFolder, startEmbedded, type TestEmbedded } from '../../support/databases.ts';
import type { GraphQLBody } from '../../support/subgraph.ts';

export const callerSecret = 'a secret of at least 32 characters, for tests';

export interface DomainProcesses {
  databaseUrl: string;
  urlOf: (domain: string) => string;
  start: (domain: string, environment?: Record<string, string>) => Promise<void>;
  end: (domain: string, signal: NodeJS.Signals) => Promise<void>;
  ask: (
    domain: string,
    document: string,
    options?: { token?: string; variables?: object },
  ) => Promise<GraphQLBody>;
  /** Takes the place of the domains without a process. */
  standIn: StandIn;
  /** What all processes have written until now. */
  said: () => string;
  /** Resolves when this has been written. */
  untilSaid: (words: RegExp) => Promise<void>;
  stop: () => Promise<void>;
}

export interface StandIn {
  /** Says `call` with a SignedErasure after each. */
  heard: EventEmitter;
  /** What it answers; never, while it is undefined. */
  answer: { status: number; body: string } | undefined;
}

export interface SignedErasure {
  domain: string;
  userId: string;
  scopes: string[];
}

/** `domains` are those that become processes; nothing runs before `start`. */
export async function startDomainProcesses(domains: readonly string[]): Promise<DomainProcesses> {
  const dataDir = await dataFolder('erasure');
  const embedded: TestEmbedded = await startEmbedded(dataDir);
  const ports = new Map<string, number>();
  for (const { name } of subgraphs()) ports.set(name, await freePort());
  const standIn: StandIn = { heard: new EventEmitter(), answer: { status: 200, body: '{"erased":{}}' } };
  const server = await listen(standIn);
  const { port: standInPort } = server.address() as AddressInfo;
  const running = new Map<string, ChildProcess>();
  let said = '';
  const heard = new EventEmitter();
  const urlOf = (domain: string) => `http://127.0.0.1:${ports.get(domain)}/graphql`;
  const addresses = Object.fromEntries(
    [...ports.keys()].map((name) => [
      `SUBGRAPH_${name.toUpperCase()}_URL`,
      domains.includes(name) ? urlOf(name) : `http://127.0.0.1:${standInPort}/${name}/graphql`,
    ]),
  );
  const end: DomainProcesses['end'] = async (domain, signal) => {
    const child = running.get(domain);
    running.delete(domain);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    databaseUrl: embedded.url,
    urlOf,
    standIn,
    end,
    said: () => said,
    async untilSaid(words) {
      while (!words.test(said)) await once(heard, 'more');
    },
    async start(domain, environment = {}) {
      const { DATABASE_URL: _, DATA_KEY: __, ...inherited } = process.env;
      const child = fork(new URL(`../../../subgraphs/${domain}/main.ts`, import.meta.url), [], {
        env: {
          ...inherited,
          DATA_DIR: dataDir,
          PORT: String(ports.get(domain)),
          JWKS_URL: new URL('/.well-known/jwks.json', urlOf('accounts')).href,
          CALLER_SECRET: callerSecret,
          LOG_LEVEL: 'trace',
          ...addresses,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (bytes) => {
          said += bytes;
          heard.emit('more');
        });
      }
      running.set(domain, child);
      const [first] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) =>
          Promise.reject(new Error(`${domain} ended with ${code}: ${said}`)),
        ),
      ]);
      if (first.type !== 'ready') throw new Error(first.message);
    },
    async ask(domain, query, { token, variables = {} } = {}) {
      const response = await fetch(urlOf(domain), {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(30_000),
      });
      return response.json() as Promise<GraphQLBody>;
    },
    async stop() {
      for (const domain of running.keys()) await end(domain, 'SIGKILL');
      server.close();
      server.closeAllConnections();
      await embedded.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Believes what the real ones believe. */
async function listen(standIn: StandIn): Promise<Server> {
  const server = createServer(async (request, response) => {
    const domain = request.url?.split('/')[1] ?? '';
    const body = await text(request);
    const { caller } = signedCallReader(callerSecret, domain)(
      String(request.headers['tributary-caller']),
      body,
    );
    const call: SignedErasure = { domain, userId: JSON.parse(body).userId, scopes: [...caller.scopes] };
    const { answer } = standIn;
    if (answer) {
      response.statusCode = answer.status;
      response.setHeader('content-type', 'application/json').end(answer.body);
    }
    standIn.heard.emit('call', call);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
