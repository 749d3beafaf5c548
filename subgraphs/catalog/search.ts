// Owns the search over products and categories together, the best match first.
import { type Kysely, sql } from 'kysely';
import { type Connection, paginate } from '../kit/connection.ts';
import { badInput, type PageArguments } from '../kit/cursor.ts';
import { containing, refuseLongText, startingWith } from '../kit/text-search.ts';
import type { CatalogTables } from './database.ts';

export interface SearchHit {
  kind: 'Product' | 'Category';
  id: string;
}

/** A page of hits. Throws GraphQLError BAD_USER_INPUT when the text has fewer than 2 or more than 200 characters. */
export function search(
  db: Kysely<CatalogTables>,
  { text, first, after }: { text: string } & PageArguments,
): Promise<Connection<SearchHit>> {
  const words = text.trim();
  if (words.length < 2) throw badInput('text', 'must have at least 2 characters');
  refuseLongText('text', words);
  // 0 is the name itself, 1 its beginning, 2 anywhere in it, 3 elsewhere in the row.
  const distance = sql<number>`case when lower(name) = lower(${words}) then 0
    when name ilike ${startingWith(words)} then 1 when name ilike ${containing(words)} then 2 else 3 end`;
  const hits = db
    .selectFrom('categories')
    .select([sql<SearchHit['kind']>`'Category'`.as('kind'), 'id', 'name', distance.as('distance')])
    .where('name', 'ilike', containing(words))
    .unionAll(
      db
        .selectFrom('products')
        .select([sql<SearchHit['kind']>`'Product'`.as('kind'), 'id', 'name', distance.as('distance')])
        .where((row) =>
          row.or(
            (['name', 'brand', 'description'] as const).map((column) =>
              row(column, 'ilike', containing(words)),
            ),
          ),
        ),
    );
  return paginate(db.selectFrom(hits.as('hits')).select(['kind', 'id']), {
    order: [
      ['distance', 'asc'],
      ['name', 'asc'],
      ['id', 'asc'],
    ],
    first,
    after,
  });
}
