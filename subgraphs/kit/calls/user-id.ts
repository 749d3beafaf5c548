// Owns which texts can be the id of somebody who calls.

const longest = 200;

/** Control characters and halves of surrogate pairs are refused: databases and logs would make one id of several. */
export function isUserId(value: unknown): value is string {
  return (
    typeof value === 'string' && value !== '' && value.length <= longest && !/[\p{Cc}\p{Cs}]/u.test(value)
  );
}
