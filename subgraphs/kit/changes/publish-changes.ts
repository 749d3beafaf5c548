// Owns that what changed is told to the routers: before the answer goes out where that is quick, and else until it is done.
import { randomBytes } from 'node:crypto';
import {
  bothOf,
  type Change,
  type ChangedEntities,
  changeOf,
  isEmpty,
  marksOf,
  messageOf,
  noChange,
} from './change.ts';

/** To all routers; a process that embeds them with subgraphs hands the routers' own bus on. */
export interface ChangeBus {
  /** Whether it is certain that the message went out. */
  publish(message: string): Promise<boolean>;
  /**
   * Puts the text under each mark, where routers compare it with the one they have read under, and says whether it is certain
   * that it stands there. Where this is left out, routers that hear of the change do so.
   */
  fence?(marks: readonly string[], text: string): Promise<boolean>;
}

export interface ChangePublisher {
  /** Call it when the change is committed. Resolves when it is told, after 50 ms at most; it is told later then. Never rejects. */
  publish: (entities: ChangedEntities) => Promise<void>;
  /** Tries once more, for 50 ms at most, to tell what is not told yet. */
  stop: () => Promise<void>;
}

interface Log {
  warn: (message: string) => void;
}

/** Milliseconds that an answer waits. */
const mostOfAnswer = 50;
/** Milliseconds after which a try counts as failed, whatever becomes of it. */
const mostOfTry = 3000;
const shortestPause = 50;
const longestPause = 500;

/** Without a bus nobody is told. What waits to be told is bounded, so it waits for as long as the process lives. */
export function publishChanges(bus: ChangeBus | undefined, log: Log): ChangePublisher {
  if (bus === undefined) return { publish: async () => {}, stop: async () => {} };
  let untold = noChange;
  const underWay = new Set<Change>();
  let timer: NodeJS.Timeout | undefined;
  let pause = shortestPause;
  // While it is not known whether the bus works nobody waits for it, and one try at a time asks it.
  let isDoubtful = false;
  let isLost = false;
  let isStopped = false;

  function succeeded(): void {
    // At the level of what it takes back.
    if (isLost) log.warn('Routers are told again what changes.');
    [isDoubtful, isLost, pause] = [false, false, shortestPause];
  }

  function failed(): void {
    if (!isLost) log.warn('Routers cannot be told what changes: it is tried again until they are.');
    [isDoubtful, isLost] = [true, true];
  }

  async function tell(change: Change): Promise<boolean> {
    underWay.add(change);
    const isTold = (await within(mostOfTry, send(bus as ChangeBus, change))) ?? false;
    underWay.delete(change);
    if (isTold) succeeded();
    else failed();
    return isTold;
  }

  function tellLater(change: Change): void {
    untold = bothOf(untold, change);
    if (!isStopped) timer ??= setTimeout(() => void tellUntold(), pause).unref();
  }

  async function tellUntold(): Promise<void> {
    const change = untold;
    untold = noChange;
    const isTold = await tell(change);
    timer = undefined;
    if (!isTold) pause = Math.min(pause * 2, longestPause);
    if (!isTold || !isEmpty(untold)) tellLater(isTold ? noChange : change);
  }

  return {
    async publish(entities) {
      const change = changeOf(entities);
      if (isEmpty(change)) return;
      if (isDoubtful) return tellLater(change);
      const telling = tell(change).then((isTold) => {
        if (!isTold) tellLater(change);
        return true;
      });
      const isOver = await within(mostOfAnswer, telling);
      if (!isOver) isDoubtful = true;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      const last = [...underWay].reduce(bothOf, untold);
      if (isEmpty(last)) return;
      const isTold = await within(mostOfAnswer, send(bus, last));
      if (!isTold)
        log.warn('What changed last was not told to the routers: they find out when it is too old.');
    },
  };
}

/**
 * First the fence: who hears of a change and reads again must not find what was there before. Where Redis takes none, who
 * hears of the change is told so by the message. Whether all of it is certain.
 */
async function send(bus: ChangeBus, change: Change): Promise<boolean> {
  try {
    if (bus.fence === undefined) return await bus.publish(messageOf(change));
    const text = randomBytes(16).toString('base64url');
    const isFenced = await bus.fence(marksOf(change), text).catch(() => false);
    const isOut = await bus.publish(isFenced ? messageOf(change, text) : messageOf(change));
    return isFenced && isOut;
  } catch {
    return false;
  }
}

/** undefined when it takes longer. */
async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
