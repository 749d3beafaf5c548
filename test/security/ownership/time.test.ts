// Measures that somebody who guesses ids learns nothing from how long the answer takes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Change, changesOf, type Road, roadsOf } from './owned-things.ts';
import { claimsOf, type Shop, startShop } from './shop.ts';

const rounds = 300;
/** Generous: a busy machine is not to fail this, and what it is to catch are statements that one of the two lacks. */
const bound = 1.3;

interface Guess {
  words: string;
  domain: string;
  document: string;
  owner: string;
  notTheirs: Record<string, unknown>;
  notThere: Record<string, unknown>;
}

const guessOfRoad = ({ words, domain, document, owner, owned, absent }: Road): Guess => {
  return { words, domain, document, owner, notTheirs: { key: owned }, notThere: { key: absent } };
};
const guessOfChange = ({ mutation, domain, document, owner, owned, absent }: Change): Guess => {
  return { words: mutation, domain, document, owner, notTheirs: { id: owned[0] }, notThere: { id: absent } };
};
const guesses = [
  ...roadsOf({ trackingNumber: '' })
    .filter(({ words }) => ['order', 'a reference to Order by id', 'a reference to Address'].includes(words))
    .map(guessOfRoad),
  ...changesOf({ reviewIds: ['', ''] })
    .filter(({ mutation }) => mutation === 'updateAddress')
    .map(guessOfChange),
];

describe('how long it takes to be told nothing', { timeout: 240_000 }, () => {
  let shop: Shop;
  before(async () => {
    shop = await startShop(['accounts', 'orders']);
  });
  after(() => shop?.stop());

  async function medians({ domain, document, owner, notTheirs, notThere }: Guess): Promise<[number, number]> {
    const { identity, query } = shop.domain(domain);
    const token = await identity.tokenFor(claimsOf('another customer', owner) ?? { userId: '' });
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      // Turns about, so that neither always comes second.
      for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const began = performance.now();
        await query(document, { token, variables: which === 0 ? notTheirs : notThere });
        times[which].push(performance.now() - began);
      }
    }
    return [medianOf(times[0]), medianOf(times[1])];
  }

  for (const guess of guesses) {
    it(`is the same for what is not theirs and what is not there: ${guess.words}`, async (t) => {
      const attempts: number[] = [];
      while (attempts.length < 2 && !attempts.some((ratio) => ratio < bound)) {
        const [notTheirs, notThere] = await medians(guess);
        const figures = `not theirs ${notTheirs.toFixed(3)} ms, not there ${notThere.toFixed(3)} ms`;
        t.diagnostic(`${guess.words}: ${figures}`);
        attempts.push(Math.max(notTheirs, notThere) / Math.min(notTheirs, notThere));
      }
      assert.ok(Math.min(...attempts) < bound, `${attempts} times as long`);
    });
  }
});

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
