// Holds what scaffolds are called: which names are taken, and every word that is made of one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readArguments } from '../../../supergraph/scaffold/read-arguments.ts';
import { repeatForNewcomer } from '../../../supergraph/scaffold/repeat-for-newcomer.ts';
import {
  bffName,
  bffVariable,
  checkSubgraphName,
  entityNamed,
  entityWords,
} from '../../../supergraph/scaffold/words.ts';

describe('a subgraph', () => {
  const refused: [string, RegExp][] = [
    ['gift-cards', /one word of 2 to 30 lower case letters, such as "giftcards"; "gift-cards" is none\.$/],
    ['Gifts', /such as "gifts"/],
    ['x', /^A subgraph is called by one word of 2 to 30 lower case letters; "x" is none\.$/],
    ['../etc', /such as "etc"/],
    ['kit', /^"kit" is a reserved word/],
    ['import', /^"import" is a reserved word/],
  ];
  for (const [name, message] of refused) {
    test(`is not called ${name}`, () => {
      assert.throws(() => checkSubgraphName(name, ['kit']), { name: 'StartupProblem', message });
    });
  }

  test('has an entity that its name suggests', () => {
    const suggested = {
      wishlists: 'Wishlist',
      loyalty: 'Loyalty',
      stories: 'Story',
      boxes: 'Box',
      glass: 'Glass',
    };
    for (const [domain, entity] of Object.entries(suggested)) assert.equal(entityNamed(domain), entity);
  });

  test('has an entity whose every word is made of its type', () => {
    assert.deepEqual(entityWords('GiftCategory'), {
      One: 'GiftCategory',
      one: 'giftCategory',
      Many: 'GiftCategories',
      many: 'giftCategories',
      'one words': 'gift category',
      'many words': 'gift categories',
      kebab: 'gift-category',
      kebabs: 'gift-categories',
      table: 'gift_categories',
    });
    for (const wrong of ['gift', 'Gift_Card', 'G', 'GIFT']) {
      assert.throws(() => entityWords(wrong), { name: 'StartupProblem', message: /"GiftCard"/ });
    }
  });
});

test('a BFF is called with and without what all of them begin with', () => {
  assert.equal(bffName('partner'), 'bff-partner');
  assert.equal(bffName('bff-partner-2'), 'bff-partner-2');
  assert.deepEqual(['bff-partner-shop', 'bff-new'].map(bffVariable), ['partnerShop', 'newBff']);
  for (const wrong of ['', 'bff-', 'Partner', 'a b', '../x', 'x-', 'x'.repeat(31)]) {
    assert.throws(() => bffName(wrong), { name: 'StartupProblem', message: /such as "partner"/ });
  }
});

describe('a command line', () => {
  const refused: [string[], RegExp][] = [
    [[], /^How is it to be called\? Usage$/],
    [['a', 'b'], /^"b" is one name too many\. Usage$/],
    [['a', '--entiy', 'B'], /^There is no flag "--entiy"\. Did you mean "--entity"\? Usage$/],
    [['a', '--entity'], /^--entity needs a value\. Usage$/],
  ];
  for (const [args, message] of refused) {
    test(`of ${JSON.stringify(args)} is refused`, () => {
      assert.throws(() => readArguments(args, ['entity'], 'Usage'), { name: 'StartupProblem', message });
    });
  }

  test('has one name, and flags that may stand before it and be repeated', () => {
    assert.deepEqual(readArguments(['--tag', 'x', 'a', '--tag=y'], ['tag'], ''), {
      name: 'a',
      flags: { tag: ['x', 'y'] },
    });
  });
});

test('a newcomer is listed wherever its neighbour is, below it, and nowhere else', () => {
  const text =
    'A_OLD_URL: http://old:41/\nold_x: bold\n\n  old:\n    PORT: 41\n    x: 410\n\n  bff-old:\n    old: after\n';
  assert.equal(
    repeatForNewcomer(text, { name: 'old', port: 41 }, { name: 'new', port: 52 }),
    'A_OLD_URL: http://old:41/\nA_NEW_URL: http://new:52/\nold_x: bold\nnew_x: bold\n\n  old:\n    PORT: 41\n    x: 410\n\n' +
      '  new:\n    PORT: 52\n    x: 410\n\n  bff-old:\n    old: after\n    new: after\n',
  );
});
