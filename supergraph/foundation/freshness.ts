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
  /** Milliseconds since the oldest of them was read. */
  age: number;
  /** Milliseconds for which all of it may still be kept; 0 for not at all. */
  maxAge: number;
  /** Milliseconds after that. */
  staleWhileRevalidate: number;
  staleIfError: number;
  isPublic: boolean;
  /** By which it is dropped when something changes. */
  marks: () => Iterable<string>;
}

export interface FreshnessOptions {
  isReadThrough?: boolean;
  patience?: number;
}

const usualPatience = 50;

export class Freshness {
  readonly parts: FreshPart[] = [];
  /** Whether nothing may be served that this process kept by itself: the viewer has just changed something elsewhere. */
  readonly isReadThrough: boolean;
  /** Milliseconds for which this request may still wait for what other replicas have kept. */
  patience: number;

  constructor({ isReadThrough = false, patience = usualPatience }: FreshnessOptions = {}) {
    this.isReadThrough = isReadThrough;
    this.patience = patience;
  }

  tell(part: FreshPart): void {
    this.parts.push(part);
  }
}
