// Owns the bus over a channel of Redis: one connection that listens, and a heartbeat on it that tells how far it has heard.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Bus, longestSilence } from './bus.ts';
import { inTime, late } from './in-time.ts';
import { createNotice, type StoreLog } from './notice.ts';
import {
  backoff,
  createListener,
  deadAfter,
  isRefusal,
  type RedisClient,
  type RedisConnection,
  reasonOf,
} from './redis-client.ts';
import type { Reach } from './redis-reach.ts';

export interface RedisBusOptions {
  connection: RedisConnection;
  /** By which messages go out. */
  client: RedisClient;
  reach: Reach;
  channel: string;
  log: StoreLog;
}

const betweenBeats = 250;
/** Milliseconds of silence after which others may have something to say that they could not, and how long they take for it. */
const noticed = 500;
const makingUp = 500;

/** Begins to listen when somebody does. */
export function createRedisBus({ connection, client, reach, channel, log }: RedisBusOptions): Bus {
  const { settings } = connection;
  const listeners = new Set<(message: string) => void>();
  const gapListeners = new Set<() => void>();
  const notice = createNotice(log, 'Redis carries messages again.');
  // Our own, to hear whether what other nodes of a cluster send comes here.
  const beatChannel = `${channel}:${randomUUID()}`;
  let isClosed = false;
  let isStarted = false;
  let attempt = 0;
  let heard = Number.NEGATIVE_INFINITY;
  let current: Redis | undefined;
  let stopPause = (): void => {};

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      stopPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function keepListening(): Promise<void> {
    while (!isClosed) {
      const place = pick(client.places()) ?? pick(settings.nodes);
      if (place === undefined) return;
      const link = createListener(connection, place);
      current = link;
      try {
        await listenOn(link);
      } catch (error) {
        // What is only away is told by the store.
        if (isRefusal(error)) amiss(error);
      }
      link.disconnect();
      if (!isClosed) await pause(backoff(++attempt));
    }
  }

  /** Until the connection is lost; then it rejects. What was said between two connections nobody hears any more. */
  async function listenOn(link: Redis): Promise<void> {
    const isCluster = settings.mode === 'cluster';
    /** When the last beat was answered of which it was certain that others can speak. */
    let carriedAt = Number.NEGATIVE_INFINITY;
    let certainFrom = Number.NEGATIVE_INFINITY;
    const beats = new Map<string, { missing: number; done: () => void }>();
    let hasBegun = false;
    const beginAnew = (): void => {
      for (const listener of [...gapListeners]) listener();
    };
    const begin = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      beginAnew();
    };
    link.on('error', (error: Error) => {
      if (isRefusal(error)) amiss(error);
    });
    link.on('message', (of: string, message: string) => {
      if (of === channel) {
        begin();
        for (const listener of [...listeners]) listener(message);
      } else {
        const beat = beats.get(message);
        if (beat && --beat.missing === 0) beat.done();
      }
    });

    /** A node of a cluster hands on what it is told in the order in which it was told. */
    async function heardFromAll(): Promise<void> {
      const masters = client.masters();
      const token = randomUUID();
      const all = new Promise<void>((done) => beats.set(token, { missing: masters.length, done }));
      try {
        await Promise.all([all, ...masters.map((master) => master.publish(beatChannel, token))]);
      } finally {
        beats.delete(token);
      }
    }

    /** Redis may pause those who write alone: then what others have to say does not come either. */
    async function canSpeak(): Promise<boolean> {
      if (isCluster) return true;
      try {
        return (await inTime(client.publish(beatChannel, ''), deadAfter)) !== late;
      } catch (error) {
        return isRefusal(error);
      }
    }

    await alive(link.connect());
    await alive(link.subscribe(channel, ...(isCluster ? [beatChannel] : [])));
    begin();
    carriedAt = performance.now();
    while (!isClosed) {
      const sentAt = performance.now();
      // Its answer comes behind all that Redis had to say before.
      const [isCarried] = await Promise.all([
        canSpeak(),
        alive(Promise.all([link.ping(), ...(isCluster ? [heardFromAll()] : [])])),
      ]);
      if (isCarried) {
        const now = performance.now();
        const silence = now - carriedAt;
        carriedAt = now;
        if (silence > longestSilence) beginAnew();
        // Whoever could say nothing meanwhile says it a moment later.
        else if (silence > noticed) certainFrom = now + makingUp;
        if (now >= certainFrom) heard = sentAt;
      }
      attempt = 0;
      notice.well();
      await pause(Math.max(0, sentAt + betweenBeats - performance.now()));
    }
  }

  function amiss(error: Error): void {
    if (isClosed) return;
    notice.amiss('Redis does not carry messages', reasonOf(error, settings));
  }

  function start(): void {
    if (isStarted || isClosed) return;
    isStarted = true;
    void keepListening();
  }

  function joining<Listener>(set: Set<Listener>, own: Listener): () => void {
    set.add(own);
    start();
    return () => void set.delete(own);
  }

  return {
    async publish(message) {
      const isOut = await reach.ask(async () => {
        try {
          await client.publish(channel, message);
          return true;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          amiss(error);
          return false;
        }
      });
      return isOut ?? false;
    },
    listen: (listener) => joining(listeners, (message) => listener(message)),
    onGap: (listener) => joining(gapListeners, () => listener()),
    heardUntil: () => heard,
    async close() {
      isClosed = true;
      notice.close();
      stopPause();
      current?.disconnect();
      listeners.clear();
      gapListeners.clear();
    },
  };
}

async function alive<Answer>(work: Promise<Answer>): Promise<Answer> {
  const answer = await inTime(work, deadAfter);
  if (answer === late) throw new Error('no answer for too long');
  return answer;
}

function pick<One>(some: readonly One[]): One | undefined {
  return some[Math.floor(Math.random() * some.length)];
}
