// Holds what is kept to its keys: in random worlds that answer with what they were asked, whoever asks a router that keeps
// things is answered as by one that keeps nothing. More draws: `DRAWS=5000 npm test test/supergraph/cache/keys.test.ts`; `SEED`
// repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { openPlannerGraph } from '../../../supergraph/planner/planner-graph.ts';
import { writeHeader } from '../../../supergraph/router/kept-answers.ts';
import { generateOperation } from '../../differential/operations/generate-operation.ts';
import { Random, seedOf } from '../../differential/operations/random.ts';
import { startTestIdentity, type TestIdentity } from '../../support/identity.ts';
import { leaveOut } from '../../support/left-out.ts';
import { redisBinary, startTestRedis } from '../../support/redis.ts';
import { type Answer, type RouterUnderTest, startTestRouter } from '../fixtures/router-under-test.ts';
import { settingsOf } from '../store/connected-redis.ts';
import { testClock } from './cached-graph.ts';
import { claim, flavour, literals, startTellingWorld } from './telling-world.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const draws = Number(process.env['DRAWS'] ?? 150);
const drawsPerWorld = 25;
const timesEach = 3;
const mostRemembered = 20;
/** With keys, and without: then it is not known which one has changed. */
const writes = ['a_set', 'b_set', 'c_set', 'set_node'].flatMap((field) => [
  [field, '__typename'] as const,
  [field, field === 'set_node' ? 'id heard' : `${field[0]}_says`] as const,
]);

type Headers = Record<string, string>;

/** People of whom some have something in common; one says nothing of themselves. */
async function viewers({ tokenFor }: TestIdentity): Promise<Headers[]> {
  const tenant = (value: unknown) => ({ raw: { [claim]: value } });
  const people = [
    { userId: 'ann', ...tenant('1') },
    { userId: 'ann', scopes: ['deep'], ...tenant('1') },
    { userId: 'bob', scopes: ['deep'], ...tenant('1') },
    { userId: 'cem', ...tenant(1) },
    { userId: 'dan', scopes: ['deep'], ...tenant(['1']) },
    { userId: 'eve' },
    { userId: '1', ...tenant(null) },
  ];
  const tokens = await Promise.all(people.map(tokenFor));
  return [{}, ...tokens.map((token) => ({ authorization: `Bearer ${token}` }))];
}

interface Asking {
  query: string;
  variables: Record<string, unknown>;
  headers: Headers;
}

const worlds = Math.ceil(draws / drawsPerWorld);
for (let index = 0; index < worlds; index += 1) {
  const withRedis = index === worlds - 1;
  if (withRedis && redisBinary() === undefined) {
    leaveOut('keys of what replicas keep together', 'redis-server is not installed');
    break;
  }
  const store = withRedis ? ' on two replicas with Redis' : '';
  test(`what is kept is what would have been answered${store}, in world ${index}`, async (t) => {
    t.diagnostic(`seed ${seed}, world ${index}`);
    const random = new Random(seedOf(seed, index));
    const world = await startTellingWorld(random);
    t.after(() => world.stop());
    const identity = await startTestIdentity();
    t.after(() => identity.stop());
    const redis = withRedis ? await startTestRedis() : undefined;
    if (redis) t.after(() => redis.stop());
    const clock = testClock();
    const { cache, permissions } = world;
    const responseCache = random.pick(['never', 'public', 'viewer'] as const);
    const start = async (keeps: boolean): Promise<RouterUnderTest> => {
      const { jwksUrl, issuer, audience } = identity;
      const router = await startTestRouter(world.supergraphSdl, {
        clock,
        bff: defineBff({
          ...{ name: 'test', port: 0, permissions },
          identity: { issuers: [{ issuer, audiences: [audience], jwks: jwksUrl }] },
          forward: { headers: [flavour] },
          ...(keeps && { cache, responseCache }),
        }),
        environment: redis && keeps ? { redis: settingsOf(redis.url) } : {},
      });
      t.after(() => router.stop());
      return router;
    };
    const plain = await start(false);
    const keeping = await Promise.all(Array.from({ length: redis ? 2 : 1 }, () => start(true)));
    const known = await viewers(identity);
    const api = buildSchema(openPlannerGraph(world.supergraphSdl).apiSchemaSdl);
    const asked = { plain: 0, keeping: 0 };
    const asks: Asking[] = [];
    let token: string | undefined;

    const ask = (router: RouterUnderTest, { query, variables, headers }: Asking) =>
      router.ask(query, {
        variables,
        headers: { ...headers, ...(token !== undefined && { [writeHeader]: token }) },
      });
    async function hold(some: readonly Asking[]): Promise<void> {
      const before = world.asked();
      const router = random.pick(keeping);
      const kept = await Promise.all(some.map((one) => ask(router, one)));
      const between = world.asked();
      const truth = await Promise.all(some.map((one) => ask(plain, one)));
      asked.keeping += between - before;
      asked.plain += world.asked() - between;
      for (const [at, one] of some.entries()) {
        const [answer, expected] = [kept[at], truth[at]];
        assert.ok(answer && expected);
        const story = () => `${JSON.stringify(one, null, 1)}\n${JSON.stringify(cache)}\n${world.sdl}`;
        assert.deepEqual(told(answer), told(expected), `seed ${seed}, world ${index}: ${story()}`);
        // Another replica is asked with it, as a client does who wants to see their own write.
        const written = answer.headers.get(writeHeader);
        if (redis && written !== null) token = written;
      }
    }

    for (let draw = 0; draw < drawsPerWorld; draw += 1) {
      // The generator's own mutations write what was there before, and return what they like.
      const [field, selection] = random.pick(writes);
      const write = `mutation($row: Int!) { ${field}(row: $row, to: "draw ${draw}") { ${selection} } }`;
      await hold([{ query: write, variables: { row: random.below(4) }, headers: random.pick(known) }]);
      for (const one of asks.slice(-mostRemembered).filter(() => random.chance(0.2))) await hold([one]);
      const drawn = generateOperation({ api, literals, seed: seedOf(seed, index, draw), runs: 3 });
      if (validate(api, parse(drawn.source)).length > 0) continue;
      const isMutation = drawn.source.startsWith('mutation');
      for (let time = 0; time < timesEach; time += 1) {
        const headers = {
          ...random.pick(known),
          ...(random.chance(0.3) && { [flavour]: random.pick(['sweet', 'null', '']) }),
        };
        const one = { query: drawn.source, variables: random.pick(drawn.variables), headers };
        if (isMutation) {
          await hold([one]);
          continue;
        }
        asks.push(one);
        const others = Array.from({ length: 2 }, () => random.pick(asks));
        await hold(random.chance(0.3) ? [one, ...others, { ...one, headers: random.pick(known) }] : [one]);
        // What was just kept, perhaps for somebody else; and what was kept long ago.
        await hold([{ ...one, headers: random.chance(0.5) ? headers : random.pick(known) }]);
        await hold([random.pick(asks)]);
        clock.pass(random.pick([0, 0, 0, 300, 1_500]));
      }
    }
    t.diagnostic(JSON.stringify({ responseCache, ...asked }));
    // Where next to nothing is kept nothing is held.
    assert.ok(asked.keeping < asked.plain * 0.98, `seed ${seed}: ${JSON.stringify(asked)}`);
  });
}

/** Errors have no order. */
function told({ status, body: { data, errors = [] } }: Answer): unknown {
  return { status, data, errors: errors.map((error) => JSON.stringify(error)).sort() };
}
