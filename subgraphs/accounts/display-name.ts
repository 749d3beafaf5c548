// Owns what a person is called in front of others.
import type { UserRow } from './database.ts';

/** What the person chose; else "Ada Lindqvist" is shown as "Ada L.", and a single name stays as it is. */
export function displayNameOf({ display_name, name }: Pick<UserRow, 'display_name' | 'name'>): string {
  return display_name ?? shortened(name);
}

function shortened(name: string): string {
  const words = name.split(/\s+/);
  const [initial] = words.length > 1 ? (words.at(-1) ?? '') : '';
  return initial === undefined ? name : `${words[0]} ${initial}.`;
}
