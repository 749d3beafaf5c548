// Owns what DATA_KEY may say: the keys that data keys are wrapped with, the newest first.

const keyText = /^[A-Za-z0-9+/_-]{43}=?$/;

/** Whether the text is one key or several, each 32 bytes in base64, separated by commas. */
export function areWrappingKeys(text: string): boolean {
  return text.split(',').every((key) => keyText.test(key.trim()));
}

/** The first wraps; the others, older ones, are tried where it does not open. Throws an Error that does not repeat the text. */
export function wrappingKeys(text: string): [Buffer, ...Buffer[]] {
  if (!areWrappingKeys(text)) {
    throw new Error('DATA_KEY must be keys of 32 bytes in base64, separated by commas.');
  }
  const [first = '', ...others] = text.split(',');
  const bytes = (key: string) => Buffer.from(key.trim(), 'base64');
  return [bytes(first), ...others.map(bytes)];
}
