// Holds leaving suggestions out of messages to taking little time, whatever clients have put into them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSuggestion } from '../../../../supergraph/limits/operation/schema-readers.ts';

const blanks = ' \n'.repeat(100_000);
const messages: [name: string, message: string, told: string][] = [
  ['one that suggests', 'There is no "tiel". Did you mean "title"?', 'There is no "tiel".'],
  ['one that suggests behind many blanks', `No.${blanks}did you mean "title"?`, 'No.'],
  ['many blanks', `No${blanks}.`, `No${blanks}.`],
  ['blanks at the end of one that suggests nothing', 'No. ', 'No. '],
  ['a suggestion in what a client gave', 'No "DID YOU MEAN". Did you mean "title"?', 'No "'],
  ['a word that only begins so', 'Did you meander?', 'Did you meander?'],
];

for (const [name, message, told] of messages) {
  test(name, () => {
    const began = performance.now();
    assert.equal(withoutSuggestion({ message }).message, told);
    // It takes some milliseconds; the machine may be shared.
    assert.ok(performance.now() - began < 1_000);
  });
}

test('what was nothing but a suggestion has the words of the table', () => {
  const { message } = withoutSuggestion({ message: 'Did you mean "a"?', extensions: { code: 'NOT_FOUND' } });
  assert.equal(message, 'There is no such thing.');
});
