// Owns changes on their way: dropped here at once, told to all replicas, and told again when it is not certain that they heard.
import type { Bus } from '../store/bus.ts';
import { type Change, changeOf, everything, marksOf, readMessage } from './changes.ts';
import { createLateChanges } from './late-changes.ts';
import type { LevelOne } from './level-one.ts';
import { type LevelTwo, newFence } from './level-two.ts';

export interface ChangesOptions {
  levelOne: LevelOne;
  levelTwo: LevelTwo | undefined;
  bus: Bus;
  log: { warn: (message: string) => void };
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface Changes {
  /** Resolves when it is told, or cannot be told now; whether it is certain. */
  tell: (change: Change) => Promise<boolean>;
  /** Of what may have changed, and may change still: it is told now, and again for a minute. */
  tellOfLate: (change: Change) => Promise<boolean>;
  /** Drops it in this process; how much that was. */
  drop: (change: Change) => number;
  /** Whether all changes are told. */
  isAllTold: () => boolean;
  /** Tries for a moment to tell what is not told yet. */
  stop: () => Promise<void>;
}

/** Milliseconds. Who could not hear begins anew after `longestSilence`; it is to come sooner than that. */
const pause = 100;
/** Milliseconds. */
const mostOfStop = 700;
/** More than these are told as a change of everything. */
const mostUntold = 10_000;
/** Milliseconds between two lines in the log about messages that cannot be read. */
const betweenWarnings = 60_000;

/** Hears and tells; nothing of it ever throws. */
export function createChanges({ levelOne, levelTwo, bus, log, now }: ChangesOptions): Changes {
  let untold = new Set<string>();
  /** They are told, or were heard, and do not stand in the store. */
  let unfenced = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isTellingAgain = false;
  let unread = 0;
  let warnedAt = Number.NEGATIVE_INFINITY;

  const stopListening = bus.listen((message) => {
    const change = readMessage(message);
    if (typeof change === 'string') {
      warn(change);
      return;
    }
    const marks = marksOf(change);
    levelOne.drop(marks);
    // Whoever could not put it into the store leaves that to those who hear of it.
    if (change.fence === undefined) void fence(marks);
  });
  const stopGaps = bus.onGap(() => void levelOne.drop([everything]));

  /** Whoever sends them may send many. */
  function warn(because: string): void {
    unread += 1;
    const at = now();
    // Somebody may set the clock back.
    if (Math.abs(at - warnedAt) < betweenWarnings) return;
    const more = unread > 1 ? ` It is one of ${unread} since that was said last.` : '';
    log.warn(
      `A message about what has changed cannot be read, and nothing is dropped: ${because}${because.endsWith('?') ? '' : '.'}${more}`,
    );
    [unread, warnedAt] = [0, at];
  }

  /** Tried again until it is certain. */
  async function fence(marks: readonly string[]): Promise<boolean> {
    const isFenced = levelTwo === undefined || (await levelTwo.fence(marks));
    if (!isFenced) unfenced = remember(unfenced, marks);
    return isFenced;
  }

  /**
   * First the fences: whoever hears of a change and reads again must not find in the store what was there before. Where a
   * store takes nothing, whoever hears of it is told so.
   */
  async function send(marks: readonly string[]): Promise<boolean> {
    const isFenced = await fence(marks);
    const message = { ...changeOf(marks), ...(isFenced && { fence: newFence() }) };
    const isOut = await bus.publish(JSON.stringify(message));
    if (!isOut) untold = remember(untold, marks);
    return isFenced && isOut;
  }

  async function sendAgain(): Promise<void> {
    timer = undefined;
    const [marks, alone] = [[...untold], [...unfenced]];
    untold = new Set();
    unfenced = new Set();
    isTellingAgain = true;
    // What does not stand in the store is told as long as it does not: who comes later finds what was there before.
    const all = [...new Set([...marks, ...alone])];
    if (all.length > 0) await send(all);
    isTellingAgain = false;
  }

  function remember(known: Set<string>, marks: readonly string[]): Set<string> {
    timer ??= setTimeout(() => void sendAgain(), pause).unref();
    for (const mark of marks) known.add(mark);
    return known.size > mostUntold ? new Set([everything]) : known;
  }

  async function tell(marks: readonly string[]): Promise<boolean> {
    levelOne.drop(marks);
    return send(marks);
  }

  const isAllTold = (): boolean => !isTellingAgain && untold.size === 0 && unfenced.size === 0;
  const late = createLateChanges((marks) => void tell(marks));

  return {
    tell: (change) => tell(marksOf(change)),
    tellOfLate(change) {
      const marks = marksOf(change);
      late.expect(marks);
      return tell(marks);
    },
    drop: (change) => levelOne.drop(marksOf(change)),
    isAllTold,
    async stop() {
      stopListening();
      stopGaps();
      late.stop();
      const end = performance.now() + mostOfStop;
      while (!isAllTold() && performance.now() < end) {
        clearTimeout(timer);
        if (!isTellingAgain) await sendAgain();
        if (!isAllTold()) await new Promise((resolve) => setTimeout(resolve, pause / 2));
      }
      clearTimeout(timer);
      if (!isAllTold())
        log.warn('What changed last was not told to the other replicas: they find out when it is too old.');
    },
  };
}
