// Owns writing a text into a script of a page so that it stays a text, whatever is in it.

/** A JavaScript literal; a "<" in it could otherwise end the script. */
export function scriptText(text: string): string {
  return JSON.stringify(text).replaceAll('<', '\\u003c');
}
