// Owns which queries on sealed columns are refused, and that sealing many values is quick.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  type Compilable,
  DummyDriver,
  type ExpressionBuilder,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
} from 'kysely';
import { type DataKey, valueSealer } from '../../../../subgraphs/kit/personal-data/seal-values.ts';
import { sealingPlugin } from '../../../../subgraphs/kit/personal-data/sealing-plugin.ts';
import type { BookclubTables } from './bookclub/bookclub.ts';

const key: DataKey = { id: 'aa', bytes: randomBytes(32) };
const sealer = valueSealer('bookclub', [key]);
const db = new Kysely<BookclubTables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (introspected) => new PostgresIntrospector(introspected),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})
  .withSchema('bookclub')
  .withPlugin(
    sealingPlugin({
      sealer,
      columns: new Set(['name', 'card', 'text', 'door_code']),
      tables: new Set(['readers', 'reminders', 'branches']),
    }),
  );
const reader = { id: 'r', user_id: null, email: null, born: 1990 };
const readers = db.selectFrom('readers');

const nameIn = (selectFrom: ExpressionBuilder<BookclubTables, 'loans'>['selectFrom']) =>
  selectFrom('readers').select('readers.name').limit(1);
const refused: [what: string, query: () => Compilable][] = [
  ['compared', () => readers.selectAll().where('name', '=', 'Ada')],
  ['compared by its whole name', () => readers.selectAll().where('readers.name', 'in', ['Ada'])],
  ['compared with another', () => readers.selectAll().whereRef('email', '=', 'name')],
  ['compared within or', () => readers.selectAll().where(({ or, eb }) => or([eb('card', '=', 'x')]))],
  [
    'compared in a subquery',
    () =>
      db
        .selectFrom('loans')
        .select('id')
        .where('reader_id', 'in', readers.select('id').where('name', '=', 'Ada')),
  ],
  [
    'compared where a change is limited',
    () => db.updateTable('readers').set({ born: 1 }).where('name', '=', 'Ada'),
  ],
  ['compared where rows are removed', () => db.deleteFrom('readers').where('name', '=', 'Ada')],
  ['ordered by', () => readers.selectAll().orderBy('name', 'desc')],
  ['grouped by', () => readers.select('name').groupBy('name')],
  ['made distinct', () => readers.selectAll().distinctOn('name')],
  [
    'joined by',
    () => readers.innerJoin('branches', 'branches.door_code', 'readers.id').select('branches.id'),
  ],
  ['renamed', () => readers.select('name as called')],
  ['computed with', () => readers.select(({ fn }) => fn<string>('lower', ['name']).as('name'))],
  [
    'named in raw SQL by a reference',
    () => readers.selectAll().where(sql<boolean>`lower(${sql.ref('name')}) = 'ada'`),
  ],
  ['copied to another', () => db.updateTable('readers').set(({ ref }) => ({ email: ref('name') }))],
  [
    'filled from another',
    () => db.updateTable('readers').set(({ ref }) => ({ name: ref('email') as never })),
  ],
  ['filled by raw SQL', () => db.updateTable('readers').set({ name: sql<string>`'Ada'` })],
  [
    'inserted by raw SQL',
    () => db.insertInto('readers').values({ ...reader, card: null, name: sql<string>`'Ada'` }),
  ],
  [
    'inserted from a query',
    () =>
      db
        .insertInto('readers')
        .columns(['id', 'name'])
        .expression(readers.select(['id', 'email'])),
  ],
  ['inserted from a query without names', () => db.insertInto('readers').expression(readers.selectAll())],
  [
    'the place of a conflict',
    () =>
      db
        .insertInto('readers')
        .values({ ...reader, name: 'A', card: null })
        .onConflict((on) => on.column('name').doNothing()),
  ],
  ['filled with what is no text', () => db.updateTable('readers').set({ name: 7 as unknown as string })],
  [
    'filled in a query of a query',
    () =>
      db
        .with('x', (inner) => inner.updateTable('readers').set({ name: sql<string>`'A'` }).returning('id'))
        .selectFrom('x')
        .selectAll(),
  ],
  [
    'selected as a value',
    () => db.selectFrom('loans').select(({ selectFrom }) => nameIn(selectFrom).as('z')),
  ],
  [
    'selected as a value under its own name',
    () => db.selectFrom('loans').select(({ selectFrom }) => nameIn(selectFrom).as('name')),
  ],
  [
    'selected with all others as a value',
    () =>
      db.selectFrom('loans').select(({ selectFrom }) =>
        selectFrom('readers')
          .selectAll()
          .as('z' as never),
      ),
  ],
  [
    'renamed by a named query',
    () =>
      db
        .with('c(id)', (inner) => inner.selectFrom('readers').select('name') as never)
        .selectFrom('c')
        .selectAll(),
  ],
  [
    'made JSON of',
    () =>
      db
        .selectFrom('loans')
        .select(({ selectFrom, fn }) => fn<string>('to_json', [nameIn(selectFrom)]).as('z')),
  ],
  [
    'made JSON of with its row',
    () => db.selectFrom(readers.select('name').as('x')).select(({ fn }) => fn.toJson('x').as('z')),
  ],
  [
    'made JSON of with rows of a table by another name',
    () => db.selectFrom('readers as r').select(({ fn }) => fn.jsonAgg('r').as('z')),
  ],
  ['looked for ids in', () => db.selectFrom('loans').select('id').where('id', 'in', readers.select('name'))],
  [
    'looked for ids in, behind a query with all columns',
    () =>
      db
        .with('c', (inner) => inner.selectFrom('readers').select('name'))
        .selectFrom('loans')
        .select('id')
        .where('id', 'in', ({ selectFrom }) => selectFrom('c').selectAll() as never),
  ],
  [
    'compared as a value',
    () =>
      db
        .selectFrom('loans')
        .select('id')
        .where('id', '=', ({ selectFrom }) => nameIn(selectFrom)),
  ],
  [
    'ordered by as a value',
    () =>
      db
        .selectFrom('loans')
        .select('id')
        .orderBy(({ selectFrom }) => nameIn(selectFrom)),
  ],
  [
    'taken over as a value',
    () => db.updateTable('loans').set({ note: ({ selectFrom }) => nameIn(selectFrom) }),
  ],
  [
    'inserted as a value',
    () =>
      db.insertInto('loans').values({
        id: 'l',
        reader_id: 'r',
        book: 'b',
        note: ({ selectFrom }) => nameIn(selectFrom),
      }),
  ],
  [
    'inserted elsewhere from a query',
    () =>
      db
        .insertInto('loans')
        .columns(['id', 'note'])
        .expression(readers.select(['id', 'name'])),
  ],
  [
    'called as another column of a union is',
    () =>
      db.selectFrom('loans').select('id').unionAll(readers.select('name as name').$castTo<{ id: string }>()),
  ],
  ['told apart by distinct', () => readers.select('name').distinct()],
  ['told apart by distinct, as one of all', () => readers.selectAll().distinct()],
  ['told apart by a union', () => readers.select('name').union(readers.select('name'))],
  ['told apart by except', () => readers.select('name').except(readers.select('name'))],
  [
    'told apart by distinct in a subquery',
    () => db.selectFrom(readers.select(['id', 'name']).distinct().as('few')).select('id'),
  ],
  [
    'beside another column of a union',
    () => readers.select('name').unionAll(db.selectFrom('loans').select('note as name') as never),
  ],
];
for (const [what, query] of refused) {
  test(`a sealed column cannot be ${what}`, () => {
    assert.throws(() => query().compile(), /sealed/i);
  });
}

