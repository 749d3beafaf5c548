// Owns the keyset of a page: how an order becomes SQL, how a row becomes a cursor and a cursor a condition.
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Direction } from './loaders.ts';

/** Columns or expressions to sort by; together they must be unique, so the last one usually is the id. */
export type PageOrder<Column extends string = string> = readonly (readonly [
  Column | Expression<unknown>,
  Direction,
])[];

/** A page as a client asks for it: `first` is 20 unless told, `after` is the cursor of the last edge seen. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

const DEFAULT_FIRST = 20;
const MOST = 100;

/** Throws GraphQLError BAD_USER_INPUT unless `first` is a whole number from 1 to 100. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_FIRST;
  if (!Number.isInteger(size) || size < 1 || size > MOST) {
    throw badInput('first', `must be between 1 and ${MOST}, but is ${size}`);
  }
  return size;
}

export function badInput(argument: string, complaint: string): GraphQLError {
  return new GraphQLError(`The argument "${argument}" ${complaint}.`, {
    extensions: { code: 'BAD_USER_INPUT', argument },
  });
}

function reference(column: string | Expression<unknown>): Expression<unknown> {
  return typeof column === 'string' ? sql.ref(column) : column;
}

/** `order by` without those two words. */
export function orderSql(order: PageOrder): RawBuilder<unknown> {
  return sql.join(order.map(([column, direction]) => sql`${reference(column)} ${sql.raw(direction)}`));
}

/**
 * The values a row is sorted by, as a JSON list of texts. PostgreSQL writes them itself, because a JavaScript Date would
 * lose the microseconds of a timestamp, and the row after the cursor would be this row again.
 */
export function keysetSql(order: PageOrder): RawBuilder<string> {
  const texts = order.map(([column]) => sql`(${reference(column)})::text`);
  return sql<string>`json_build_array(${sql.join(texts)})::text`;
}

/** Which list a cursor belongs to: its name, where it has one, and its order. */
export interface PagedList {
  list?: string;
  order: PageOrder;
}

/** The cursor of a row, from what `keysetSql` selected; it works only with the same list in the same order. */
export function encodeCursor(paged: PagedList, keyset: string): string {
  return Buffer.from(`${fingerprint(paged)}${keyset}`).toString('base64url');
}

/** True for the rows after the cursor. Throws GraphQLError BAD_USER_INPUT when it is no cursor of this list and order. */
export function afterSql(paged: PagedList, after: string): RawBuilder<boolean> {
  return laterThan(paged.order, decodeCursor(paged, after));
}

function decodeCursor(paged: PagedList, after: string): (string | null)[] {
  const { order } = paged;
  const text = Buffer.from(after, 'base64url').toString();
  const mark = fingerprint(paged);
  try {
    const values: unknown = text.startsWith(mark) ? JSON.parse(text.slice(mark.length)) : undefined;
    if (isKeyset(values) && values.length === order.length) return values;
  } catch {
    // Not JSON: the same complaint as for every other text that is no cursor.
  }
  throw badInput('after', 'is not a cursor of this list');
}

function isKeyset(value: unknown): value is (string | null)[] {
  return Array.isArray(value) && value.every((one) => one === null || typeof one === 'string');
}

/** A cursor of another list or order would silently skip rows, so each one carries four characters of its own. */
function fingerprint({ list = '', order }: PagedList): string {
  const words = order.map(([column, direction]) =>
    typeof column === 'string' ? `${column} ${direction}` : direction,
  );
  return createHash('sha256')
    .update([list, ...words].join())
    .digest('base64url')
    .slice(0, 4);
}

/** Row comparison column by column, because `(a, b) > (x, y)` knows neither mixed directions nor nulls. */
function laterThan(order: PageOrder, values: readonly (string | null)[]): RawBuilder<boolean> {
  const [first, ...rest] = order;
  if (!first) return sql<boolean>`false`;
  const [value = null, ...others] = values;
  const column = reference(first[0]);
  const beyond = beyondValue(column, first[1], value);
  const equal = value === null ? sql`${column} is null` : sql`${column} = ${value}`;
  return sql<boolean>`(${beyond} or (${equal} and ${laterThan(rest, others)}))`;
}

/** PostgreSQL sorts nulls last ascending and first descending. */
function beyondValue(column: Expression<unknown>, direction: Direction, value: string | null) {
  if (direction === 'asc') {
    return value === null ? sql`false` : sql`(${column} > ${value} or ${column} is null)`;
  }
  return value === null ? sql`${column} is not null` : sql`${column} < ${value}`;
}
