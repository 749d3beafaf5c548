// Owns the bytes in which answers are written, one answer after the other, and how JSON becomes such bytes.

const start = Buffer.from('{"data":');
const end = 0x7d;

/** Room that is kept from answer to answer; what needs more gets its own, and takes it along. */
const keptRoom = 1024 * 1024;
/** Below this, text that leaves in one piece with its head is cheaper than bytes. */
const shortAnswer = 4096;
/** Above this, the engine's own ways with strings are quicker than a look at each character. */
const longText = 256;

/** No client waits for more, and no process has the memory for many of these. */
const largestAnswer = 256 * 1024 * 1024;

export class AnswerTooLarge extends Error {}

/** Nobody writes two answers at once: projections run without waiting, and one of these serves all of them. */
export class AnswerBytes {
  room: Buffer = Buffer.allocUnsafeSlow(keptRoom);
  /** Where texts begin and end that may be written again, by turns. */
  readonly spans: number[] = [];

  /** Where the data begins. */
  begin(): number {
    this.spans.length = 0;
    if (this.room.length > keptRoom) this.room = Buffer.allocUnsafeSlow(keptRoom);
    this.room.set(start);
    return start.length;
  }

  /** `{"data":…}` with data that ends here, and the data alone; short ones as text, long ones in UTF-8. */
  end(at: number): { whole: string | Buffer; data: string | Buffer } {
    this.reserve(at, 1);
    this.room[at] = end;
    if (at < shortAnswer) {
      const whole = this.room.toString('utf8', 0, at + 1);
      return { whole, data: whole.slice(start.length, -1) };
    }
    const whole = this.take(at + 1);
    return { whole, data: whole.subarray(start.length, at) };
  }

  /** Room for so many bytes from there on. */
  reserve(at: number, bytes: number): void {
    const { room } = this;
    if (at + bytes <= room.length) return;
    if (at + bytes > largestAnswer) throw new AnswerTooLarge();
    this.room = Buffer.allocUnsafeSlow(Math.max(at + bytes, Math.min(room.length * 2, largestAnswer)));
    this.room.set(room.subarray(0, at));
  }

  private take(length: number): Buffer {
    const { room } = this;
    const written = room.subarray(0, length);
    // Much of a large room may have been needed for what was written over.
    if (room.length === keptRoom || length < room.length / 4) return Buffer.from(written);
    this.room = Buffer.allocUnsafeSlow(keptRoom);
    return written;
  }
}

// Each of these writes something from `at` on, and gives the place where it ends.

export function writeBytes(answer: AnswerBytes, bytes: Uint8Array, at: number): number {
  const { length } = bytes;
  answer.reserve(at, length);
  const { room } = answer;
  // Copying a few bytes one by one takes less than a call that does it.
  for (let index = 0; index < length; index++) room[at + index] = bytes[index] as number;
  return at + length;
}

/** A string as JSON. */
export function writeString(answer: AnswerBytes, text: string, at: number): number {
  const { length } = text;
  if (length > longText) return writeText(answer, JSON.stringify(text), at);
  answer.reserve(at, length * 2 + 2);
  const { room } = answer;
  let to = at;
  room[to++] = 0x22;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
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

/** Text that is JSON already, such as that of a number. */
export function writeText(answer: AnswerBytes, text: string, at: number): number {
  const { length } = text;
  // A character of a JavaScript string becomes three bytes at most.
  answer.reserve(at, length * 3);
  const { room } = answer;
  if (length > longText) return at + room.write(text, at);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
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
