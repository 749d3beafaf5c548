// Owns one gateway under test: started on its own core with a fresh folder for plans, asked, frozen while others work.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { headersOf, type Question } from '../load/question.ts';
import { type Lookups, readLookups } from './lookups.ts';
import type { OwnedProcess, Processes } from './processes.ts';

/** What a gateway is started with: a program, its flags, its variables. */
export interface Command {
  command: string;
  args: readonly string[];
  env: Record<string, string>;
}

export interface Answer {
  status: number;
  /** Of the body in bytes. */
  bytes: number;
  data: unknown;
  errors: readonly unknown[] | undefined;
}

export interface Gateway {
  /** Of its GraphQL endpoint. */
  url: string;
  /** Milliseconds from its start to its first answer. */
  startedIn: number;
  process: OwnedProcess;
  /** With an identity of its own. Throws when no JSON comes within the time, 30 s if none is given. */
  ask: (question: Question, milliseconds?: number) => Promise<Answer>;
  /** What it has looked up in its cache until now; undefined where it does not tell. */
  lookups: () => Promise<Lookups | undefined>;
}

export interface GatewayOptions {
  command: (port: number) => Command;
  cwd: string;
  core: number;
  /** Where plans may be kept: empty for a first start. */
  planFolder: string;
  /** Gives a token for each request. */
  token: () => string;
}

const readyWithin = 60_000;
const typename: Question = { method: 'POST', search: '', body: '{"query":"{__typename}"}' };

/** Resolves when it answers `{__typename}`. Throws with its last words when it ends before, or is not ready in a minute. */
export async function startGateway(processes: Processes, options: GatewayOptions): Promise<Gateway> {
  const [port, metricsPort] = await freePorts();
  const { token } = options;
  const { command, args, env } = options.command(port);
  const began = performance.now();
  const process = processes.start([command, ...args], {
    cwd: options.cwd,
    env: { METRICS_PORT: String(metricsPort), ...env, PLAN_FOLDER: options.planFolder },
    core: options.core,
  });
  let hasEnded = false;
  void process.ended.then(() => (hasEnded = true));
  const url = `http://127.0.0.1:${port}/graphql`;
  for (;;) {
    const answer = await ask(url, typename, token(), 5_000).catch(() => undefined);
    if (answer?.status === 200) break;
    const late = performance.now() - began > readyWithin;
    if (hasEnded || late) {
      await process.stop();
      throw new Error(`It ${late ? 'was not ready in a minute' : 'ended'}: ${lastWords(process.output())}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    startedIn: performance.now() - began,
    process,
    ask: (question, milliseconds = 30_000) => ask(url, question, token(), milliseconds),
    lookups: () => readLookups(`http://127.0.0.1:${metricsPort}/metrics`),
  };
}

async function ask(url: string, question: Question, token: string, milliseconds: number): Promise<Answer> {
  const { method, search, body } = question;
  const response = await fetch(`${url}${search}`, {
    method,
    headers: { ...headersOf(question), authorization: `Bearer ${token}` },
    ...(method === 'POST' && { body }),
    signal: AbortSignal.timeout(milliseconds),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const { data, errors } = JSON.parse(bytes.toString());
  return { status: response.status, bytes: bytes.byteLength, data, errors };
}

/** What is wrong with an answer beside the one that is right; undefined when nothing is. */
export function faultOf(answer: Answer, right: Answer): string | undefined {
  if (answer.status !== 200) return `it answers with status ${answer.status}`;
  if (answer.errors !== undefined)
    return `it answers with errors: ${JSON.stringify(answer.errors).slice(0, 200)}`;
  const difference = firstDifference(answer.data, right.data, 'data');
  return difference === undefined ? undefined : `its answer differs at ${difference}`;
}

function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return path;
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = firstDifference(one[key], other[key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return path;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function lastWords(output: string): string {
  return output.trim().split('\n').slice(-15).join('\n') || 'it said nothing';
}

/** Two that differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const [first, second] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) await once(server.close(), 'close');
  if (first === undefined || second === undefined) throw new Error('There are no free ports.');
  return [first, second];
}
