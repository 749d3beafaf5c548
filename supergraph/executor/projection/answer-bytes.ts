// Owns the bytes in which answers are written, one answer after the other.

const start = Buffer.from('{"data":');
const end = 0x7d;

/** What a constant or a number takes at most. */
export const fewBytes = 64;

/** Room that is kept from answer to answer; what needs more gets its own, and takes it along. */
const keptRoom = 1024 * 1024;
/** Below this, text that leaves in one piece with its head is cheaper than bytes. */
const shortAnswer = 4096;

/** Of one answer. */
export interface AnswerBounds {
  readonly bytes: number;
  /** Told of it. */
  readonly errors: number;
}

/** No client waits for more, and no process has the memory for many of these; more errors help nobody, and take seconds to write. */
const usualBounds: AnswerBounds = { bytes: 256 * 1024 * 1024, errors: 1_000 };

export class AnswerTooLarge extends Error {}

/** Nobody writes two answers at once: projections run without waiting, and one of these serves all of them. */
export class AnswerBytes {
  room: Buffer = Buffer.allocUnsafeSlow(keptRoom);
  /** Of all of the room. */
  view: DataView = new DataView(this.room.buffer);
  /** The last place from which a few bytes more can be written without `reserve`. */
  limit: number = keptRoom - fewBytes;
  /** Where texts begin and end that may be written again, by turns. */
  readonly spans: number[] = [];
  readonly bounds: AnswerBounds;

  constructor(bounds: AnswerBounds = usualBounds) {
    // What says that there is no answer must have room.
    this.bounds = { ...bounds, bytes: Math.max(bounds.bytes, fewBytes) };
  }

  /** Where the data begins. */
  begin(): number {
    this.spans.length = 0;
    if (this.room.length > keptRoom) this.setRoom(Buffer.allocUnsafeSlow(keptRoom));
    this.room.set(start);
    return start.length;
  }

  /** `{"data":…}` with data that ends here, and the data alone; short ones as text, long ones in UTF-8. */
  end(at: number): { whole: string | Buffer; data: string | Buffer } {
    this.reserve(at, 1);
    if (at >= this.bounds.bytes) throw new AnswerTooLarge();
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
    const largestAnswer = this.bounds.bytes;
    if (at + bytes > largestAnswer) throw new AnswerTooLarge();
    this.setRoom(Buffer.allocUnsafeSlow(Math.max(at + bytes, Math.min(room.length * 2, largestAnswer))));
    this.room.set(room.subarray(0, at));
  }

  private take(length: number): Buffer {
    const { room } = this;
    const written = room.subarray(0, length);
    // Much of a large room may have been needed for what was written over.
    if (room.length === keptRoom || length < room.length / 4) return Buffer.from(written);
    this.setRoom(Buffer.allocUnsafeSlow(keptRoom));
    return written;
  }

  private setRoom(room: Buffer): void {
    this.room = room;
    this.view = new DataView(room.buffer);
    this.limit = room.length - fewBytes;
  }
}
