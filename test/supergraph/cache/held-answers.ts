// Owns holding up what a subgraph has to say: it has read by then, and its answer goes out when the test lets it go.
import { EventEmitter, once } from 'node:events';
import type { CachedGraph } from './cached-graph.ts';

export interface HeldAnswers {
  /** The next so many of the catalog's answers to requests that have this text as a variable. */
  hold: (text: string, count: number) => void;
  /** Resolves when that many are held up. */
  arrived: (text: string) => Promise<void>;
  letGo: (text: string) => void;
}

const patience = 15_000;

export function heldAnswers(graph: Pick<CachedGraph, 'misbehaving'>): HeldAnswers {
  const held = new Map<string, { count: number; waiting: (() => void)[] }>();
  const news = new EventEmitter().setMaxListeners(0);
  graph.misbehaving['catalog'] = async ({ variables }, honest) => {
    const body = await honest();
    const text = Object.values(variables).find((value) => typeof value === 'string' && held.has(value));
    const holding = held.get(String(text));
    if (holding !== undefined && holding.waiting.length < holding.count) {
      await new Promise<void>((resolve) => {
        holding.waiting.push(resolve);
        news.emit('held');
      });
    }
    return { body };
  };
  return {
    hold: (text, count) => void held.set(text, { count, waiting: [] }),
    async arrived(text) {
      const signal = AbortSignal.timeout(patience);
      const { count = 0, waiting = [] } = held.get(text) ?? {};
      while (waiting.length < count) await once(news, 'held', { signal });
    },
    letGo(text) {
      const { waiting = [] } = held.get(text) ?? {};
      held.delete(text);
      for (const go of waiting) go();
    },
  };
}
