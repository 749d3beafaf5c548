// Owns Relay connections over SQL: a page of one list, and pages of many parents' lists in one statement.
import DataLoader from 'dataloader';
import {
  type Expression,
  type Kysely,
  type Selectable,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import {
  afterSql,
  badInput,
  encodeCursor,
  keysetSql,
  orderSql,
  type PageArguments,
  type PagedList,
  type PageOrder,
  pageSize,
} from './cursor.ts';
import { columnIn, type LooseQuery, looseQuery, rowsOf } from './loose-query.ts';

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

/** Shaped so that graphql's default resolvers serve it as it is; `totalCount` costs a statement only when asked. */
export interface Connection<Node> {
  edges: Edge<Node>[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: () => Promise<number>;
}

type WithKeyset<Row> = Row & { keyset__: string; parent__?: string; number__?: number };

/**
 * One page of a select query, by keyset: rows inserted meanwhile neither repeat nor hide others. The query must not be
 * grouped, ordered or limited itself. Throws GraphQLError BAD_USER_INPUT naming `first` or `after`.
 */
export async function paginate<Tables, From extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, From, Row>,
  { order, first, after }: { order: PageOrder } & PageArguments,
): Promise<Connection<Row>> {
  const size = pageSize(first);
  const from = after == null ? query : query.where(afterSql({ order }, after));
  const page = from
    .select(keysetSql(order).as('keyset__'))
    .orderBy(orderSql(order))
    .limit(size + 1);
  const rows = await blamingTheCursor(after, rowsOf<WithKeyset<Row>>(page));
  return connectionOf(rows, { order, size, after }, async () => {
    const { count } = await query
      .clearSelect()
      .select(sql<number>`count(*)`.as('count'))
      .$castTo<{ count: number }>()
      .executeTakeFirstOrThrow();
    return count;
  });
}

export interface ConnectionLoader<Node, Filter = Partial<Node>> {
  /** A page of one parent's list, of the rows that `filter` keeps. Errors as `paginate`. */
  load(parentId: string, page: PageArguments, filter?: Filter): Promise<Connection<Node>>;
}

/**
 * Pages of many parents' lists, e.g. the reviews of each product of a page: all parents asked in one tick with the same
 * arguments are one statement, and one more when some of them ask for `totalCount`.
 */
export function connectionLoader<
  Tables,
  Table extends keyof Tables & string,
  Filter extends object = Partial<Selectable<Tables[Table]>>,
>(
  db: Kysely<Tables>,
  source: {
    table: Table;
    /** The column that holds the parent's id. */
    by: keyof Tables[Table] & string;
    order: PageOrder<keyof Tables[Table] & string>;
    /** What a filter asks of a row; that its columns have the filter's values, unless told otherwise. */
    where?: (filter: Filter) => readonly Expression<SqlBool>[];
  },
): ConnectionLoader<Selectable<Tables[Table]>, Filter> {
  type Row = Selectable<Tables[Table]>;
  const { table, by, order, where = equalities } = source;
  const list = `${table}.${by}`;
  const pages = new Map<string, DataLoader<string, WithKeyset<Row>[]>>();
  const counts = new Map<string, DataLoader<string, number>>();

  return {
    async load(parentId, { first, after }, filter) {
      const size = pageSize(first);
      const childrenOf = (parents: readonly string[]) =>
        looseQuery(db, table).where(({ and }) =>
          and([columnIn(by, parents), ...(filter ? where(filter) : [])]),
        );

      const page = remembered(pages, JSON.stringify([size, after, filter]), () => {
        const beyond = after == null ? undefined : afterSql({ list, order }, after);
        return new DataLoader(async (parents) => {
          const children = beyond ? childrenOf(parents).where(beyond) : childrenOf(parents);
          const rows = await rowsOf<WithKeyset<Row>>(firstOfEach(db, children, { by, order, size }));
          const found = new Map(parents.map((parent): [string, WithKeyset<Row>[]] => [parent, []]));
          for (const row of rows) found.get(row.parent__ ?? '')?.push(row);
          return parents.map((parent) => found.get(parent) ?? []);
        });
      });
      const count = remembered(counts, JSON.stringify([filter]), () => {
        return new DataLoader(async (parents) => {
          const rows = await childrenOf(parents)
            .select([sql<string>`${sql.ref(by)}`.as('parent'), sql<number>`count(*)`.as('count')])
            .groupBy(by)
            .execute();
          const found = new Map(rows.map((row) => [String(row.parent), row.count]));
          return parents.map((parent) => found.get(parent) ?? 0);
        });
      });

      const rows = await blamingTheCursor(after, page.load(parentId));
      return connectionOf<Row>(rows, { list, order, size, after }, () => count.load(parentId));
    },
  };
}

/** The first rows of each parent, and one more to see whether there is a next page. */
function firstOfEach<Tables>(
  db: Kysely<Tables>,
  children: LooseQuery,
  { by, order, size }: { by: string; order: PageOrder; size: number },
) {
  const numbered = children
    .selectAll()
    .select([
      keysetSql(order).as('keyset__'),
      sql<string>`${sql.ref(by)}::text`.as('parent__'),
      sql<number>`row_number() over (partition by ${sql.ref(by)} order by ${orderSql(order)})`.as('number__'),
    ]);
  return looseQuery(db, numbered.as('page'))
    .selectAll()
    .where('number__', '<=', size + 1)
    .orderBy('number__');
}

function equalities(filter: object): Expression<SqlBool>[] {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) =>
      value === null ? sql<boolean>`${sql.ref(column)} is null` : sql<boolean>`${sql.ref(column)} = ${value}`,
    );
}

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** A cursor can be well formed and still hold what its column cannot, e.g. 30 February: class 22 is a data exception. */
async function blamingTheCursor<Value>(
  after: string | null | undefined,
  rows: Promise<Value>,
): Promise<Value> {
  try {
    return await rows;
  } catch (error) {
    const state = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (after != null && state.startsWith('22')) throw badInput('after', 'is not a cursor of this list');
    throw error;
  }
}

function connectionOf<Row>(
  rows: readonly WithKeyset<Row>[],
  { size, after, ...paged }: PagedList & { size: number; after: string | null | undefined },
  totalCount: () => Promise<number>,
): Connection<Row> {
  const edges = rows.slice(0, size).map((row) => {
    const { keyset__, parent__, number__, ...node } = row;
    return { cursor: encodeCursor(paged, keyset__), node: node as Row };
  });
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage: after != null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}
