// Holds that nothing is shared or remembered by less than it depends on: operation, what was denied, variables, and who asks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type RuleContext, rule } from '../../../supergraph/declaration/rule-words.ts';
import type { Environment } from '../../../supergraph/foundation/environment.ts';
import type { CaseSubgraph } from '../../federation/harness/case-subgraph.ts';
import type { Answer } from '../../supergraph/fixtures/router-under-test.ts';
import type { Claims } from '../../support/identity.ts';
import { type RuledGraph, startRuledGraph } from './ruled-graph.ts';

// Without it a request that waits for an answer which nobody was asked for would wait for ever.
const timeout = 30_000;

/** While it is closed the subgraph keeps all who ask waiting. */
class Gate {
  private readonly heard = new EventEmitter();
  private open = true;
  private waiting = 0;

  close(): void {
    this.open = false;
    this.waiting = 0;
  }

  release(): void {
    this.open = true;
    this.heard.emit('open');
  }

  async pass(): Promise<void> {
    this.waiting += 1;
    this.heard.emit('waiting');
    if (!this.open) await once(this.heard, 'open');
  }

  /** Resolves when so many wait. */
  async holds(times: number): Promise<void> {
    while (this.waiting < times) await once(this.heard, 'waiting');
  }
}

const gate = new Gate();
const vault: CaseSubgraph = {
  sdl: `
    type Query {
      open: String
      secret: String
      page(number: Int!): String
      both: Both
    }
    type Both { left: String right: String }
  `,
  resolvers: {
    Query: {
      open: async () => {
        await gate.pass();
        return 'open';
      },
      secret: () => 'gold',
      page: (_, { number }) => `page ${number}`,
      both: () => ({ left: 'l', right: 'r' }),
    },
  },
};

/** What the rules go by that is outside of the request, as a list of sessions that were ended would be. */
class World {
  allows: boolean | Error = true;
  readonly revoked = new Set<unknown>();
  private questions = 0;
  private readonly heard = new EventEmitter();

  reset(): void {
    this.allows = true;
    this.revoked.clear();
    this.questions = 0;
  }

  answer(sid: unknown): boolean | Error {
    this.questions += 1;
    this.heard.emit('asked');
    return this.revoked.has(sid) ? false : this.allows;
  }

  /** Resolves when it has been asked so often. */
  async asked(times: number): Promise<void> {
    while (this.questions < times) await once(this.heard, 'asked');
  }
}

const world = new World();
const says = (decides: (context: RuleContext, args: Record<string, unknown>) => boolean | Error) =>
  rule()((_parent: unknown, args: Record<string, unknown>, context: RuleContext) => decides(context, args));
const declaration = {
  permissions: {
    Query: {
      secret: says(({ viewer }) => world.answer(viewer.claims['sid'])),
      page: says(({ viewer }, { number }) => Number(number) <= Number(viewer.claims['pages'] ?? 1)),
    },
    Both: {
      left: says(({ viewer }) => viewer.claims['side'] === 'left'),
      right: says(({ viewer }) => viewer.claims['side'] === 'right'),
    },
  },
};
const start = (environment: Partial<Environment> = {}): Promise<RuledGraph> =>
  startRuledGraph({ subgraphs: { vault }, declaration, environment });

let graph: RuledGraph;
before(async () => {
  graph = await start();
});
after(() => graph?.stop());
beforeEach(() => {
  world.reset();
  graph.asked.splice(0);
});

const asSomebody = (raw: Record<string, unknown> = {}): Claims => ({ userId: 'u1', raw: { iat: 1, ...raw } });
const told = ({ body }: Answer): unknown[] => [
  body.data,
  ...(body.errors ?? []).map(({ message, extensions }) => [extensions['code'], message]),
];
const forbidden = ['FORBIDDEN', 'You may not use Query.secret.'];

