// Owns telling an answer that can be handed on as it came: bytes that say `{"data":{…}}` and nothing else.

/** Bytes in UTF-8, of a subgraph that is trusted: nobody has looked into them. */
export interface RawAnswer {
  /** `{"data":{…}}`, perhaps with white space; fit to be a client's answer. */
  body: Buffer;
  /** `{…}`, within the body. */
  data: Buffer;
}

const start = /^[\t\n\r ]*\{[\t\n\r ]*"data"[\t\n\r ]*:[\t\n\r ]*(?=\{)/;
const end = /(?<=\})[\t\n\r ]*\}[\t\n\r ]*$/;
/** Bytes at either end within which all of that must be; who writes more white space than this is read the usual way. */
const reach = 64;

/**
 * undefined when it is not certain that there is nothing but data; the body must be parsed then. Where a word that only
 * the other members of an answer should have occurs within the data, that is not certain either.
 */
export function rawAnswerIn(body: Buffer): RawAnswer | undefined {
  const before = start.exec(body.toString('latin1', 0, reach));
  const after = end.exec(body.toString('latin1', Math.max(0, body.length - reach)));
  if (before === null || after === null) return undefined;
  // `"errors"` and `"extensions"`; without their beginnings, because every name begins with a quote, and few go on so.
  if (body.includes('rrors"') || body.includes('xtensions"')) return undefined;
  return { body, data: body.subarray(before[0].length, body.length - after[0].length) };
}
