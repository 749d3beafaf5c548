// Owns counting who used which operation, in bounded memory; names come from strangers, and there may be any number of them.

import { LRUCache } from 'lru-cache';
import type { Client } from '../foundation/client-version.ts';

export interface CountedOperation {
  /** By its text and name: operations of one name may differ. */
  key: string;
  /** SHA-256 of its text in hexadecimal, as in manifests of registered documents. */
  id: string;
  name: string | undefined;
  /** Coordinates that its text names, and those that its variables may name. */
  named: readonly string[];
  possible: readonly string[];
  /** Those of `named` that are deprecated. */
  deprecated: readonly string[];
}

/** Times are milliseconds since 1970. */
export interface Count {
  /** Since the table was emptied. */
  count: number;
  /** Since the process began. */
  total: number;
  first: number;
  last: number;
}

export interface UsageRow extends Count {
  client: Client;
  use: OperationUse;
  /** Among the rows of its operation. */
  key: string;
  /** When it was last put before those that are quiet. */
  touched: number;
}

/** One operation and all who use it. */
export interface OperationUse {
  /** As it was understood last: the schema may have changed. */
  operation: CountedOperation;
  /** By client and version. */
  rows: Map<string, UsageRow>;
  /** It had to leave, and is nothing to count with any more. */
  gone: boolean;
}

/** Uses of a coordinate by those for whom there was no row. */
export interface OtherUse extends Count {
  named: boolean;
  deprecated: boolean;
}

export interface Bounds {
  /** Of client, version and operation together. */
  rows: number;
  operations: number;
}

/** Longer names are cut. */
const longestName = 100;
/** Milliseconds in which who comes again is not put before the others anew; nobody is pushed out in so short a time. */
const betweenTouches = 100;
const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export class UsageTable {
  /** Of those who had to leave. */
  readonly others: Count = emptyCount();
  readonly othersByCoordinate = new Map<string, OtherUse>();
  /** Those that were quiet for longest leave first. */
  private readonly rows: LRUCache<UsageRow, UsageRow>;
  private readonly operations: LRUCache<string, OperationUse>;

  constructor(bounds: Bounds) {
    this.rows = new LRUCache({ max: bounds.rows, dispose: (row) => this.leave(row) });
    this.operations = new LRUCache({
      max: bounds.operations,
      dispose: (use) => {
        use.gone = true;
        for (const row of [...use.rows.values()]) this.rows.delete(row);
      },
    });
  }

  /** What uses of an operation are added to, for as long as it is not gone. */
  use(operation: CountedOperation): OperationUse {
    let use = this.operations.get(operation.key);
    if (use === undefined) {
      use = { operation, rows: new Map(), gone: false };
      this.operations.set(operation.key, use);
    }
    use.operation = operation;
    return use;
  }

  /** Adds one; its time costs about as much as one look-up. */
  add(use: OperationUse, { name, version }: Client, now: number): void {
    // What cannot be told apart where it is read is one.
    const key =
      isPlain(name) && isPlain(version) ? `${name}\n${version}` : `${plain(name)}\n${plain(version)}`;
    let row = use.rows.get(key);
    if (row === undefined) {
      const client = { name: plain(name), version: plain(version) };
      row = { client, use, key, touched: now, ...emptyCount() };
      use.rows.set(key, row);
      this.rows.set(row, row);
    } else if (now - row.touched >= betweenTouches) {
      row.touched = now;
      this.rows.get(row);
      this.operations.get(use.operation.key);
    }
    if (row.count === 0) row.first = now;
    row.last = now;
    row.count += 1;
    row.total += 1;
  }

  *[Symbol.iterator](): Generator<UsageRow> {
    for (const row of this.rows.values()) yield row;
  }

  /** Counts begin anew; totals go on. */
  empty(): void {
    for (const count of [this.others, ...this.rows.values(), ...this.othersByCoordinate.values()]) {
      count.count = 0;
    }
  }

  private leave(row: UsageRow): void {
    row.use.rows.delete(row.key);
    addTo(this.others, row);
    const { named, possible, deprecated } = row.use.operation;
    for (const coordinate of named) this.addOther(coordinate, row, true, deprecated.includes(coordinate));
    for (const coordinate of possible) this.addOther(coordinate, row, false, false);
  }

  private addOther(coordinate: string, row: UsageRow, named: boolean, deprecated: boolean): void {
    let use = this.othersByCoordinate.get(coordinate);
    if (use === undefined) {
      use = { ...emptyCount(), named, deprecated };
      this.othersByCoordinate.set(coordinate, use);
    }
    use.named ||= named;
    use.deprecated ||= deprecated;
    addTo(use, row);
  }
}

function emptyCount(): Count {
  return { count: 0, total: 0, first: 0, last: 0 };
}

function addTo(sum: Count, { count, total, first, last }: Count): void {
  if (count > 0) {
    sum.first = sum.count === 0 ? first : Math.min(sum.first, first);
    sum.last = sum.count === 0 ? last : Math.max(sum.last, last);
  }
  sum.count += count;
  sum.total += total;
}

function cut(name: string | undefined): string | undefined {
  return name === undefined || name.length <= longestName ? name : name.slice(0, longestName);
}

function isPlain(name: string | undefined): boolean {
  return name === undefined || (name.length <= longestName && /^[\x20-\x7e]*$/.test(name));
}

/** Short, and without what would change a terminal or another line. */
function plain(name: string | undefined): string | undefined {
  // Copied, because a piece of a text keeps all of that text in memory.
  return name === undefined ? undefined : Buffer.from(cut(name)?.replaceAll(control, '?') ?? '').toString();
}