/** With the very header that others have, too. */
function askWith(authorization: string | undefined, query: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  return graph.send('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
}

/** Of two of whom the second comes while the subgraph keeps the first waiting, and what happens in between. */
async function inFlight(
  query: string,
  [first, second]: readonly [string | undefined, string | undefined],
  between = () => {},
): Promise<unknown[]> {
  // Known requests alone are shared.
  for (const one of [first, second]) await askWith(one, query);
  graph.asked.splice(0);
  gate.close();
  const earlier = askWith(first, query);
  await gate.holds(1);
  between();
  const later = askWith(second, query);
  await gate.holds(2);
  gate.release();
  return (await Promise.all([earlier, later])).map(told);
}

describe('a request that is identical to one under way does not get its answer', () => {
  const query = '{ open secret }';
  const all = [{ open: 'open', secret: 'gold' }];
  const less = [{ open: 'open', secret: null }, forbidden];
  let me: string;
  before(async () => {
    me = await graph.authorization(asSomebody({ sid: 's1' }));
  });

  test('where a rule has come to say no', { timeout }, async () => {
    const answers = await inFlight(query, [me, me], () => {
      world.allows = false;
    });
    assert.deepEqual(answers, [all, less]);
    assert.deepEqual(
      graph.asked.map((one) => one.query.includes('secret')),
      [true, false],
    );
  });

  test('where a rule has come to say yes', { timeout }, async () => {
    world.allows = false;
    const answers = await inFlight(query, [me, me], () => {
      world.allows = true;
    });
    assert.deepEqual(answers, [less, all]);
  });

  test('where its token was revoked meanwhile, by a rule that reads a claim', { timeout }, async () => {
    const answers = await inFlight(query, [me, me], () => world.revoked.add('s1'));
    assert.deepEqual(answers, [all, less]);
  });

  test('where a rule says no in other words', { timeout }, async () => {
    world.allows = new Error('Not on Sundays.');
    const answers = await inFlight(query, [me, me], () => {
      world.allows = new Error('Not on Mondays.');
    });
    assert.deepEqual(
      answers,
      ['Sundays', 'Mondays'].map((day) => [{ open: 'open', secret: null }, ['FORBIDDEN', `Not on ${day}.`]]),
    );
  });

  test('where it comes with a token, and the other without', { timeout }, async () => {
    const query = '{ open both { left } }';
    const left = await graph.authorization(asSomebody({ side: 'left' }));
    const answers = await inFlight(query, [left, undefined]);
    assert.deepEqual(answers, [
      [{ open: 'open', both: { left: 'l' } }],
      [{ open: 'open', both: { left: null } }, ['UNAUTHENTICATED', 'Sign in to use Both.left.']],
    ]);
  });

  test('where its token says something else of the same person', { timeout }, async () => {
    const query = '{ open both { left right } }';
    const left = await graph.authorization(asSomebody({ side: 'left' }));
    const right = await graph.authorization(asSomebody({ side: 'right' }));
    const answers = await inFlight(query, [left, right]);
    assert.deepEqual(answers, [
      [{ open: 'open', both: { left: 'l', right: null } }, ['FORBIDDEN', 'You may not use Both.right.']],
      [{ open: 'open', both: { left: null, right: 'r' } }, ['FORBIDDEN', 'You may not use Both.left.']],
    ]);
  });
});

for (const allows of [true, false]) {
  test(`those for whom a rule says the same (${allows}) still get one answer`, { timeout }, async () => {
    const query = '{ open secret }';
    const me = await graph.authorization(asSomebody({ sid: 's1' }));
    world.allows = allows;
    await askWith(me, query);
    graph.asked.splice(0);
    world.reset();
    world.allows = allows;
    gate.close();
    const answers = [askWith(me, query), askWith(me, query), askWith(me, query)];
    await world.asked(3);
    await gate.holds(1);
    // What a rule has said is heard in the same turn of the loop.
    await setImmediate();
    gate.release();
    for (const answer of await Promise.all(answers)) {
      assert.deepEqual(answer.body.data, { open: 'open', secret: allows ? 'gold' : null });
    }
    assert.equal(graph.asked.length, 1);
  });
}

const folder = mkdtempSync(join(tmpdir(), 'plans-'));
after(() => rmSync(folder, { recursive: true }));

describe('what is remembered of an operation is not used for somebody who may see other parts of it', () => {
  const people: [name: string, as: Claims | undefined, data: unknown][] = [
    ['left', asSomebody({ side: 'left' }), { left: 'l', right: null }],
    ['right', asSomebody({ side: 'right' }), { left: null, right: 'r' }],
    ['neither', asSomebody(), { left: null, right: null }],
    ['nobody', undefined, { left: null, right: null }],
  ];
  const query = '{ both { left right __typename } }';
  const hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
  const post = (on: RuledGraph, body: object, as: Claims | undefined) =>
    on.send(
      '/graphql',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      as,
    );
  type Way = (on: RuledGraph, as: Claims | undefined) => Promise<Answer>;
  const ways: Record<string, Way> = {
    'as a text': (on, as) => post(on, { query }, as),
    'as a persisted query': async (on, as) => {
      const answer = await post(on, { extensions }, as);
      const [code] = told(answer).slice(1) as [string, string][];
      return code?.[0] === 'PERSISTED_QUERY_NOT_FOUND' ? post(on, { query, extensions }, as) : answer;
    },
    'by GET': (on, as) =>
      on.send(
        `/graphql?${new URLSearchParams({ query })}`,
        { headers: { 'apollo-require-preflight': '1' } },
        as,
      ),
  };
  for (const [wayName, ask] of Object.entries(ways)) {
    for (const [firstName, first] of people) {
      test(`${wayName}, first asked by ${firstName}`, async (t) => {
        // A new router each time, over the plans of the one before.
        const fresh = await start({ planFolder: folder });
        t.after(() => fresh.stop());
        await ask(fresh, first);
        for (let round = 0; round < 2; round += 1) {
          for (const [name, as, data] of people) {
            fresh.asked.splice(0);
            const { body } = await ask(fresh, as);
            assert.deepEqual(body.data, { both: { ...(data as object), __typename: 'Both' } }, name);
            for (const side of ['left', 'right'] as const) {
              const isAsked = fresh.asked.some((one) => one.query.includes(side));
              assert.equal(isAsked, (data as Record<string, unknown>)[side] !== null, `${name}, ${side}`);
            }
          }
        }
      });
    }
  }
});

test('arguments that come in variables are judged each time', async () => {
  const query = 'query ($number: Int!) { page(number: $number) }';
  const may = async (number: number, pages?: number) => {
    const as = pages === undefined ? undefined : asSomebody({ pages });
    const { body } = await graph.ask(query, as, { number });
    return body.data?.['page'] === `page ${number}`;
  };
  for (let round = 0; round < 2; round += 1) {
    assert.equal(await may(1), true);
    assert.equal(await may(2), false);
    assert.equal(await may(2, 3), true);
    assert.equal(await may(4, 3), false);
    assert.equal(await may(3, 3), true);
    assert.equal(await may(1), true);
  }
  assert.deepEqual(
    graph.asked.map(({ variables }) => Object.values(variables ?? {})[0]),
    [1, 2, 3, 1, 1, 2, 3, 1],
  );
});
