// Owns the words of a scaffold: which names can be taken, and what else is called after them.
import { StartupProblem } from '../foundation/startup-problem.ts';

// `export const new = …` is no TypeScript.
const reservedByLanguage = (
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
  'false finally for function if implements import in instanceof interface let new null package private protected ' +
  'public return static super switch this throw true try typeof undefined var void while with yield'
).split(' ');

/** One word, because a database, a role and environment variables are called so too. Throws a StartupProblem. */
export function checkSubgraphName(name: string, reserved: readonly string[]): void {
  if (!/^[a-z]{2,30}$/.test(name)) {
    const word = name.toLowerCase().replaceAll(/[^a-z]/g, '');
    const instead = word.length > 1 ? `, such as "${word.slice(0, 30)}"` : '';
    throw new StartupProblem(
      `A subgraph is called by one word of 2 to 30 lower case letters${instead}; "${name}" is none.`,
    );
  }
  if ([...reserved, ...reservedByLanguage].includes(name)) {
    throw new StartupProblem(`"${name}" is a reserved word: choose another name.`);
  }
}

/** `partner` and `bff-partner` are `bff-partner`. Throws a StartupProblem. */
export function bffName(given: string): string {
  const own = given.replace(/^bff-/, '');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(own) || own.length > 30) {
    throw new StartupProblem(
      `A BFF is called by at most 30 lower case letters and digits, words joined by "-", such as "partner"; "${given}" is not so.`,
    );
  }
  return `bff-${own}`;
}

/** What a BFF's declaration is exported as: `bff-partner-shop` becomes `partnerShop`. */
export function bffVariable(name: string): string {
  const variable = camelCase(name.replace(/^bff-/, '').split('-'));
  return reservedByLanguage.includes(variable) ? `${variable}Bff` : variable;
}

/** Everything that is called after an entity; `one` and `many` are its root fields. */
export interface EntityWords {
  One: string;
  one: string;
  Many: string;
  many: string;
  'one words': string;
  'many words': string;
  kebab: string;
  kebabs: string;
  table: string;
}

/** From a type's name, such as `GiftCard`. Throws a StartupProblem when it is none. */
export function entityWords(One: string): EntityWords {
  if (!/^([A-Z][a-z]+){1,4}$/.test(One)) {
    throw new StartupProblem(`An entity is called as a type, such as "GiftCard"; "${One}" is not so.`);
  }
  const words = [...One.matchAll(/[A-Z][a-z]+/g)].map(([word]) => word.toLowerCase());
  const plural = [...words.slice(0, -1), pluralOf(words.at(-1) ?? '')];
  return {
    One,
    one: camelCase(words),
    Many: capitalised(camelCase(plural)),
    many: camelCase(plural),
    'one words': words.join(' '),
    'many words': plural.join(' '),
    kebab: words.join('-'),
    kebabs: plural.join('-'),
    table: plural.join('_'),
  };
}

/** The type a domain's name suggests: `wishlists` has a `Wishlist`. */
export function entityNamed(domain: string): string {
  const one = domain.endsWith('ies')
    ? `${domain.slice(0, -3)}y`
    : domain.replace(/(?<=ch|sh|x|ss)es$|(?<!s)s$/, '');
  return capitalised(one);
}

export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

function camelCase([first = '', ...others]: readonly string[]): string {
  return [first, ...others.map(capitalised)].join('');
}
