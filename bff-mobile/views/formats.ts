// Owns the formatters behind the app's texts: making one takes longer than a hundred uses of it.
import { LRUCache } from 'lru-cache';

export interface Formats {
  number: (locale: string, options?: Intl.NumberFormatOptions) => Intl.NumberFormat;
  relativeTime: (locale: string) => Intl.RelativeTimeFormat;
  /** Of days; throws a RangeError where there is no such time zone. */
  calendar: (timeZone: string) => Intl.DateTimeFormat;
}

/** How somebody is spoken to. */
export interface Wording {
  /** BCP 47. */
  locale: string;
  formats: Formats;
}

/** Clients choose locales and time zones, and there are hundreds of both. */
const mostRemembered = 500;

export function createFormats(): Formats {
  const numbers = new LRUCache<string, Intl.NumberFormat>({ max: mostRemembered });
  const relative = new LRUCache<string, Intl.RelativeTimeFormat>({ max: mostRemembered });
  const calendars = new LRUCache<string, Intl.DateTimeFormat>({ max: mostRemembered });
  return {
    number: (locale, options = {}) =>
      remember(numbers, `${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options)),
    relativeTime: (locale) =>
      remember(relative, locale, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })),
    calendar: (timeZone) =>
      remember(
        calendars,
        timeZone,
        () => new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' }),
      ),
  };
}

function remember<Value extends object>(
  known: LRUCache<string, Value>,
  key: string,
  make: () => Value,
): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}
