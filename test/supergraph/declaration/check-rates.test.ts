// Holds what is said of rates that are declared wrongly, and that those that are right say nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'graphql';
import { checkRates } from '../../../supergraph/declaration/check-rates.ts';

const graph = parse('type Query { a: Int } type Mutation { signIn: Int }');
const good = { per: 'viewer', most: 10, in: '1m' };

const right: [title: string, rates: unknown][] = [
  ['nothing', undefined],
  ['no rate', {}],
  ['the least', { a: good }],
  ['all of it', { 'a-1_B': { ...good, of: 'cost', kind: 'bucket', away: 'closed', for: { client: 'ios' } } }],
  ['by a claim', { a: { ...good, per: { claim: 'https://x.example/org' } } }],
  ['for a claim', { a: { ...good, for: { claim: 'plan', is: 'gold' } } }],
  [
    'for all others',
    {
      a: { ...good, for: { claim: 'plan', isNot: 'gold' } },
      b: { ...good, for: { claim: 'plan', isNot: ['gold', 'tin'] } },
    },
  ],
  ['of fields', { a: { ...good, of: { fields: ['Mutation.signIn'] } } }],
  ['of operations', { a: { ...good, of: { operations: ['SignIn'] } } }],
  ['a month', { a: { ...good, in: '31d' } }],
];

for (const [title, rates] of right)
  test(`${title} is right`, () => assert.deepEqual(checkRates(rates, graph), []));

const wrong: [title: string, rates: unknown, said: RegExp][] = [
  ['no object', [], /must be an object of names/],
  ['a name that breaks a header', { 'a"b': good }, /it goes into a header/],
  ['an unknown key', { a: { ...good, max: 1 } }, /max/],
  ['nobody', { a: { ...good, per: 'person' } }, /\.per: must be/],
  ['an empty claim', { a: { ...good, per: { claim: '' } } }, /\.per: must be/],
  ['no number', { a: { ...good, most: '10' } }, /\.most: must be a whole number/],
  ['none at all', { a: { ...good, most: 0 } }, /\.most: must be a whole number/],
  ['half a second', { a: { ...good, in: '500ms' } }, /\.in: must be whole seconds/],
  ['a second and a half', { a: { ...good, in: '1500ms' } }, /\.in: must be whole seconds/],
  ['a year', { a: { ...good, in: '365d' } }, /\.in: must be at most '31d'/],
  ['no time', { a: { per: 'viewer', most: 1 } }, /\.in: /],
  ['an unknown kind', { a: { ...good, kind: 'sliding' } }, /\.kind: must be 'window' or 'bucket'/],
  ['an unknown way out', { a: { ...good, away: 'maybe' } }, /\.away: must be 'open' or 'closed'/],
  ['for nobody', { a: { ...good, for: { claim: 'plan' } } }, /\.for: must be/],
  ['for an empty client', { a: { ...good, for: { client: null } } }, /\.for: must be/],
  ['of something', { a: { ...good, of: 'requests' } }, /\.of: must be/],
  ['of no fields', { a: { ...good, of: { fields: [] } } }, /\.of\.fields: must list names/],
  [
    'of a field that is not there',
    { a: { ...good, of: { fields: ['Mutation.signin'] } } },
    /Mutation\.signin/,
  ],
];

for (const [title, rates, said] of wrong) {
  test(`${title} is refused`, () => {
    const problems = checkRates(rates, graph);
    assert.ok(
      problems.some((problem) => problem.startsWith('limits.rates') && said.test(problem)),
      problems.join('\n'),
    );
  });
}
