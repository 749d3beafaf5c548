// Owns how a process of ours reports that it is ready, stops and fails, the same for subgraphs and the embedded database.
import { once } from 'node:events';
import { errorSentence } from './error-sentence.ts';

/** What a forked process sends to its parent. */
export type LifeMessage =
  | { type: 'ready'; name: string; url: string; milliseconds: number }
  | { type: 'failed'; name: string; message: string };

const STOP_MS = 4_000;

/** Sends over IPC when there is a parent that listens. */
export function report(message: LifeMessage): void {
  if (process.connected) process.send?.(message);
}

/**
 * Waits for SIGINT, SIGTERM, `signal`, or (unless told not to) the parent's end, then stops and exits 0. Later signals
 * are ignored: Ctrl-C reaches a whole process group, and its parent asks again. After 4 s the process ends anyhow, with 1.
 */
export async function runUntilStopped(
  stop: () => Promise<void>,
  { signal, outlivesParent = false }: { signal?: AbortSignal; outlivesParent?: boolean } = {},
): Promise<never> {
  const asked = new AbortController();
  const ask = () => asked.abort();
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
  signal?.addEventListener('abort', ask);
  if (!outlivesParent) process.on('disconnect', ask);
  // Waiting for an event does not keep a process alive by itself.
  const alive = setInterval(() => {}, 2 ** 30);
  if (!signal?.aborted && !asked.signal.aborted) await once(asked.signal, 'abort');
  clearInterval(alive);
  setTimeout(() => process.exit(1), STOP_MS).unref();
  try {
    await stop();
  } catch (error) {
    process.stderr.write(`stopping failed: ${messageOf(error)}\n`);
    process.exit(1);
  }
  process.exit(0);
}

/** One clear sentence to stderr and to the parent, and exit 1. */
export async function failStart(name: string, error: unknown): Promise<never> {
  const message = messageOf(error);
  process.stderr.write(`${name} cannot start: ${message}\n`);
  if (process.connected) {
    await new Promise((resolve) =>
      process.send?.({ type: 'failed', name, message } satisfies LifeMessage, resolve),
    );
  }
  process.exit(1);
}

/** The sentence for a person; node and pg write their own for the usual cases of a port and an unreachable server. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return errorSentence(error);
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken on ${address}: stop what listens there, or choose another.`;
  if (code === 'ECONNREFUSED')
    return `The database at ${address}:${port} is unreachable: nothing listens there.`;
  return errorSentence(error);
}
