// Holds what is read after a write: on the replica that was written through at once, on another within a second, or at once with
// the write's token, and never what was there before it again. All of what is promised is
// `ROUNDS=1000 npm test test/supergraph/cache/write-then-read.test.ts`; `SEED` repeats a run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changeOf, marksOf, messageOf } from '../../../subgraphs/kit/changes/change.ts';
import { Random, seedOf } from '../../differential/operations/random.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary } from '../../support/redis.ts';
import { testRedisBus } from '../../support/redis-bus.ts';
import type { RouterUnderTest } from '../fixtures/router-under-test.ts';
import { heldAnswers } from './held-answers.ts';
import { type ProductRead, readProduct, rename, startReplicas, versionIn } from './replicas.ts';

const installed = redisBinary() !== undefined;
if (!installed) leaveOut('reads after writes on two replicas', 'redis-server is not installed');

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['ROUNDS'] ?? 50);
/** Products that are written to side by side. */
const lanes = 10;
/** Milliseconds after which a write is seen everywhere. */
const promised = 1000;

const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

const ways = (['field', 'entity'] as const).flatMap((read) =>
  (['GET', 'POST'] as const).map((method) => ({ read, method })),
);
const writers = ['mutation', 'mutation', 'mutation', 'published with a fence', 'published without'] as const;
const lets = ['before the answer', 'at once', 'within the second', 'after it'] as const;

describe('a write, and reads before, beside and after it', { skip: !installed }, () => {
  test(`are in this order on two replicas, ${rounds} times (SEED=${seed})`, async (t) => {
    const { graph, redis, start, keepTogether } = await startReplicas(t);
    const [one, other] = [await start(), await start()];
    const bus = await testRedisBus(redis.url);
    t.after(() => bus.close());
    const held = heldAnswers(graph);
    await keepTogether(one, other);
    await keepTogether(other, one);
    const seen: Seen = { reads: 0, racing: 0, oldest: 0, oldReads: 0 };

    /** Written by a subgraph whose change did not come through a BFF. */
    async function publish(id: string, version: number, isFenced: boolean): Promise<void> {
      write(id, version);
      const change = changeOf({ Product: id });
      const fence = isFenced ? `fence-${id}-${version}` : undefined;
      if (fence !== undefined) assert.equal(await bus.fence(marksOf(change), fence), true);
      assert.equal(await bus.publish(messageOf(change, fence)), true);
    }
    const nameOf = (id: string, version: number) => `${id} v${version}`;
    const write = (id: string, version: number) =>
      graph.products.set(id, { name: nameOf(id, version), price: 1, category: 'c1' });

    async function round(number: number, id: string, version: number): Promise<void> {
      const random = new Random(seedOf(seed, number));
      const [through, elsewhere] = random.chance(0.5) ? [one, other] : [other, one];
      const currency = `r${number}`;
      const writer = random.pick(writers);
      const letGo = random.pick(lets);
      const isWarm = random.chance(0.5);
      const story = `round ${number}, ${writer}, ${isWarm ? 'kept before' : `racing, let go ${letGo}`}`;
      const reading = async (router: RouterUnderTest, way: Omit<ProductRead, 'id' | 'currency'>) => {
        const began = performance.now();
        const found = versionIn(await readProduct(router, { ...way, id, currency }));
        seen.reads += 1;
        assert.ok(found <= version, story);
        return { found, began };
      };
      const everyway = (router: RouterUnderTest, token?: string) =>
        Promise.all(ways.map((way) => reading(router, { ...way, token })));
      const mustBeNew = async (what: string, router: RouterUnderTest, token?: string): Promise<void> => {
        for (const [index, { found }] of (await everyway(router, token)).entries()) {
          assert.equal(found, version, `${story}: ${what}, by ${Object.values(ways[index] ?? {})}`);
        }
      };

      let racing: Promise<unknown> = Promise.resolve();
      if (isWarm) await Promise.all([everyway(through), everyway(elsewhere)]);
      else {
        // Both ways on both replicas: their subgraph has read by then, and its answers are still to come.
        held.hold(currency, 4);
        racing = Promise.all([everyway(through), everyway(elsewhere)]);
        racing.catch(() => {});
        await held.arrived(currency);
        seen.racing += 4;
      }
      let token: string | undefined;
      if (writer === 'mutation') {
        held.hold(nameOf(id, version), 1);
        const writing = rename(through, id, nameOf(id, version));
        await held.arrived(nameOf(id, version));
        // The subgraph has changed it and has not answered.
        if (letGo === 'before the answer') held.letGo(currency);
        if (isWarm) await Promise.all([everyway(through), everyway(elsewhere)]);
        held.letGo(nameOf(id, version));
        token = (await writing).headers.get('tributary-write') ?? undefined;
        assert.ok(token, story);
      } else {
        await publish(id, version, writer === 'published with a fence');
      }
      const written = performance.now();
      if (letGo === 'at once' || letGo === 'before the answer') held.letGo(currency);
      const isOwn = writer === 'mutation';
      if (isOwn) {
        await Promise.all([
          mustBeNew('where it was written', through),
          mustBeNew('elsewhere with its token', elsewhere, token),
        ]);
      }
      const middle = written + random.below(promised);
      for (let now = written; now <= written + promised; now = performance.now()) {
        if (letGo === 'within the second' && now > middle) held.letGo(currency);
        const [here, there] = await Promise.all([
          reading(through, random.pick(ways)),
          reading(elsewhere, random.pick(ways)),
          isOwn && mustBeNew('elsewhere with its token, later', elsewhere, token),
        ]);
        for (const { found, began } of isOwn ? [there] : [here, there]) {
          if (found === version) continue;
          seen.oldReads += 1;
          seen.oldest = Math.max(seen.oldest, began - written);
          assert.ok(began - written <= promised, story);
        }
        if (isOwn) assert.equal(here.found, version, `${story}: where it was written, later`);
      }
      await Promise.all([mustBeNew('after a second', through), mustBeNew('after a second', elsewhere)]);
      held.letGo(currency);
      await racing;
      await Promise.all([
        mustBeNew('after those that began before it', through),
        mustBeNew('after those that began before it', elsewhere),
      ]);
    }

    let next = 0;
    await Promise.all(
      Array.from({ length: Math.min(lanes, rounds) }, async (_, lane) => {
        const id = `lane${lane}`;
        write(id, 0);
        for (let version = 1; next < rounds; version += 1) await round(next++, id, version);
      }),
    );
    t.diagnostic(
      `${seen.reads} reads and ${seen.racing} that were held up; ${seen.oldReads} showed what was there before, the last ${seen.oldest.toFixed(1)} ms after the write`,
    );
    assert.ok(seen.racing > 0);
    assert.deepEqual(rejections, []);
  });
});

interface Seen {
  reads: number;
  racing: number;
  /** Milliseconds from a write to the last read that began after it and did not show it. */
  oldest: number;
  oldReads: number;
}
