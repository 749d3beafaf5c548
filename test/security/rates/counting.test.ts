// Holds what rates count, and for whom: each case asks one after the other, and says which of it is answered.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RateLimit } from '../../../supergraph/declaration/limits-declaration.ts';
import type { Claims } from '../../support/identity.ts';
import { codeOf, startRatedGraph, type Who } from './rated-graph.ts';

const books = '{ books { title } }';
const ann: Claims = { userId: 'ann', raw: { plan: 'gold', team: 't1' } };
const bob: Claims = { userId: 'bob', raw: { plan: 'tin', team: 't1' } };
const cyd: Claims = { userId: 'cyd' };
const renames = (times: number) =>
  `mutation { ${Array.from({ length: times }, (_, index) => `r${index}: rename(id: "b1", title: "x") { id }`).join(' ')} }`;

interface Case {
  title: string;
  rates: { readonly [name: string]: RateLimit };
  /** Each with whether it is answered. */
  asked: readonly (readonly [answered: boolean, query: string, who?: Who])[];
}

const two = { most: 2, in: '1h' } as const;

const cases: Case[] = [
  {
    title: 'by viewer: each has their own, wherever they are',
    rates: { mine: { per: 'viewer', ...two } },
    asked: [
      [true, books, { as: ann, from: '10.0.0.1' }],
      [true, books, { as: ann, from: '10.0.0.2' }],
      [false, books, { as: ann, from: '10.0.0.3' }],
      [true, books, { as: bob, from: '10.0.0.1' }],
    ],
  },
  {
    title: 'by viewer: who is not signed in is told apart by address',
    rates: { mine: { per: 'viewer', ...two } },
    asked: [
      [true, books, { from: '10.0.0.1' }],
      [true, books, { from: '10.0.0.1' }],
      [false, books, { from: '10.0.0.1' }],
      [true, books, { from: '10.0.0.2' }],
      [true, books, { as: ann, from: '10.0.0.1' }],
    ],
  },
  {
    title:
      'by viewer: the same id from an issuer of another prefix would be another, and one that looks like an address is none',
    rates: { mine: { per: 'viewer', ...two } },
    asked: [
      [true, books, { from: '10.0.0.1' }],
      [true, books, { from: '10.0.0.1' }],
      [true, books, { as: { userId: '10.0.0.1' } }],
      [true, books, { as: { userId: '10.0.0.1' } }],
      [false, books, { as: { userId: '10.0.0.1' } }],
    ],
  },
  {
    title: 'by client: all of one name together',
    rates: { app: { per: 'client', ...two } },
    asked: [
      [true, books, { client: 'ios', from: '10.0.0.1' }],
      [true, books, { client: 'ios', from: '10.0.0.2', as: ann }],
      [false, books, { client: 'ios', from: '10.0.0.3' }],
      [true, books, { client: 'web' }],
      [true, books, {}],
    ],
  },
  {
    title: 'by address: whoever they are',
    rates: { door: { per: 'address', ...two } },
    asked: [
      [true, books, { as: ann, from: '10.0.0.1' }],
      [true, books, { as: bob, from: '10.0.0.1' }],
      [false, books, { as: cyd, from: '10.0.0.1' }],
      [true, books, { as: ann, from: '10.0.0.2' }],
    ],
  },
  {
    title: 'by address: of IPv6 by the first 64 bits, and an IPv4 one however it is written',
    rates: { door: { per: 'address', ...two } },
    asked: [
      [true, books, { from: '2001:db8:1:2::1' }],
      [true, books, { from: '2001:db8:1:2:ffff:ffff:ffff:ffff' }],
      [false, books, { from: '2001:0db8:0001:0002:8000::9' }],
      [true, books, { from: '2001:db8:1:3::1' }],
      [true, books, { from: '10.0.0.9' }],
      [true, books, { from: '::ffff:10.0.0.9' }],
      [false, books, { from: '10.0.0.9' }],
    ],
  },
  {
    title: 'by a claim: all who have the same, and who has none by themselves',
    rates: { team: { per: { claim: 'team' }, ...two } },
    asked: [
      [true, books, { as: ann }],
      [true, books, { as: bob }],
      [false, books, { as: ann }],
      [true, books, { as: cyd }],
      [true, books, { as: cyd }],
      [false, books, { as: cyd }],
    ],
  },
  {
    title: 'for those alone who have a claim, also where it is a list of them',
    rates: { gold: { per: 'viewer', for: { claim: 'plan', is: 'gold' }, ...two, most: 1 } },
    asked: [
      [true, books, { as: ann }],
      [false, books, { as: ann }],
      [true, books, { as: bob }],
      [true, books, { as: bob }],
      [true, books, { as: { userId: 'dee', raw: { plan: ['tin', 'gold'] } } }],
      [false, books, { as: { userId: 'dee', raw: { plan: ['tin', 'gold'] } } }],
      [true, books, { as: { userId: 'eve', raw: { plan: { toString: 1, valueOf: 1 } } } }],
      [true, books, { as: { userId: 'eve', raw: { plan: { toString: 1, valueOf: 1 } } } }],
      [true, books, {}],
      [true, books, {}],
    ],
  },
  {
    title: 'for all but those who have a claim, signed in or not',
    rates: { free: { per: 'viewer', for: { claim: 'plan', isNot: ['gold', 'silver'] }, ...two, most: 1 } },
    asked: [
      [true, books, { as: ann }],
      [true, books, { as: ann }],
      [true, books, { as: cyd }],
      [false, books, { as: cyd }],
      [true, books, { from: '10.0.0.1' }],
      [false, books, { from: '10.0.0.1' }],
    ],
  },
  {
    title: 'by cost: what an operation is estimated to cost, each time',
    rates: { day: { per: 'viewer', of: 'cost', most: 25, in: '1d' } },
    asked: [
      // Ten books, unless somebody says how many there are.
      [true, books, { as: ann }],
      [true, books, { as: ann }],
      [false, books, { as: ann }],
      [true, '{ book(id: "b1") { title } }', { as: bob }],
      [true, books, { as: bob }],
      [true, '{ __typename }', { as: bob }],
    ],
  },
  {
    title: 'what takes more than there is at all takes nothing',
    rates: { day: { per: 'viewer', of: 'cost', most: 25, in: '1d' } },
    asked: [
      [true, books, { as: ann }],
      [false, '{ a: books { title } b: books { title } c: books { title } }', { as: ann }],
      [true, books, { as: ann }],
      [false, books, { as: ann }],
    ],
  },
  {
    title: 'for one client alone',
    rates: { tv: { per: 'viewer', for: { client: 'tv' }, ...two, most: 1 } },
    asked: [
      [true, books, { as: ann, client: 'tv' }],
      [false, books, { as: ann, client: 'tv' }],
      [true, books, { as: ann, client: 'web' }],
    ],
  },
  {
    title: 'by names of operations: those alone',
    rates: { slow: { per: 'viewer', of: { operations: ['Slow', 'Slower'] }, ...two } },
    asked: [
      [true, `query Slow ${books}`],
      [true, `query Slower ${books}`],
      [false, `query Slow ${books}`],
      [true, `query Quick ${books}`],
      [true, books],
    ],
  },
  {
    title: 'by fields: each time that one is asked for, under whatever name, through whatever fragment',
    rates: { renames: { per: 'address', of: { fields: ['Mutation.rename'] }, ...two, most: 3 } },
    asked: [
      [true, renames(1)],
      [true, 'mutation { ...F } fragment F on Mutation { a: rename(id: "b1", title: "x") { id } }'],
      [true, books],
      [false, renames(2)],
      [true, books],
    ],
  },
  {
    title: 'by fields: a hundred aliases of one are a hundred',
    rates: { renames: { per: 'address', of: { fields: ['Mutation.rename'] }, ...two, most: 5 } },
    asked: [
      [false, renames(90)],
      [true, books],
    ],
  },
  {
    title: 'by fields: what is selected twice in one place is one',
    rates: { titles: { per: 'address', of: { fields: ['Book.title'] }, ...two, most: 1 } },
    asked: [
      [true, '{ books { title ...T ... on Book { title } } } fragment T on Book { title }'],
      [false, '{ books { title } }'],
    ],
  },
  {
    title: 'by fields: behind a condition too, whatever it comes to',
    rates: { titles: { per: 'address', of: { fields: ['Book.title'] }, ...two, most: 1 } },
    asked: [
      [true, '{ books { id title @skip(if: true) } }'],
      [false, '{ books { id title @include(if: false) } }'],
    ],
  },
  {
    title: 'all that a request falls under must have room',
    rates: { wide: { per: 'viewer', ...two, most: 100 }, narrow: { per: 'client', ...two, most: 1 } },
    asked: [
      [true, books, { as: ann, client: 'web' }],
      [false, books, { as: ann, client: 'web' }],
      [true, books, { as: ann, client: 'tv' }],
    ],
  },
  {
    title: 'what cannot be run is counted as a request all the same',
    rates: { mine: { per: 'viewer', ...two } },
    asked: [
      [false, '{ nothing }'],
      [false, '{ books { title }'],
      [false, books],
    ],
  },
  {
    title: 'what cannot be run is not counted as an operation of a name, or for its fields',
    rates: {
      slow: { per: 'viewer', of: { operations: ['Slow'] }, ...two, most: 1 },
      titles: { per: 'viewer', of: { fields: ['Book.title'] }, ...two, most: 1 },
    },
    asked: [
      [false, 'query Slow { nothing }'],
      [false, 'query Slow { books { title nothing } }'],
      [true, `query Slow ${books}`],
      [false, `query Slow ${books}`],
    ],
  },
  {
    title: 'a bucket has room for all of it at once, and no more',
    rates: { mine: { per: 'viewer', kind: 'bucket', ...two } },
    asked: [
      [true, books],
      [true, books],
      [false, books],
      [false, books],
    ],
  },
];

for (const engine of ['tributary', 'apollo'] as const) {
  describe(`rates with ENGINE=${engine}`, () => {
    for (const { title, rates, asked } of cases) {
      test(title, async (t) => {
        const rated = await startRatedGraph(rates, { environment: { engine } });
        t.after(() => rated.stop());
        for (const [index, [answered, query, who]] of asked.entries()) {
          rated.graph.seen.splice(0);
          const answer = await rated.ask(query, who);
          const which = `the ${index + 1}. of them: ${answer.status} ${answer.text}`;
          assert.equal(answer.body.errors === undefined, answered, which);
          if (answered) continue;
          assert.equal(rated.graph.seen.length, 0, `${which} asked subgraphs`);
          if (codeOf(answer) === 'RATE_LIMITED') assert.equal(answer.status, 429);
        }
      });
    }
  });
}
