// Owns putting the body of an answer together from the pieces in which it comes.
import { isAscii } from 'node:buffer';

const mostPieces = 256;
const nothing = Buffer.alloc(0);

export class AnswerBody {
  #size = 0;
  /** Most answers come in one piece, and should not cost a list. */
  #first: Buffer = nothing;
  #joined: Buffer[] | undefined;
  #pieces: Buffer[] | undefined;

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  add(piece: Buffer): void {
    if (this.#size === 0) this.#first = piece;
    else this.#addToOthers(piece);
    this.#size += piece.length;
  }

  /** Without a byte order mark. */
  bytes(): Buffer {
    const bytes = this.#pieces
      ? Buffer.concat([...(this.#joined ?? []), ...this.#pieces], this.#size)
      : this.#first;
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  }

  #addToOthers(piece: Buffer): void {
    this.#pieces ??= [this.#first];
    // A million pieces of one byte, kept as they are, would take a hundred times the memory of what they say.
    if (this.#pieces.length === mostPieces) {
      this.#joined ??= [];
      this.#joined.push(Buffer.concat(this.#pieces));
      this.#pieces = [];
    }
    this.#pieces.push(piece);
  }
}

/** The text of bytes in UTF-8, decoded in one go, so that no piece can end within a character. */
export function textOf(bytes: Buffer): string {
  // Copying is faster than decoding, and looking is faster than both.
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
