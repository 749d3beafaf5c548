// Owns how values become the bytes of JSON. Each of these writes something from `at` on, and gives the place where it ends.
import { type AnswerBytes, fewBytes } from './answer-bytes.ts';
import { eights, write8 } from './write-constant.ts';

// Looked up once: where any library has a class that extends String, V8 finds methods of strings slowly (six times here).
const { charCodeAt } = String.prototype;

/** Above this, the engine's own ways with strings are quicker than a look at each character. */
const longText = 256;

export function writeString(answer: AnswerBytes, text: string, at: number): number {
  const { length } = text;
  if (length > longText) return writeText(answer, JSON.stringify(text), at);
  answer.reserve(at, length * 2 + 2);
  const { room } = answer;
  let to = at;
  room[to++] = 0x22;
  for (let index = 0; index < length; index++) {
    const code = charCodeAt.call(text, index);
    if (code < 0x7f) {
      // What JSON escapes.
      if (code < 0x20 || code === 0x22 || code === 0x5c) {
        return writeText(answer, JSON.stringify(text), at);
      }
      room[to++] = code;
    } else if (code >= 0x80 && code < 0x800) {
      room[to++] = 0xc0 | (code >> 6);
      room[to++] = 0x80 | (code & 0x3f);
    } else {
      return writeText(answer, JSON.stringify(text), at);
    }
  }
  room[to++] = 0x22;
  return to;
}

/** A whole number of 32 bits. */
export function writeInt(answer: AnswerBytes, value: number, at: number): number {
  if (value < 0) return writeText(answer, `${value}`, at);
  if (at > answer.limit) answer.reserve(at, fewBytes);
  const { room } = answer;
  let end = at + 1;
  for (let rest = value; rest > 9; rest = (rest / 10) | 0) end += 1;
  let rest = value;
  for (let place = end - 1; place >= at; place--) {
    const tenth = (rest / 10) | 0;
    room[place] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
  return end;
}

const [whenTrue = 0] = eights('true');
const [whenFalse = 0] = eights('false');

export function writeBoolean(answer: AnswerBytes, value: boolean, at: number): number {
  return value ? write8(answer, at, 4, whenTrue) : write8(answer, at, 5, whenFalse);
}

/** Text that is JSON already. */
export function writeText(answer: AnswerBytes, text: string, at: number): number {
  const { length } = text;
  // A character of a JavaScript string becomes three bytes at most.
  answer.reserve(at, length * 3);
  const { room } = answer;
  if (length > longText) return at + room.write(text, at);
  for (let index = 0; index < length; index++) {
    const code = charCodeAt.call(text, index);
    if (code > 0x7e) return at + room.write(text, at);
    room[at + index] = code;
  }
  return at + length;
}

/** What was written between two places, once more. */
export function writeAgain(answer: AnswerBytes, span: number, at: number): number {
  const from = answer.spans[span] ?? 0;
  const to = answer.spans[span + 1] ?? 0;
  answer.reserve(at, to - from);
  answer.room.copyWithin(at, from, to);
  return at + to - from;
}
