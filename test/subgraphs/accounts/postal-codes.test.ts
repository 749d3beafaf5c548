// Holds the postal codes of each country to what its post delivers to.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isPostalCode } from '../../../subgraphs/accounts/postal-codes.ts';
import { demoPeople } from '../../../subgraphs/kit/demo/people.ts';

const cases: { country: string; right: string[]; wrong: string[] }[] = [
  { country: 'AT', right: ['1010', '9992'], wrong: ['0101', '101', '10100', 'A-1010', ''] },
  { country: 'CZ', right: ['11000', '110 00'], wrong: ['01000', '1100', '110  00'] },
  { country: 'DE', right: ['10115', '01067'], wrong: ['1011', '101155', 'D-10115'] },
  { country: 'DK', right: ['2100', '0800'], wrong: ['210', 'DK-2100'] },
  { country: 'ES', right: ['28013', '01001', '52001'], wrong: ['00123', '53001', '2801'] },
  { country: 'FR', right: ['75001'], wrong: ['7500', '75 001'] },
  { country: 'IT', right: ['00184'], wrong: ['0018', 'I-00184'] },
  { country: 'PT', right: ['1100-017'], wrong: ['1100', '1100017', '0100-017'] },
  { country: 'GB', right: ['SW1A 1AA', 'sw1a1aa'], wrong: ['SW1A/1AA', ' SW1A', 'SW1A 1AA 1AA 1AA'] },
  { country: 'HK', right: ['', '999077'], wrong: ['-', '九龍'] },
];

for (const { country, right, wrong } of cases) {
  test(`${country} has ${JSON.stringify(right)} and not ${JSON.stringify(wrong)}`, () => {
    assert.deepEqual(
      right.filter((code) => !isPostalCode(code, country)),
      [],
    );
    assert.deepEqual(
      wrong.filter((code) => isPostalCode(code, country)),
      [],
    );
  });
}

test('everybody of the demo world lives where the post comes', () => {
  const addresses = demoPeople().flatMap((person) => person.addresses);
  assert.deepEqual(
    addresses.filter(({ postalCode, country }) => !isPostalCode(postalCode, country)),
    [],
  );
});
