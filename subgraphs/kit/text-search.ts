// Owns turning what people type into LIKE patterns.
import { badInput } from './cursor.ts';

const MOST = 200;

/** Every row is compared with the text, so its length is work for the database. Throws GraphQLError BAD_USER_INPUT. */
export function refuseLongText(argument: string, text: string): void {
  if (text.length > MOST) throw badInput(argument, `must have at most ${MOST} characters`);
}

/** A pattern for `ilike` that finds the text anywhere; `%`, `_` and `\` in it stand for themselves. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** The same for the beginning alone. */
export function startingWith(text: string): string {
  return containing(text).slice(1);
}
