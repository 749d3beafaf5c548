// Owns knowing the sentences in which graphql-js, and what is written after it, speaks of the schema that it runs.

const quoted = `["'][^"']*["']`;

/** How they begin, each where a message begins or after what it says of a variable's value. */
const sentences = [
  `Value ["'][\\s\\S]*["'] does not exist in ${quoted} enum`,
  `Enum ${quoted} cannot represent `,
  `Expected (?:a )?value of type [\\s\\S]*(?: but got| but received|Did you mean)`,
  // What a custom scalar says itself stands behind a semicolon; one within the value that was given is none.
  `Expected value of type ${quoted}, found (?:"(?:[^"\\\\]|\\\\.)*"|[^;"])*$`,
  `Expected type [\\s\\S]*(?: to be an object|[Dd]id you mean)`,
  'Expected non-nullable type ',
  'Expected Iterable, but did not find one for field ',
  `Fields? ${quoted} (?:of |is not defined by |argument |conflict |must not have a selection|must be non-null)`,
  `Variable ["']\\$\\w+["'] (?:of |expected |cannot |must |is not defined|is never used|has invalid value)`,
  `Argument ${quoted} (?:of |has invalid value)`,
  `Cannot query field ["']`,
  `Unknown (?:argument|type|fragment|directive|variable) ["'@]`,
  `Fragment (?:${quoted} )?cannot `,
  `(?:Abstract|Runtime Object) type ["']`,
  'Cannot return null for non-nullable ',
  'OneOf Input Object |Exactly one key must be specified',
  'Schema is not configured ',
];

const pattern = new RegExp(`(?:^|; )(?:${sentences.join('|')})`);

/**
 * Whether a message is such a sentence. They name fields, types and values, or suggest them, of which a contract may hide
 * some; what custom scalars say of a value is not among them. The message should not be long.
 */
export function speaksOfSchema(message: string): boolean {
  return pattern.test(message);
}
