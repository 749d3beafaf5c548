// Owns sizes as they are written in declarations ('100KB', '2MB') and their meaning in bytes.

const unitsInBytes = { B: 1, KB: 1_000, MB: 1_000_000 } as const;
type Unit = keyof typeof unitsInBytes;

export type ByteSize = `${number}${Unit}`;

/** Bytes of a size, or undefined when the text is none. */
export function parseByteSize(text: unknown): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(B|KB|MB)$/.exec(String(text)) ?? [];
  if (amount === undefined) return undefined;
  const bytes = Math.round(Number(amount) * unitsInBytes[unit as Unit]);
  return bytes >= 1 ? bytes : undefined;
}

/** Bytes of a size; throws a RangeError when the text is none. */
export function byteSize(size: ByteSize): number {
  const parsed = parseByteSize(size);
  if (parsed === undefined) throw new RangeError(`${noByteSize(size)}.`);
  return parsed;
}

/** Says so of a value, with examples; without a full stop. */
export function noByteSize(value: unknown): string {
  return `${JSON.stringify(value)} is no size from 1 byte on: write e.g. '512B', '100KB' or '2MB'`;
}
