// Owns getting the text of a supergraph from a file or an address, in bounded time and size.
import { readFile } from 'node:fs/promises';
import { StartupProblem } from '../foundation/startup-problem.ts';

const timeout = 10_000;

/** SDL. Throws a StartupProblem that says why there is none; `http:` and `https:` are addresses, all else are files. */
export async function loadSupergraph(from: string): Promise<string> {
  return /^https?:\/\//.test(from) ? download(from) : readSupergraphFile(from);
}

async function readSupergraphFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const missing = 'code' in error && error.code === 'ENOENT';
    throw new StartupProblem(
      missing
        ? `There is no supergraph at ${path}: run "npm run compose", or name another file.`
        : `The supergraph cannot be read: ${error.message}.`,
    );
  }
}

async function download(url: string): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
    text = await response.text();
  } catch (error) {
    throw new StartupProblem(`The supergraph cannot be fetched from ${url}: ${reason(error)}.`);
  }
  if (!response.ok)
    throw new StartupProblem(`The supergraph cannot be fetched from ${url}: HTTP ${response.status}.`);
  return text;
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeout / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
