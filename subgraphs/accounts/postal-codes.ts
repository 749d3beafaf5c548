// Owns what a postal code looks like in which country.

const patterns: Readonly<Record<string, RegExp>> = {
  AT: /^[1-9]\d{3}$/,
  CZ: /^[1-7]\d{2} ?\d{2}$/,
  DE: /^\d{5}$/,
  DK: /^\d{4}$/,
  ES: /^(0[1-9]|[1-4]\d|5[0-2])\d{3}$/,
  FR: /^\d{5}$/,
  IT: /^\d{5}$/,
  PT: /^[1-9]\d{3}-\d{3}$/,
};

/** For countries not in the table. May be empty: some countries have no postal codes. */
const anywhere = /^([a-z\d][a-z\d -]{0,11})?$/i;

/** `country` is an ISO 3166-1 alpha-2 code. */
export function isPostalCode(code: string, country: string): boolean {
  return (patterns[country] ?? anywhere).test(code);
}