const taken: [
  what: string,
  query: () => Compilable,
  sealed: [place: number, column: string, text: string][],
][] = [
  [
    'a row',
    () => db.insertInto('readers').values({ ...reader, name: 'Ada', card: 'c' }),
    [
      [4, 'name', 'Ada'],
      [5, 'card', 'c'],
    ],
  ],
  [
    'rows with gaps',
    () =>
      db
        .insertInto('readers')
        .values([{ ...reader, name: 'Ada', card: null }, { id: 'q', name: 'Bo' } as never]),
    [
      [4, 'name', 'Ada'],
      [7, 'name', 'Bo'],
    ],
  ],
  [
    'a change',
    () => db.updateTable('readers').set('name', 'Ada').where('id', '=', 'r'),
    [[0, 'name', 'Ada']],
  ],
  ['an empty text', () => db.updateTable('readers').set({ name: '' }), [[0, 'name', '']]],
  [
    'a text that looks sealed',
    () => db.updateTable('readers').set({ name: 'sealed.1.aa.x' }),
    [[0, 'name', 'sealed.1.aa.x']],
  ],
  [
    'what is in conflict',
    () =>
      db
        .insertInto('readers')
        .values({ ...reader, name: 'A', card: null })
        .onConflict((on) => on.column('id').doUpdateSet({ name: 'B' })),
    [
      [4, 'name', 'A'],
      [6, 'name', 'B'],
    ],
  ],
  [
    'a change within a query',
    () =>
      db
        .with('x', (inner) => inner.updateTable('readers').set({ name: 'Ada' }).returning('id'))
        .selectFrom('x')
        .selectAll(),
    [[0, 'name', 'Ada']],
  ],
];
for (const [what, query, sealed] of taken) {
  test(`values are sealed in ${what}`, () => {
    const { parameters } = query().compile();
    for (const [place, column, text] of sealed) {
      assert.match(String(parameters[place]), /^sealed\.1\.aa\./);
      assert.equal(sealer.open(column, String(parameters[place])), text);
    }
    const others = parameters.filter((_, place) => !sealed.some(([one]) => one === place));
    assert.ok(!others.some((value) => String(value).startsWith('sealed')), 'nothing else is');
  });
}

