// Owns whether Redis can be reached: nobody waits for it any more after one call came too late, and it is looked for all the time.
import type { RedisSettings } from '../foundation/redis-settings.ts';
import { inTime, late } from './in-time.ts';
import { createNotice, type StoreLog } from './notice.ts';
import { isDenial, type RedisClient, reasonOf } from './redis-client.ts';

export interface Reach {
  /**
   * What the command answers within so many milliseconds, 50 unless told; undefined when it does not, or fails. While Redis is
   * away nothing is asked and nothing is waited for, but that a longer time than usual is also for the first connection.
   */
  ask: <Answer>(command: () => Promise<Answer>, within?: number) => Promise<Answer | undefined>;
  /** As a store says it. */
  since: () => number | undefined;
  run: () => string | undefined;
  close: () => void;
}

export interface ReachOptions {
  client: RedisClient;
  settings: RedisSettings;
  log: StoreLog;
}

const usual = 50;
const betweenLooks = 500;
/** Of the time of a call; the rest is for those who have to be told. */
const share = 0.9;

export function createReach({ client, settings, log }: ReachOptions): Reach {
  const notice = createNotice(log, 'Redis is back.');
  let since: number | undefined;
  /** Of what was there last. */
  let run: string | undefined;
  /** How often it was lost. */
  let losses = 0;
  /** Until it has been asked whether it is there still. */
  let isInDoubt = false;
  /** What follows from it need not be told. */
  let isDenied = false;
  let isClosed = false;
  let isLooking = false;
  let timer: NodeJS.Timeout | undefined;
  let toldFirst = (): void => {};
  /** Resolves when it is known for the first time whether Redis is there. */
  let first: Promise<void> | undefined = new Promise((resolve) => {
    toldFirst = () => {
      first = undefined;
      resolve();
    };
  });

  function lose(error: unknown): void {
    if (isClosed) return;
    losses += 1;
    if (since !== undefined) {
      clearTimeout(timer);
      timer = undefined;
    }
    since = undefined;
    isInDoubt = false;
    const sentence = isDenial(error) ? 'Redis refuses us' : 'Redis is not reachable';
    isDenied ||= isDenial(error);
    if (!isDenied || isDenial(error)) {
      notice.amiss(`${sentence}, going on without it`, reasonOf(error, settings));
    }
    toldFirst();
    lookLater();
  }

  function lookLater(): void {
    if (isClosed || timer !== undefined) return;
    // Also while it is there: a break is one for others, whose words may be late, although nobody here has asked meanwhile.
    const pause = since === undefined ? 100 + Math.random() * 150 : betweenLooks;
    timer = setTimeout(() => {
      timer = undefined;
      void look();
    }, pause).unref();
  }

  async function look(): Promise<void> {
    if (isClosed || isLooking) return;
    // What says that it is ready comes by itself, but may have said so before it could be found.
    if (!client.isReady()) return lookLater();
    isLooking = true;
    const before = losses;
    try {
      const answer = await inTime(client.probe(), usual * share);
      if (answer === late) lose('it does not answer in time');
      // What was lost while it was asked is looked for again: another may answer by then.
      else if (losses === before && !isClosed && client.isReady()) {
        since ??= performance.now();
        run = answer;
        isInDoubt = false;
        isDenied = false;
        notice.well();
        toldFirst();
      }
    } catch (error) {
      lose(error);
    } finally {
      isLooking = false;
      lookLater();
    }
  }

  function miss(within: number): void {
    if (within >= usual / 2) lose('it does not answer in time');
    else {
      // Who has hardly any time left says little about Redis.
      isInDoubt = true;
      void look();
    }
  }

  function reachedSince(): number | undefined {
    return isInDoubt ? undefined : since;
  }

  client.watch({ ready: () => void look(), failed: lose });
  lookLater();

  return {
    async ask(command, within = usual) {
      const end = performance.now() + within;
      if (first !== undefined && within > usual) await inTime(first, within * share);
      const reached = reachedSince();
      const left = (end - performance.now()) * share;
      if (reached === undefined || left <= 0) return undefined;
      try {
        const answer = await inTime(command(), left);
        if (answer !== late) return answer;
        if (since === reached) miss(within);
      } catch (error) {
        if (since === reached) lose(error);
      }
      return undefined;
    },
    since: reachedSince,
    run: () => (reachedSince() === undefined ? undefined : run),
    close() {
      isClosed = true;
      since = undefined;
      clearTimeout(timer);
      notice.close();
      toldFirst();
    },
  };
}
