// Owns the words of a deprecation that programs read: what takes an element's place, and until when it stays.

export interface Deprecation {
  reason: string;
  /** The coordinate of what takes its place, such as `Product.availability`; left out where nothing does. */
  successor?: string;
  /** The last day on which it is there, such as `2027-03-31` (UTC). */
  ends?: string;
}

const successorPattern = /\bUse ([_A-Za-z]\w*(?:\.[_A-Za-z]\w*(?:\([_A-Za-z]\w*:\))?)?) instead\b/;
const endPattern = /\bEnds (\d{4}-\d{2}-\d{2})\b/;

/**
 * Reads a reason such as `Use Product.availability instead. Ends 2027-03-31.`, or `No successor. Ends 2027-03-31.`; other
 * sentences may stand beside these. What is not said that way is left out.
 */
export function readDeprecation(reason: string): Deprecation {
  const successor = successorPattern.exec(reason)?.[1];
  const ends = endPattern.exec(reason)?.[1];
  return {
    reason,
    ...(successor !== undefined && { successor }),
    ...(ends !== undefined && isDay(ends) && { ends }),
  };
}

/** The 31st of February is read as a day of March, and so is none. */
function isDay(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
