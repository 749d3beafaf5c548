// Owns reading off a client's `accept-language` in which locale it would like to be answered.

const fallback = 'en';
/** Browsers send up to ten. */
const mostRanges = 20;
const longestHeader = 1000;
const longestTag = 35;

/**
 * The locale that a client likes best, without extensions: `de-AT`. Whatever it sent, `Intl` knows what to do with it; `en`
 * where it sent nothing that could be used.
 */
export function acceptedLocale(header: string | undefined): string {
  if (header === undefined || header.length > longestHeader) return fallback;
  let best = fallback;
  let bestWeight = 0;
  for (const range of header.split(',', mostRanges)) {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = weightOf(parameters);
    // Of equals the first.
    if (!(weight > bestWeight)) continue;
    const locale = wellFormed(tag);
    if (locale === undefined) continue;
    best = locale;
    bestWeight = weight;
  }
  return best;
}

function weightOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => /^q\s*=/i.test(parameter));
  if (given === undefined) return 1;
  const [, weight = ''] = /=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.exec(given) ?? [];
  return weight === '' ? 0 : Number(weight);
}

function wellFormed(tag: string): string | undefined {
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,8}$/i.test(tag) || tag.length > longestTag) return undefined;
  try {
    return new Intl.Locale(tag).baseName;
  } catch {
    return undefined;
  }
}
