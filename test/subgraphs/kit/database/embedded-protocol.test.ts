// Owns that many clients share the one embedded backend without getting into each other's statements.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { type ProtocolServer, serveProtocol } from '../../../../subgraphs/kit/database/embedded-protocol.ts';

const CLIENTS = 9;
const IDLE_MS = 300;

describe('the embedded database', { timeout: 120_000 }, () => {
  let database: PGlite;
  let server: ProtocolServer;
  const broken: unknown[] = [];
  const open = new Set<pg.Client>();

  before(async () => {
    database = await PGlite.create();
    server = await serveProtocol(database, {
      port: 0,
      idleInTransactionMs: IDLE_MS,
      onClients: () => {},
      onBroken: (error) => broken.push(error),
    });
    const client = await connected();
    await client.query('create table counters (owner int, n int)');
  });
  after(async () => {
    for (const client of open) await client.end().catch(() => {});
    await server?.drain();
    server?.close();
    await database?.close();
    assert.deepEqual(broken, []);
  });

  async function connected(): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'postgres',
      database: 'postgres',
      query_timeout: 30_000,
    });
    client.on('error', () => {});
    await client.connect();
    open.add(client);
    return client;
  }

  /** As a process that is killed: the socket closes, with no goodbye. */
  function vanish(client: pg.Client): void {
    open.delete(client);
    (client as pg.Client & { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }

  async function together(work: (client: pg.Client, me: number) => Promise<void>): Promise<void> {
    await Promise.all(Array.from({ length: CLIENTS }, async (_, me) => work(await connected(), me)));
  }

  async function echo(client: pg.Client, me: number, n: number): Promise<void> {
    const values = [`${me}-${n}`];
    const { rows } = await client.query({ text: `select $1::text as given, ${me} as me`, values });
    assert.deepEqual(rows, [{ given: `${me}-${n}`, me }]);
  }

  it('gives each of nine clients the answer to its own statement', async () => {
    await together(async (client, me) => {
      for (let n = 0; n < 100; n++) await echo(client, me, n);
    });
  });

  it('keeps errors with the client that made them', async () => {
    await together(async (client, me) => {
      for (let n = 0; n < 50; n++) {
        await assert.rejects(client.query({ text: `select $1::int, no_such_${me}`, values: [1] }), {
          message: `column "no_such_${me}" does not exist`,
        });
        await assert.rejects(client.query({ text: 'select 1 / $1::int', values: [0] }), /division by zero/);
        await echo(client, me, n);
      }
    });
  });

  it('isolates transactions: commits are whole, rollbacks leave nothing', async () => {
    await together(async (client, me) => {
      for (let n = 0; n < 20; n++) {
        await client.query('begin');
        await client.query('insert into counters values ($1, $2)', [me, n]);
        const { rows } = await client.query(
          'select count(distinct owner)::int as others from counters where n = -1',
        );
        assert.equal(rows[0].others, 0);
        await client.query('insert into counters values ($1, -1)', [me]);
        await client.query('delete from counters where n = -1');
        await client.query(n % 2 ? 'commit' : 'rollback');
      }
    });
    const { rows } = await (await connected()).query(
      'select owner, count(*)::int from counters group by 1 order by 1',
    );
    assert.deepEqual(
      rows,
      Array.from({ length: CLIENTS }, (_, owner) => ({ owner, count: 10 })),
    );
  });

  it('goes on after a failed statement in a transaction', async () => {
    const [client, other] = [await connected(), await connected()];
    await client.query('begin');
    await assert.rejects(client.query('select nothing'));
    await assert.rejects(client.query('select 1'), /current transaction is aborted/);
    const waiting = echo(other, 1, 1);
    await client.query('rollback');
    await waiting;
    await echo(client, 2, 2);
  });

  it('rolls back and goes on when clients vanish in the middle of transactions', async () => {
    await together(async (first, me) => {
      let client = first;
      for (let n = 0; n < 30; n++) {
        await client.query('begin');
        await client.query('insert into counters values ($1, 777)', [me]);
        if (n % 3 === 0) client.query('select pg_sleep(0.001)').catch(() => {});
        if (n % 3 === 1) client.query('select $1::int', [n]).catch(() => {});
        vanish(client);
        client = await connected();
        await echo(client, me, n);
      }
    });
    const { rows } = await (await connected()).query(
      'select count(*)::int as left from counters where n = 777',
    );
    assert.deepEqual(rows, [{ left: 0 }]);
  });

  it('disconnects a client that sits in a transaction, and lets the others on', async () => {
    const sitting = await connected();
    const ended = new Promise((resolve) => sitting.once('end', resolve));
    await sitting.query('begin');
    await sitting.query('insert into counters values (1, 888)');
    const other = await connected();
    const { rows } = await other.query('select count(*)::int as left from counters where n = 888');
    assert.deepEqual(rows, [{ left: 0 }]);
    await ended;
  });

  it('sends a result of 40 MB whole while others get theirs', async () => {
    const [big, small] = [await connected(), await connected()];
    const huge = big.query({
      text: `select repeat('x', 1000000) as v from generate_series(1, $1::int)`,
      values: [40],
    });
    for (let n = 0; n < 10; n++) await echo(small, 3, n);
    const { rows } = await huge;
    assert.equal(rows.length, 40);
    assert.ok(rows.every(({ v }) => v.length === 1_000_000));
  });

  it('takes a parameter of 5 MB', async () => {
    const text = 'ü'.repeat(2_500_000);
    const { rows } = await (await connected()).query('select $1::text as v', [text]);
    assert.equal(rows[0].v, text);
  });

  it('understands a message that arrives byte by byte', async () => {
    const socket = connect(server.port, '127.0.0.1').setNoDelay(true);
    const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
    const startup = Buffer.alloc(8);
    startup.writeInt32BE(8 + parameters.length, 0);
    startup.writeInt32BE(196608, 4);
    const sql = Buffer.from("select 'byte by byte' as v\0");
    const query = Buffer.alloc(5);
    query.write('Q');
    query.writeInt32BE(4 + sql.length, 1);
    let received = '';
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    for (const byte of Buffer.concat([startup, parameters, query, sql])) socket.write(Uint8Array.of(byte));
    while (!received.includes('SELECT 1')) await once(socket, 'data');
    assert.match(received, /byte by byte/);
    socket.destroy();
  });

  it('declines encryption instead of hanging', async () => {
    const client = new pg.Client({ host: '127.0.0.1', port: server.port, user: 'postgres', ssl: true });
    client.on('error', () => {});
    await assert.rejects(client.connect(), /does not support SSL/);
  });

  it('refuses to copy from the client instead of waiting for data that has no way in', async () => {
    const client = await connected();
    await assert.rejects(client.query('copy counters from stdin'), /cannot COPY from a client/);
    await echo(await connected(), 1, 1);
  });

  for (const [what, bytes] of [
    ['a packet of length 0', Buffer.alloc(16)],
    ['random bytes', Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')],
    ['half a startup packet', Buffer.from([0, 0, 0, 99, 0, 3, 0, 0, 1])],
  ] as const) {
    it(`is not disturbed by ${what}`, async () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
      await echo(await connected(), 1, 1);
    });
  }
});
