// Owns clients that keep asking a router over connections that stay open, and keep every answer with its times.
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import type { AnswerBody } from './validate-answer.ts';

export interface Screen {
  name: string;
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
  token?: string | undefined;
}

export interface KeptAnswer {
  screen: Screen;
  /** On the clock of `performance.now()`. */
  began: number;
  ended: number;
  /** 0 where there was no answer over HTTP at all. */
  status: number;
  body: AnswerBody;
}

export interface Asking {
  /** All, in the order of their coming. */
  answers: KeptAnswer[];
  /**
   * Resolves with the first answer of which this is so, to a question that was put after this call; rejects after so many
   * milliseconds.
   */
  next: (what: string, isSo: (answer: KeptAnswer) => boolean, within?: number) => Promise<KeptAnswer>;
  /** Resolves when each screen was asked for and answered so often since the call; rejects after half a minute. */
  rounds: (count: number) => Promise<void>;
  /** Resolves when the last answer is there. */
  stop: () => Promise<void>;
}

const patience = 30_000;

/** Each screen has a client of its own, who asks again `every` so many milliseconds, or when the answer is there. */
export function keepAsking(origin: string, screens: readonly Screen[], every: number): Asking {
  const connections = new Pool(origin, { connections: screens.length });
  const answers: KeptAnswer[] = [];
  const watchers = new Set<(answer: KeptAnswer) => void>();
  const stopped = new AbortController();
  const clients = screens.map(async (screen) => {
    while (!stopped.signal.aborted) {
      const answer = await askFor(connections, screen);
      answers.push(answer);
      for (const watcher of watchers) watcher(answer);
      await pace(Math.max(0, every - (answer.ended - answer.began)), stopped.signal);
    }
  });

  const next: Asking['next'] = (what, isSo, within = patience) =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      let last: KeptAnswer | undefined;
      const settle = (work: () => void) => {
        clearTimeout(impatience);
        watchers.delete(watcher);
        work();
      };
      const impatience = setTimeout(() => {
        const told = JSON.stringify(last?.body.errors ?? last?.body.extensions ?? last?.status);
        settle(() => reject(new Error(`${what}: not within ${within} ms; the last answer: ${told}`)));
      }, within);
      const watcher = (answer: KeptAnswer) => {
        if (answer.began < since) return;
        last = answer;
        if (isSo(answer)) settle(() => resolve(answer));
      };
      watchers.add(watcher);
    });

  return {
    answers,
    next,
    async rounds(count) {
      await Promise.all(
        screens.map((screen) => {
          let left = count;
          return next(
            `${count} answers of ${screen.name}`,
            (answer) => answer.screen === screen && --left <= 0,
          );
        }),
      );
    },
    async stop() {
      stopped.abort();
      await Promise.all(clients);
      await connections.destroy();
    },
  };
}

/** Never throws: what is no answer is kept as one. */
async function askFor(connections: Pool, screen: Screen): Promise<KeptAnswer> {
  const { query, operationName, variables, token } = screen;
  const began = performance.now();
  const keep = (status: number, body: AnswerBody): KeptAnswer => ({
    ...{ screen, began, ended: performance.now(), status, body },
  });
  try {
    const { statusCode, body } = await connections.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, operationName, variables }),
      headersTimeout: patience,
      bodyTimeout: patience,
    });
    return keep(statusCode, (await body.json()) as AnswerBody);
  } catch (error) {
    return keep(0, { errors: [{ message: String(error) }] });
  }
}

/** So that the load is bounded; ends at once when nobody asks any more. */
async function pace(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds, undefined, { signal }).catch(() => {});
}
