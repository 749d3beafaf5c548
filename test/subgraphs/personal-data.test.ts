// Holds what the nine domains say of their personal data against their databases, and docs/personal-data.md against both.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it, test } from 'node:test';
import { Kind, parse } from 'graphql';
import type { Kysely } from 'kysely';
import { allSubgraphs } from '../../subgraphs/all-subgraphs.ts';
import { signCall } from '../../subgraphs/kit/calls/sign-call.ts';
import { prepareDatabase } from '../../subgraphs/kit/database/prepare-database.ts';
import type { SubgraphDefinition } from '../../subgraphs/kit/define-subgraph.ts';
import { demoPassword, demoPeople } from '../../subgraphs/kit/demo/people.ts';
import {
  type InventoriedTable,
  wayToPerson,
} from '../../subgraphs/kit/personal-data/define-personal-data.ts';
import { erasureScope } from '../../subgraphs/kit/personal-data/erasures-route.ts';
import { isOfPerson, looseDatabase } from '../../subgraphs/kit/personal-data/rows-of-person.ts';
import { oneDatabaseEngine, type TestDatabase } from '../support/databases.ts';
import { inventoryComplaints, personalDataChapters } from '../support/personal-data.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/subgraph.ts';
import { leaver, remains } from './remains-of-person.ts';
import { idsAbout, indexedColumns, isAbout, type RawRow, rawRows } from './rows-of-service.ts';

