// Holds the bytes of answers to what JSON.stringify says, wherever they begin, and to giving back the room they took.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { AnswerBytes, AnswerTooLarge } from '../../../supergraph/executor/projection/answer-bytes.ts';
import {
  constantCode,
  write8,
  write16,
  write24,
} from '../../../supergraph/executor/projection/write-constant.ts';
import {
  writeAgain,
  writeBoolean,
  writeInt,
  writeString,
  writeText,
} from '../../../supergraph/executor/projection/write-json.ts';

const answer = new AnswerBytes();
const room = answer.room.length;

/** What an answer's data ends with, when so many blanks stand before it. */
function written(write: (at: number) => number, blanks = 0): string {
  const begin = answer.begin();
  answer.reserve(begin, blanks);
  answer.room.fill(' ', begin, begin + blanks);
  const { whole, data } = answer.end(write(begin + blanks));
  assert.equal(`${whole.slice(0, 8)}${whole.slice(-1)}`, '{"data":}');
  assert.equal(whole.length, data.length + 9);
  return data.slice(blanks).toString();
}

/** Where the room ends before, within or after what is written. */
const places = (text: string): number[] => {
  const left = room - '{"data":}'.length;
  const bytes = Buffer.byteLength(JSON.stringify(text));
  return [0, left - bytes * 3, left - bytes - 1, left - bytes, left - 1, left];
};

const characters: Record<string, string> = {
  letter: 'a',
  quote: '"',
  backslash: '\\',
  slash: '/',
  'new line': '\n',
  nul: '\u0000',
  'last control character': '\u001f',
  blank: ' ',
  'last before delete': '\u007e',
  delete: '\u007f',
  'first of two bytes': '\u0080',
  'last of two bytes': '\u07ff',
  'first of three bytes': '\u0800',
  'line separator': '\u2028',
  emoji: '\u{1f600}',
  'first half of an emoji': '\ud83d',
  'second half of an emoji': '\ude00',
  'halves of an emoji the wrong way round': '\ude00\ud83d',
  'last of three bytes': '\uffff',
};

suite('strings are written as JSON.stringify does', () => {
  for (const [name, character] of Object.entries(characters)) {
    test(name, () => {
      for (const length of [0, 1, 80, 254, 255, 256, 257]) {
        const plain = 'x'.repeat(length);
        for (const text of [character + plain, plain + character, character.repeat(length)]) {
          assert.equal(
            written((at) => writeString(answer, text, at)),
            JSON.stringify(text),
          );
        }
      }
    });
  }

  test('wherever they begin, whatever is in them', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`seed ${seed}`);
    const text = fc
      .tuple(
        fc.constantFrom(0, 1, 78, 240, 254, 255, 256, 257, 1500),
        fc.array(fc.constantFrom(...Object.values(characters)), { maxLength: 12 }),
        fc.boolean(),
      )
      .map(([plain, rest, isFirst]) =>
        isFirst ? 'x'.repeat(plain) + rest.join('') : rest.join('') + 'x'.repeat(plain),
      );
    fc.assert(
      fc.property(text, fc.nat(5), (text, place) => {
        const blanks = places(text)[place];
        assert.equal(
          written((at) => writeString(answer, text, at), blanks),
          JSON.stringify(text),
        );
      }),
      { seed, numRuns: 300 },
    );
  });
});

test('numbers are written as JSON.stringify does', () => {
  const numbers = [
    0,
    -0,
    7,
    -7,
    0.1,
    -2.5e-7,
    5e-324,
    1e21,
    2 ** 31,
    Number.MAX_SAFE_INTEGER,
    Number.MAX_VALUE,
  ];
  for (const number of numbers) {
    assert.equal(
      written((at) => writeText(answer, `${number}`, at), room - 10),
      JSON.stringify(number),
    );
  }
});

/** What is written without asking for room must fit wherever it begins. */
const nearTheEnd = Array.from({ length: 80 }, (_, left) => room - '{"data":}'.length - left);

test('whole numbers are written as JSON.stringify does, wherever they begin', () => {
  const powers = Array.from({ length: 10 }, (_, digits) => 10 ** digits);
  const near = powers.flatMap((power) => [power - 1, power, power + 1]);
  const numbers = [...near, -0, 2 ** 31 - 1, -(2 ** 31), ...near.map((number) => -number)];
  for (const number of numbers) {
    assert.equal(
      written((at) => writeInt(answer, number, at)),
      JSON.stringify(number),
    );
  }
  for (const blanks of nearTheEnd) {
    assert.equal(
      written((at) => writeInt(answer, 2147483647, at), blanks),
      '2147483647',
    );
  }
});

test('true and false are written wherever they begin', () => {
  for (const value of [true, false]) {
    for (const blanks of nearTheEnd) {
      assert.equal(
        written((at) => writeBoolean(answer, value, at), blanks),
        `${value}`,
      );
    }
  }
});

test('constants of every length are written wherever they begin', () => {
  const letters = '{"_aZ09":\\}~'.repeat(10);
  for (let length = 0; length < 100; length += 1) {
    const text = letters.slice(0, length);
    const code = `let n=at;${constantCode(text)}return n;`;
    const write = new Function('A', 'write8', 'write16', 'write24', 'at', code);
    for (const blanks of [0, ...nearTheEnd]) {
      assert.equal(
        written((at) => write(answer, write8, write16, write24, at), blanks),
        text,
      );
    }
  }
});

test('what was written is written again, also where the room ends between', () => {
  const text = 'é\u{1f600}'.repeat(20);
  const json = JSON.stringify(text);
  for (const blanks of places(text)) {
    const data = written((at) => {
      const end = writeString(answer, text, at);
      answer.spans.push(at, end);
      return writeAgain(answer, 0, writeText(answer, ',', end));
    }, blanks);
    assert.equal(data, `${json},${json}`);
  }
});

suite('room', () => {
  const large = room * 3;
  const nulled = (): void => answer.reserve(answer.begin(), large);

  test('is taken along by a large answer, which the next one leaves as it is', () => {
    const begin = answer.begin();
    const { data } = answer.end(writeText(answer, 'x'.repeat(large), begin));
    assert.equal(answer.room.length, room);
    assert.equal(
      written((at) => writeString(answer, 'next', at)),
      '"next"',
    );
    assert.equal(data.toString(), 'x'.repeat(large));
  });

  test('is given back when much of an answer was written over', () => {
    nulled();
    answer.end(writeText(answer, 'null', 8));
    answer.begin();
    assert.equal(answer.room.length, room);
  });

  test('is not held by an answer that was left with little', () => {
    nulled();
    const { whole } = answer.end(writeText(answer, 'x'.repeat(5000), 8));
    assert.ok(Buffer.isBuffer(whole));
    assert.ok(whole.buffer.byteLength < room, `${whole.length} bytes hold ${whole.buffer.byteLength}`);
  });

  test('is given back when an answer was not finished', () => {
    nulled();
    assert.equal(
      written((at) => writeString(answer, 'next', at)),
      '"next"',
    );
    assert.equal(answer.room.length, room);
  });

  test('ends at 256 MB: what needs more throws, and the next answer is written', () => {
    const most = 256 * 1024 * 1024;
    const taken = answer.room.length;
    assert.throws(() => answer.reserve(8, most), AnswerTooLarge);
    assert.throws(() => answer.reserve(most, 1), AnswerTooLarge);
    assert.throws(() => answer.reserve(most - 7, 8), AnswerTooLarge);
    assert.equal(answer.room.length, taken);
    assert.equal(
      written((at) => writeString(answer, 'next', at)),
      '"next"',
    );
  });
});
