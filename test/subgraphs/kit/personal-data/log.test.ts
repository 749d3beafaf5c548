// Owns that no value of a row gets into a subgraph's log by way of the database's errors, and that what helps does.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { dataFolder, startEmbedded, type TestEmbedded } from '../../../support/databases.ts';
import { type BookclubProcess, runBookclub } from './bookclub-process.ts';

const marker = 'marker-of-a-person';

describe('the log of a subgraph', { timeout: 120_000 }, () => {
  let dataDir: string;
  let embedded: TestEmbedded;
  let bookclub: BookclubProcess;
  let url: string;
  before(async () => {
    dataDir = await dataFolder('log');
    embedded = await startEmbedded(dataDir);
    bookclub = await runBookclub({ DATA_DIR: dataDir, LOG_LEVEL: 'trace' });
    assert.ok(bookclub.first.type === 'ready', bookclub.said());
    url = bookclub.first.url;
  });
  after(async () => {
    await bookclub?.stop();
    await embedded?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function ask(query: string): Promise<{ errors?: { message: string }[] }> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return response.json() as Promise<{ errors?: { message: string }[] }>;
  }
  /** Lines that were written since there were that many letters. */
  const linesSince = (length: number): Record<string, unknown>[] =>
    bookclub
      .said()
      .slice(length)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  const addReader = `mutation { addReader(id: "${marker}", name: "${marker}", email: "${marker}", card: "${marker}") { id } }`;
  const failures: [what: string, query: string, expected: Record<string, unknown>, message: RegExp][] = [
    [
      'a value that is there already',
      addReader,
      { type: 'DatabaseError', code: '23505', table: 'readers', constraint: 'readers_pkey' },
      /^duplicate key value violates unique constraint "readers_pkey"$/,
    ],
    [
      'a value that refers to nothing',
      `mutation { lend(readerId: "${marker}-not", book: "b") }`,
      { type: 'DatabaseError', code: '23503', table: 'loans' },
      /violates foreign key constraint/,
    ],
    [
      'a value that is no number',
      `{ bornIn(year: "${marker}") { id } }`,
      { type: 'DatabaseError', code: '22P02' },
      /^the database refused with 22P02 \(pg_strtoint32\w*\); its message is left out/,
    ],
    [
      'a value that looks like a frame of a stack',
      `{ bornIn(year: "\\n    at ${marker}") { id } }`,
      { type: 'DatabaseError', code: '22P02' },
      /its message is left out/,
    ],
  ];
  for (const [what, query, expected, message] of failures) {
    it(`tells of ${what} without the value`, async () => {
      if (query === addReader) assert.equal((await ask(query)).errors, undefined);
      const began = bookclub.said().length;
      const { errors } = await ask(query);
      assert.equal(errors?.[0]?.message, 'Something went wrong here. It has been logged.');
      const line = linesSince(began).find(({ err }) => err !== undefined);
      const error = line?.['err'] as Record<string, unknown>;
      for (const [name, value] of Object.entries(expected)) assert.equal(error[name], value, name);
      assert.match(String(error['message']), message);
      assert.equal(line?.['msg'], error['message']);
      assert.match(String(error['stack']), /^\s+at /);
      assert.ok(!bookclub.said().includes(marker), bookclub.said());
    });
  }

  it('tells of errors that are not the database’s as they are', async () => {
    const began = bookclub.said().length;
    await ask('{ newest { id } }');
    const [line] = linesSince(began);
    const error = line?.['err'] as Record<string, unknown> | undefined;
    assert.match(String(error?.['message']), /^The column name is sealed/);
    assert.ok(String(error?.['stack']).startsWith(`Error: ${error?.['message']}\n    at `));
  });
});