test('docs/personal-data.md says what the domains keep about people', () => {
  const page = readFileSync(new URL('../../docs/personal-data.md', import.meta.url), 'utf8');
  const chapters = personalDataChapters(allSubgraphs);
  const [introduction = ''] = page.split(/^## /m);
  assert.equal(
    page,
    `${introduction}${chapters}`,
    `docs/personal-data.md should have, below its introduction:\n\n${chapters}`,
  );
});

test('nobody takes along what the schema keeps for those who have a scope', () => {
  const kept = allSubgraphs.flatMap((definition) => {
    const columns = (definition.personalData ?? []).flatMap((table) => table.columns);
    return fieldsWithScopes(definition)
      .map((field) => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
      .flatMap((name) => columns.filter((column) => column.name === name && column.isPersonal));
  });
  assert.deepEqual(kept.map(({ name }) => name).sort(), [
    'carrier_cost',
    'provider_reference',
    'support_note',
  ]);
  assert.deepEqual(
    kept.filter(({ isSecret }) => !isSecret),
    [],
  );
});

function fieldsWithScopes({ folder }: SubgraphDefinition): string[] {
  const { definitions } = parse(readFileSync(new URL('schema.graphql', folder), 'utf8'));
  return definitions
    .flatMap((node) => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? (node.fields ?? []) : []))
    .filter(({ directives }) => directives?.some(({ name }) => name.value === 'requiresScopes'))
    .map(({ name }) => name.value);
}

type Export = Record<string, Record<string, unknown>[]>;

const callerSecret = 'a secret of at least 32 characters, for tests';
/** As the leaver, with rows in every table that the demo world fills. */
const other = 'user-024';
const mark = (personId: string) => `this is ${personId}'s`;
const secretMark = (personId: string) => `this is ${personId}'s secret`;

/** What no dump may hold, whoever it belongs to. */
const unreadable = new Set([
  ...demoPeople().flatMap(({ name, email, addresses }) => [
    name,
    email,
    ...addresses.map(({ street }) => street),
  ]),
  // How labels of cards and accounts look, and tokens of cards.
  '••••',
  'tok_user',
]);

for (const engine of oneDatabaseEngine()) {
  describe(`personal data on ${engine.name}`, { timeout: 300_000 }, () => {
    let database: TestDatabase;
    before(async () => {
      database = await engine.start();
    });
    after(() => database?.stop());

    for (const definition of allSubgraphs) {
      describe(`of ${definition.name}`, () => {
        const opened = openedService(definition, () => database);

        it('is in the inventory, every column, and what is sealed is', async () => {
          assert.deepEqual(await inventoryComplaints(definition, opened.db()), []);
        });

        it('names nobody in a dump', async () => {
          const dump = JSON.stringify(await rawRows(opened.db(), definition.name));
          assert.deepEqual(
            [...unreadable].filter((text) => dump.includes(text)),
            [],
          );
        });

        it('is found by indexes, because everybody may ask for theirs', async () => {
          const { name, personalData = [] } = definition;
          const searched = tablesOfPeople(definition).map((table) => wayToPerson(table, personalData)[0]);
          const indexed = await indexedColumns(opened.db(), name);
          assert.deepEqual(
            searched
              .map((found) => `${found?.table}.${found?.column}`)
              .filter((column) => !indexed.includes(column)),
            [],
          );
        });

        if (tablesOfPeople(definition).length > 0) holdsExportAndErasure(definition, opened);
      });
    }
  });
}

interface OpenedService {
  db: () => Kysely<unknown>;
  subgraph: () => TestSubgraph;
}

/** Served, and its database open beside that with the service's key. */
function openedService(definition: SubgraphDefinition, database: () => TestDatabase): OpenedService {
  let subgraph: TestSubgraph | undefined;
  let beside: Awaited<ReturnType<typeof prepareDatabase>> | undefined;
  before(async () => {
    subgraph = await startTestSubgraph(definition, database(), { callerSecret });
    beside = await prepareDatabase(definition, database());
  });
  after(async () => {
    await beside?.close();
    await subgraph?.stop();
  });
  return {
    db() {
      assert.ok(beside);
      return beside.db;
    },
    subgraph() {
      assert.ok(subgraph);
      return subgraph;
    },
  };
}

/** One story: two people's data is marked, read by each, and one of them leaves. */
function holdsExportAndErasure(definition: SubgraphDefinition, { db, subgraph }: OpenedService): void {
  const { name, personalData = [] } = definition;
  const tokens: Record<string, string> = {};
  const exports: Record<string, Export> = {};
  let rowsBefore: RawRow[] = [];
  before(async () => {
    for (const personId of [leaver, other]) tokens[personId] = await tokenFor(personId, name, subgraph());
    for (const personId of [leaver, other]) await markRowsOf(personId);
    rowsBefore = await rawRows(db(), name);
    for (const personId of [leaver, other]) exports[personId] = await exported(personId);
  });

  for (const personId of [leaver, other]) {
    it(`gives ${personId} all rows about them, opened, and nothing that is secret`, () => {
      const ids = idsAbout(rowsBefore, personId);
      const about = rowsBefore.filter((row) => isAbout(row, ids)).map(({ table }) => table);
      const counts = Object.fromEntries(
        Object.entries(exports[personId] ?? {}).map(([table, rows]) => [table, rows.length]),
      );
      assert.deepEqual(counts, {
        ...Object.fromEntries(tablesOfPeople(definition).map((table) => [table.name, 0])),
        ...Object.fromEntries(about.map((table) => [table, about.filter((one) => one === table).length])),
      });
      for (const table of tablesOfPeople(definition)) {
        const { marked, secret } = marksOf(table);
        const isFilled = !table.name.startsWith('erasure');
        assert.equal(counts[table.name] !== 0, isFilled, table.name);
        for (const row of exports[personId]?.[table.name] ?? []) {
          for (const column of marked)
            assert.ok([mark(personId), null].includes(row[column] as null), column);
          for (const column of secret) assert.ok(!(column in row), column);
        }
      }
      assert.ok(!JSON.stringify(exports[personId]).includes(secretMark(personId)));
    });
  }

  it('is read once, however often a request asks for it', async () => {
    const statements = async (selection: string) => {
      subgraph().statements.length = 0;
      const reference = { __typename: 'MyData', userId: other };
      const options = { token: tokens[other] };
      const { body } = await subgraph().entities([reference, reference], selection, options);
      assert.equal(body.errors, undefined);
      return subgraph().statements.length;
    };
    const once = await statements(`... on MyData { ${name} }`);
    const names = Array.from({ length: 50 }, (_, index) => `a${index}: ${name}`);
    assert.ok(once > 0);
    assert.equal(await statements(`... on MyData { ${names.join(' ')} }`), once);
  });

  it('gives nobody what is of somebody else', async () => {
    const texts = Object.fromEntries(Object.entries(exports).map(([id, data]) => [id, JSON.stringify(data)]));
    for (const [personId, not] of [
      [leaver, other],
      [other, leaver],
    ] as const) {
      assert.ok(!texts[personId]?.includes(mark(not)) && !texts[personId]?.includes(`"${not}"`));
    }
    const asked = await askFor(leaver, tokens[other]);
    assert.deepEqual(asked, { [name]: null });
  });

  it('is gone or blank when somebody leaves, and that of others is as it was', async () => {
    const ids = idsAbout(rowsBefore, leaver);
    const others = (rows: readonly RawRow[]) =>
      rows
        .filter((row) => !isAbout(row, ids))
        .map((row) => JSON.stringify(row))
        .sort();
    const sealed = rowsBefore
      .filter((row) => isAbout(row, ids))
      .flatMap(({ values }) => Object.values(values))
      .filter((value): value is string => typeof value === 'string' && value.startsWith('sealed.1.'));

    let left = '';
    for (const time of ['once', 'once more']) {
      assert.equal(await erase(leaver), 200, time);
      const rows = await rawRows(db(), name);
      assert.deepEqual(others(rows), others(rowsBefore), time);
      const dump = JSON.stringify(rows);
      assert.deepEqual(
        sealed.filter((value) => dump.includes(value)),
        [],
        time,
      );
      const readable = await allOpened();
      assert.ok(!readable.includes(mark(leaver)) && !readable.includes(secretMark(leaver)), time);
      assert.equal(marksIn(readable), marksIn(JSON.stringify(exports[other])), time);
      assert.equal(readable, left || readable, time);
      left = readable;
      assert.deepEqual(await exported(other), exports[other], time);
    }
  });

  it('leaves rows of those tables alone that have to be kept', async () => {
    const ids = idsAbout(rowsBefore, leaver);
    const kept = (await rawRows(db(), name)).filter((row) => isAbout(row, ids)).map(({ table }) => table);
    const before = rowsBefore.filter((row) => isAbout(row, ids)).map(({ table }) => table);
    const mayStay = tablesOfPeople(definition)
      .filter(({ onErasure }) => onErasure !== 'remove')
      .map((table) => table.name);
    assert.deepEqual(kept.sort(), before.filter((table) => mayStay.includes(table)).sort());
  });

  it('is shown blank where it stays', async () => {
    const token = await subgraph().identity.tokenFor({
      userId: 'user-003',
      roles: ['SUPPORT'],
      scopes: ['customers:read', 'orders:support'],
    });
    const shown = remains[name];
    assert.ok(shown);
    for (const [type, id, selection, is] of shown) {
      const of = { __typename: type, id };
      const { body, entities } = await subgraph().entities([of], `... on ${type} { ${selection} }`, {
        token,
      });
      assert.equal(body.errors, undefined);
      assert.deepEqual(entities, [is]);
    }
  });

  async function markRowsOf(personId: string): Promise<void> {
    const loose = looseDatabase(db());
    for (const table of tablesOfPeople(definition)) {
      const { marked, secret } = marksOf(table);
      for (const column of [...marked, ...secret]) {
        const text = marked.includes(column) ? mark(personId) : secretMark(personId);
        const rows = loose
          .updateTable(table.name)
          .set({ [column]: text })
          .where(isOfPerson(loose, personalData, table, personId));
        // Each kind of them has columns of its own, and none of another kind.
        const isOfSomeKinds = table.name === 'payment_methods';
        await (isOfSomeKinds ? rows.where(column, 'is not', null) : rows).execute();
      }
    }
  }

  async function askFor(personId: string, token: string | undefined): Promise<Record<string, unknown>> {
    const representation = { __typename: 'MyData', userId: personId };
    const answer = await subgraph().entities([representation], `... on MyData { ${name} }`, { token });
    assert.equal(answer.body.errors, undefined);
    return answer.entities[0] as Record<string, unknown>;
  }
  async function exported(personId: string): Promise<Export> {
    return (await askFor(personId, tokens[personId]))[name] as Export;
  }
  const marksIn = (text: string) => text.split(JSON.stringify(mark(other))).length - 1;

  async function erase(userId: string): Promise<number> {
    const body = JSON.stringify({ userId });
    const call = { secret: callerSecret, from: 'accounts', to: name, scopes: [erasureScope], body };
    const headers = { 'content-type': 'application/json', 'tributary-caller': signCall(call) };
    const response = await fetch(new URL('/erasures', subgraph().url), { method: 'POST', headers, body });
    await response.body?.cancel();
    return response.status;
  }

  /** All tables as the domain reads them, in an order that does not depend on when a row was written. */
  async function allOpened(): Promise<string> {
    const lines: string[] = [];
    for (const { name: table, viewOf } of personalData) {
      if (viewOf !== undefined) continue;
      const rows = await looseDatabase(db()).selectFrom(table).selectAll().execute();
      lines.push(...rows.map((row) => `${table} ${JSON.stringify(row)}`).sort());
    }
    return lines.join('\n');
  }
}

function tablesOfPeople({ personalData = [] }: SubgraphDefinition): InventoriedTable[] {
  return personalData.filter(({ person }) => person !== undefined);
}

/** The columns that can take any text and must not keep it: sealed ones, and those that are blanked with a text. */
function marksOf({ columns, onErasure }: InventoriedTable): { marked: string[]; secret: string[] } {
  const blanked = Object.entries((typeof onErasure === 'object' && onErasure.blank) || {})
    .filter(([, value]) => typeof value === 'string')
    .map(([column]) => column);
  const marked = columns.filter(
    ({ name, isPersonal, isSealed }) => isPersonal && (isSealed || blanked.includes(name)),
  );
  const named = (isSecret: boolean) =>
    marked.filter((column) => column.isSecret === isSecret).map((column) => column.name);
  return { marked: named(false), secret: named(true) };
}

/** Accounts takes tokens of its own making alone. */
async function tokenFor(personId: string, service: string, subgraph: TestSubgraph): Promise<string> {
  if (service !== 'accounts') return subgraph.identity.tokenFor({ userId: personId });
  const email = demoPeople().find(({ id }) => id === personId)?.email;
  const { body } = await subgraph.query(
    'mutation ($input: SignInInput!) { signIn(input: $input) { token } }',
    { variables: { input: { email, password: demoPassword } } },
  );
  const payload = body.data?.['signIn'] as { token: string } | undefined;
  assert.ok(payload);
  return payload.token;
}
