// Owns how text that is always the same gets into answers: eight bytes at a time, told as numbers of eight bytes. Written
// byte by byte, names and punctuation took half of the time in which an answer was written.
import { type AnswerBytes, fewBytes } from './answer-bytes.ts';

/** Code that writes ASCII text at `n` of the answer `A`. */
export function constantCode(text: string): string {
  let code = '';
  for (let from = 0; from < text.length; from += 24) {
    const part = text.slice(from, from + 24);
    const numbers = eights(part);
    code += `n=write${numbers.length * 8}(A,n,${part.length},${numbers.join()});`;
  }
  return code;
}

/** The bytes of ASCII text as numbers, the last one filled up. None of them is NaN, which could not be told as one. */
export function eights(text: string): number[] {
  const count = Math.ceil(text.length / 8);
  const bytes = Buffer.alloc(count * 8);
  bytes.write(text, 'latin1');
  return Array.from({ length: count }, (_, index) => bytes.readDoubleLE(index * 8));
}

// Each of these writes up to so many bytes from `at` on, of which `length` count; the next ones are written over the rest.

export function write8(answer: AnswerBytes, at: number, length: number, first: number): number {
  if (at > answer.limit) answer.reserve(at, fewBytes);
  answer.view.setFloat64(at, first, true);
  return at + length;
}

export function write16(
  answer: AnswerBytes,
  at: number,
  length: number,
  first: number,
  second: number,
): number {
  if (at > answer.limit) answer.reserve(at, fewBytes);
  const { view } = answer;
  view.setFloat64(at, first, true);
  view.setFloat64(at + 8, second, true);
  return at + length;
}

export function write24(
  answer: AnswerBytes,
  at: number,
  length: number,
  first: number,
  second: number,
  third: number,
): number {
  if (at > answer.limit) answer.reserve(at, fewBytes);
  const { view } = answer;
  view.setFloat64(at, first, true);
  view.setFloat64(at + 8, second, true);
  view.setFloat64(at + 16, third, true);
  return at + length;
}
