// Owns what is known of one answer's freshness: told part by part while it is put together, read when it is whole.

/** How one fetch was answered, or what of it was. */
export interface FreshPart {
  subgraph: string;
  /** A type of entities, or a root field's coordinate. */
  of: string;
  /** Entities or root fields: kept ones that were new enough, kept ones that were not, and those that were asked for. */
  hits: number;
  stale: number;
  misses: number;
  /** Of the stale ones: whether they were served because the subgraph failed. */
  failed: boolean;
  /** When the oldest of them was read, in milliseconds since 1970; infinite where nothing of it is kept. */
  readAt: number;
  /** Until when all of it may be kept, on the same clock; 0 for not at all. */
  freshUntil: number;
  /** Milliseconds after that. */
  staleWhileRevalidate: number;
  staleIfError: number;
  /** What said how long, of that which is over first: see HeldEntry. */
  why: string;
  isPublic: boolean;
  /** By which it is dropped when something changes. */
  marks: () => Iterable<string>;
}

export interface FreshnessOptions {
  /** By which parts are told how old they are: milliseconds since 1970. */
  now?: () => number;
  isReadThrough?: boolean;
  patience?: number;
}

const usualPatience = 50;

export class Freshness {
  readonly parts: FreshPart[] = [];
  readonly now: () => number;
  /** Whether nothing may be served that this process kept by itself: the viewer has just changed something elsewhere. */
  readonly isReadThrough: boolean;
  /** Milliseconds for which this request may still wait for what other replicas have kept. */
  patience: number;

  constructor({ now = Date.now, isReadThrough = false, patience = usualPatience }: FreshnessOptions = {}) {
    this.now = now;
    this.isReadThrough = isReadThrough;
    this.patience = patience;
  }

  tell(part: FreshPart): void {
    this.parts.push(part);
  }
}
