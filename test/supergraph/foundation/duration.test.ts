// Holds what is a duration and what is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds, parseDuration } from '../../../supergraph/foundation/duration.ts';

test('durations have a number and a unit', () => {
  const cases: [unknown, number | undefined][] = [
    ['800ms', 800],
    ['5s', 5000],
    ['1.5s', 1500],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0s', undefined],
    ['0.1ms', undefined],
    ['-5s', undefined],
    ['5', undefined],
    [5000, undefined],
    ['5 s', undefined],
    ['5sec', undefined],
    ['s', undefined],
    ['1e3ms', undefined],
    ['', undefined],
    [undefined, undefined],
    [null, undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseDuration(text), expected, String(text));
});

test('what is no duration is refused with an example', () => {
  assert.equal(milliseconds('5s'), 5000);
  assert.throws(() => milliseconds('-5s'), /"-5s" is no duration: write e\.g\. '800ms'/);
});
