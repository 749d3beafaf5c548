// Owns the headers that tell browsers what they may not do with an answer; pages have more of their own (page-policy.ts).

export type HeaderLine = readonly [name: string, value: string];

/** All that is not a page: nothing of it is to be shown, framed, guessed at or embedded. */
const ofAnswers: readonly HeaderLine[] = [
  ['x-content-type-options', 'nosniff'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  // Pages that CORS lets read answers are not concerned.
  ['cross-origin-resource-policy', 'same-origin'],
];

/** A year. Not for names below this one, which may be somebody else's. */
const overTlsAlone: HeaderLine = ['strict-transport-security', 'max-age=31536000'];

/** `isSecure`: whether this server speaks TLS itself; what stands before it says so of its own connections. */
export function safeHeaders(isSecure: boolean): readonly HeaderLine[] {
  return isSecure ? [...ofAnswers, overTlsAlone] : ofAnswers;
}
