// Owns the load: one run of wrk against one address, and what it says about it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Processes } from '../measure/processes.ts';
import type { Identities } from './identities.ts';
import { headersOf, type Question } from './question.ts';

export interface Load {
  /** Without what the question puts behind it. */
  url: string;
  question: Question;
  connections: number;
  seconds: number;
  /** Whose requests they are. */
  identities: Identities;
  /** Whether each request is somebody else's; otherwise all are one person's. */
  unique: boolean;
  /** The core wrk is bound to. */
  core: number;
  /** For the files the question is handed over in. */
  folder: string;
}

export interface LoadResult {
  /** How many were sent, also those whose answer did not come before the end. */
  sent: number;
  answers: number;
  /** Mean length of an answer with its head. */
  bytes: number;
  /** Answers a second. */
  rps: number;
  /** Milliseconds, also those of moments, which are those of `process.hrtime`. */
  p50: number;
  p99: number;
  notOk: number;
  socketErrors: number;
  timeouts: number;
  /** The time in which everybody who asks had an answer before; undefined when it was too short to count. */
  steady: { from: number; to: number; answers: number } | undefined;
}

const script = fileURLToPath(new URL('request.lua', import.meta.url));

/** Runs wrk with one thread. Runs take turns with the identities. Throws with what wrk said when it fails. */
export async function runWrk(processes: Processes, load: Load): Promise<LoadResult> {
  const { identities, unique, question } = load;
  const bodyFile = join(load.folder, 'body.json');
  await writeFile(bodyFile, question.body);
  const headFile = join(load.folder, 'head.txt');
  const head = Object.entries(headersOf(question)).map(([name, value]) => `${name}: ${value}`);
  await writeFile(headFile, [question.method, ...head].join('\n'));
  const first = identities.take(1);
  const words = ['wrk', '-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '30s'];
  words.push('-s', script, `${load.url}${question.search}`, '--', headFile, bodyFile);
  words.push(identities.file, String(first), unique ? 'unique' : 'same', String(load.connections));
  const wrk = processes.start(words, { core: load.core });
  const { code } = await wrk.ended;
  if (code !== 0) throw new Error(`wrk ended with ${code}:\n${wrk.output()}`);
  const result = parseWrk(wrk.output());
  if (unique) identities.take(result.sent);
  return result;
}

interface Told extends Omit<LoadResult, 'rps' | 'steady'> {
  seconds: number;
  steadyAnswers: number;
  /** Seconds. */
  steadyFrom: number;
  steadyTo: number;
}

/** Reads the last line that is JSON. Where too few answers came for a steady rate, the plain one counts. */
export function parseWrk(output: string): LoadResult {
  const line = output.split('\n').findLast((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`wrk told no result:\n${output}`);
  const { seconds, steadyAnswers, steadyFrom, steadyTo, bytes, ...told }: Told = JSON.parse(line);
  const long = steadyAnswers > 0 && steadyTo - steadyFrom > seconds / 4;
  return {
    ...told,
    bytes: told.answers > 0 ? Math.round(bytes / told.answers) : 0,
    rps: long ? steadyAnswers / (steadyTo - steadyFrom) : told.answers / seconds,
    steady: long ? { from: steadyFrom * 1e3, to: steadyTo * 1e3, answers: steadyAnswers } : undefined,
  };
}
