// Owns the shape of counters that replicas share: how much of something there is room for, and when there is room again.

export interface Take {
  /** Keys of the same kind: those of one do not push out another's. There are few. */
  group: string;
  /** Whatever is counted together has the same; no other group has it. */
  key: string;
  /** Whole, from 1 on. */
  points: number;
  limit: number;
  /** Whole seconds, in milliseconds. */
  window: number;
  /**
   * 'window': `limit` from the first on until the time is over; what is refused is counted too. 'bucket': room comes back bit
   * by bit, all of it in the time; what is refused is not counted.
   */
  kind: 'window' | 'bucket';
}

export interface Taken {
  isAllowed: boolean;
  /** What there is room for still. */
  remaining: number;
  /** Milliseconds: until all room is back, or, of what is refused, until there is room for as much. */
  wait: number;
}

export interface Counters {
  /**
   * All of them, each counted whatever becomes of the others; in the same order. undefined where it cannot be found out in
   * time: then some may be counted. A promise only where others count too. Never throws or rejects.
   */
  take(takes: readonly Take[]): readonly Taken[] | Promise<readonly Taken[] | undefined>;
}

/** Of one process. */
export interface CountersHere extends Counters {
  take(takes: readonly Take[]): readonly Taken[];
}
