// Owns answers over HTTP that are none in GraphQL: what one said and whether it said when to come again, or that it was too large.

export class HttpFailure extends Error {
  readonly status: number;
  /** Milliseconds, where it is said. */
  readonly retryAfter: number | undefined;

  /** `retryAfter` is the header. */
  constructor(status: number, text: string, retryAfter?: string) {
    super(`HTTP ${status}: ${text.slice(0, 200)}`);
    this.status = status;
    this.retryAfter = retryAfter === undefined ? undefined : millisecondsUntil(retryAfter);
  }
}

/** One that was given up on the way, because of its size alone. */
export class AnswerTooLarge extends Error {
  /** `most` is in bytes. */
  constructor(most: number) {
    super(`an answer of more than ${most} bytes`);
  }
}

/** Seconds, or a date as HTTP writes it; undefined for anything else. */
function millisecondsUntil(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // Whatever else can be read as a date was not meant as one.
  if (!/^[A-Za-z]{3,9},? .*GMT$/.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
