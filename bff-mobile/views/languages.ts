// Owns which languages the app's texts are in, and which of them a locale is answered in.

export type Language = 'en' | 'de' | 'fr' | 'it' | 'es' | 'pt' | 'da' | 'cs';

/** Texts by language. */
export type InLanguages<Texts> = Readonly<Record<Language, Texts>>;

export interface Speech<Texts> {
  texts: Texts;
  /** For dates and numbers among those texts: of one language with them. */
  locale: string;
}

/** A locale whose language the app has no words of gets English ones. */
export function speechFor<Texts>(all: InLanguages<Texts>, locale: string): Speech<Texts> {
  const language = locale.split('-', 1)[0] ?? '';
  return isLanguage(all, language) ? { texts: all[language], locale } : { texts: all.en, locale: 'en' };
}

const all: InLanguages<true> = {
  en: true,
  de: true,
  fr: true,
  it: true,
  es: true,
  pt: true,
  da: true,
  cs: true,
};

/** The locale, where the app has words of its language; for words that do not come from the app itself. */
export function spokenLocale(locale: string): string {
  return speechFor(all, locale).locale;
}

function isLanguage(all: InLanguages<unknown>, language: string): language is Language {
  return Object.hasOwn(all, language);
}
