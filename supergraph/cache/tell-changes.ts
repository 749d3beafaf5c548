// Owns changes on their way: dropped here at once, told to all replicas, and told again when it is not certain that they heard.
import type { Bus } from '../store/bus.ts';
import { type Change, everything, marksOf, readChange } from './changes.ts';
import type { LevelOne } from './level-one.ts';
import { type LevelTwo, newFence } from './level-two.ts';

export interface ChangesOptions {
  levelOne: LevelOne;
  levelTwo: LevelTwo | undefined;
  bus: Bus;
}

export interface Changes {
  /** Resolves when it is told, or cannot be told now; whether it is certain. */
  tell: (change: Change) => Promise<boolean>;
  /** Drops it in this process; how much that was. */
  drop: (change: Change) => number;
  /** Whether all changes are told. */
  isAllTold: () => boolean;
  stop: () => void;
}

/** Milliseconds. */
const pause = 250;
/** More than these are told as a change of everything. */
const mostUntold = 10_000;

/** Hears and tells; nothing of it ever throws. */
export function createChanges({ levelOne, levelTwo, bus }: ChangesOptions): Changes {
  let untold = new Set<string>();
  /** They are told, or were heard, and do not stand in the store. */
  let unfenced = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isTellingAgain = false;

  const stopListening = bus.listen((message) => {
    const change = readChange(message);
    if (change === undefined) return;
    const marks = marksOf(change);
    levelOne.drop(marks);
    // Whoever could not put it into the store leaves that to those who hear of it.
    if (change.fence === undefined) void fence(marks);
  });
  const stopGaps = bus.onGap(() => void levelOne.drop([everything]));

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

  return {
    async tell(change) {
      const marks = marksOf(change);
      levelOne.drop(marks);
      return send(marks);
    },
    drop: (change) => levelOne.drop(marksOf(change)),
    isAllTold: () => !isTellingAgain && untold.size === 0 && unfenced.size === 0,
    stop() {
      stopListening();
      stopGaps();
      clearTimeout(timer);
    },
  };
}

/** A change with just these marks. */
function changeOf(marks: readonly string[]): Change {
  if (marks.includes(everything)) return { all: true };
  return {
    keys: marks.filter((mark) => !mark.startsWith('#') && mark.includes(':') && !mark.endsWith(':*')),
    types: marks.filter((mark) => !mark.startsWith('#') && (!mark.includes(':') || mark.endsWith(':*'))),
    tags: marks.filter((mark) => mark.startsWith('#')).map((mark) => mark.slice(1)),
  };
}
