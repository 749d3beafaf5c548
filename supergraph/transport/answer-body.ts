// Owns putting the body of an answer together from the pieces in which it comes.

export interface AnswerBody {
  /** Bytes so far. */
  readonly size: number;
  add: (piece: Buffer) => void;
  /** Decoded as UTF-8 in one go, so that no piece can end within a character; without a byte order mark. */
  text: () => string;
}

const byteOrderMark = 0xfeff;
const mostPieces = 256;

export function createAnswerBody(): AnswerBody {
  const joined: Buffer[] = [];
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    add(piece) {
      // A million pieces of one byte, kept as they are, would take a hundred times the memory of what they say.
      if (pieces.length === mostPieces) {
        joined.push(Buffer.concat(pieces));
        pieces = [];
      }
      pieces.push(piece);
      size += piece.length;
    },
    text() {
      const all = [...joined, ...pieces];
      const [first] = all;
      const bytes = all.length === 1 && first !== undefined ? first : Buffer.concat(all, size);
      const text = bytes.toString();
      return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text;
    },
  };
}
