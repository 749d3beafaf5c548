// Holds the reading of `accept-language` to what clients mean, and to never handing on what `Intl` would refuse.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { acceptedLocale } from '../../../supergraph/views/accepted-locale.ts';

describe('of a header, the locale is', () => {
  const cases: [header: string | undefined, locale: string][] = [
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['de-AT', 'de-AT'],
    ['DE-at', 'de-AT'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de-AT'],
    ['en;q=0.5, fr;q=0.9, de;q=0.9', 'fr'],
    ['de;q=0, fr;q=0.1', 'fr'],
    ['zh-Hant-TW', 'zh-Hant-TW'],
    ['ar-u-nu-latn', 'ar'],
    ['de;q=2, fr;q=0.2', 'fr'],
    ['de;q=x', 'en'],
    ['x-private, it', 'it'],
    ['de_AT, fr;q=0.5', 'fr'],
    ['de-'.repeat(1000), 'en'],
  ];
  for (const [header, locale] of cases) {
    test(`${header === undefined ? 'nothing' : JSON.stringify(header.slice(0, 40))}: ${locale}`, () => {
      assert.equal(acceptedLocale(header), locale);
    });
  }
});

test('whatever a client sends, Intl takes what comes of it', () => {
  const pieces = fc.constantFrom(
    'de',
    'AT',
    '-',
    ',',
    ';q=',
    '0.5',
    '1',
    'u',
    'x',
    'latn',
    '*',
    ' ',
    'é',
    '__proto__',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (header) => {
      const locale = acceptedLocale(header.join(''));
      assert.ok(new Intl.NumberFormat(locale).format(1.5).length > 0);
      assert.ok(locale.length <= 35, locale);
    }),
    { numRuns: 2000 },
  );
});