test('what has nothing to do with sealed columns stays as it is', () => {
  const query = db.selectFrom('loans').selectAll().where('book', '=', 'name').orderBy('lent_at');
  assert.equal(query.compile().sql, 'select * from "bookclub"."loans" where "book" = $1 order by "lent_at"');
  db.insertInto('loans').expression(db.selectFrom('loans').selectAll()).compile();
  db.selectFrom('readers').select(['readers.name', 'card as card']).compile();
  db.selectFrom('readers').select('id').where('card', 'is not', null).compile();
  db.insertInto('branches').defaultValues().compile();
});

const handedOn: [what: string, query: () => Compilable][] = [
  ['a query that is read from', () => db.selectFrom(readers.select(['id', 'name']).as('x')).select('x.name')],
  [
    'a query that is joined',
    () =>
      db
        .selectFrom('loans')
        .innerJoin(readers.selectAll().as('x'), 'x.id', 'loans.reader_id')
        .select(['loans.id', 'x.name']),
  ],
  [
    'named queries',
    () =>
      db
        .with('a', (inner) => inner.selectFrom('readers').selectAll())
        .with('b', (inner) => inner.selectFrom('a').select(['id', 'card']))
        .selectFrom('b')
        .selectAll(),
  ],
  [
    'a change with a name',
    () =>
      db
        .with('a', (inner) => inner.updateTable('readers').set({ name: 'A' }).returning(['id', 'name']))
        .selectFrom('a')
        .selectAll(),
  ],
  ['distinct without any', () => readers.select('id').distinct()],
  ['both sides of a union', () => readers.select(['id', 'name']).unionAll(readers.select(['id', 'name']))],
  [
    'what is only asked whether it is there',
    () =>
      db
        .selectFrom('loans')
        .select('id')
        .where(({ exists, selectFrom }) => exists(selectFrom('readers').selectAll())),
  ],
  [
    'a query for other columns',
    () => db.selectFrom('loans').select('id').where('reader_id', 'in', readers.select('id')),
  ],
];
for (const [what, query] of handedOn) {
  test(`sealed columns may be there in ${what}`, () => {
    assert.match(query().compile().sql, /readers/);
  });
}

test('ten thousand values are sealed and opened in the blink of an eye', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `Somebody with the number ${index}`);
  // Of the processor's time, because other tests run beside this one.
  const before = process.cpuUsage();
  const sealed = names.map((name) => sealer.seal('name', name));
  const { user, system } = process.cpuUsage(before);
  assert.deepEqual(
    sealed.map((one) => sealer.open('name', one)),
    names,
  );
  const milliseconds = (user + system) / 1000;
  assert.ok(milliseconds < 500, `${milliseconds} ms`);
});
