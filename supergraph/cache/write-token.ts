// Owns the token of a write: whoever sends it back is answered with what is true since then, whichever replica they ask.
import type { FreshnessOptions } from '../foundation/freshness.ts';

export interface WriteTokens {
  /** For whoever has changed something now. */
  give: () => string;
  /** How fresh an answer must be for whoever sends this; of one that is none, or that is old, no fresher than any. */
  read: (token: string | undefined) => FreshnessOptions;
}

/** Milliseconds after which all replicas have heard of a write, with some for clocks that do not agree. */
const lifetime = 30_000;

/** `isAllTold` says whether all changes of this process have reached the others. */
export function writeTokens(now: () => number, isAllTold: () => boolean): WriteTokens {
  return {
    give: () => `${now().toString(36)}${isAllTold() ? '' : '-'}`,
    read(token = '') {
      const [, moment, isUntold] = /^([0-9a-z]{6,12})(-?)$/.exec(token) ?? [];
      if (moment === undefined || Math.abs(now() - Number.parseInt(moment, 36)) > lifetime) return {};
      return { isReadThrough: true, ...(isUntold && { patience: 0 }) };
    },
  };
}
