// Owns hearing what subgraphs tell over a Redis, and looking at what stands in it.
import { EventEmitter, on, once } from 'node:events';
import { Redis } from 'ioredis';
import { type Change, readChange } from '../../supergraph/cache/changes.ts';

export interface HeardChanges {
  /** What was told since this was last asked and until now, in order. */
  upToNow: () => Promise<Change[]>;
  /** The next that is told, or was told since `upToNow`. */
  next: () => Promise<Change>;
  /** The text under a mark, and for how many milliseconds it stands there. */
  fence: (mark: string) => Promise<{ text: string | null; left: number }>;
  stop: () => void;
}

const channel = 'tributary:changes';

export async function hearChanges(url: string): Promise<HeardChanges> {
  const listener = new Redis(url);
  const speaker = new Redis(url);
  for (const one of [listener, speaker]) one.on('error', () => {});
  const events = new EventEmitter();
  let heard: Change[] = [];
  listener.on('message', (_, message) => {
    const change = readChange(message);
    if (change === undefined) throw new Error(`Not of the protocol: ${message}`);
    if (change.tags?.[0]?.startsWith('test ')) events.emit(change.tags[0]);
    else heard.push(change);
    events.emit('heard');
  });
  await listener.subscribe(channel);
  let markers = 0;
  return {
    async upToNow() {
      // Messages come in the order in which they were sent.
      const marker = `test ${++markers}`;
      const passed = once(events, marker);
      await speaker.publish(channel, JSON.stringify({ tags: [marker] }));
      await passed;
      const all = heard;
      heard = [];
      return all;
    },
    async next() {
      if (heard.length === 0) {
        for await (const _ of on(events, 'heard', { signal: AbortSignal.timeout(10_000) })) {
          if (heard.length > 0) break;
        }
      }
      const [first] = heard.splice(0, 1);
      if (first === undefined) throw new Error('Nothing was told.');
      return first;
    },
    async fence(mark) {
      const key = `tributary:fence:${mark}`;
      return { text: await speaker.get(key), left: await speaker.pttl(key) };
    },
    stop() {
      listener.disconnect();
      speaker.disconnect();
    },
  };
}
