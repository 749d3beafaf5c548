// Owns the user errors of accounts and the checks of plain text that produce most of them.

export type AccountErrorCode =
  | 'EMAIL_TAKEN'
  | 'PASSWORD_TOO_WEAK'
  | 'WRONG_CREDENTIALS'
  | 'TOO_MANY_TRIES'
  | 'SESSION_ENDED'
  | 'INVALID_TEXT'
  | 'INVALID_POSTAL_CODE'
  | 'TOO_MANY_ADDRESSES'
  | 'NOT_FOUND';

export interface AccountError {
  code: AccountErrorCode;
  message: string;
  field: string[] | null;
  /** Only with TOO_MANY_TRIES. */
  retryAt?: Date;
}

/** `path` is the place in the arguments, e.g. `input.name`. */
export function accountError(code: AccountErrorCode, message: string, path?: string): AccountError {
  return { code, message, field: path?.split('.') ?? null };
}

/** Complaints about the fields of `input` named in `limits`, each 1 to that many characters on one line; nulls are left out. */
export function textErrors<Field extends string>(
  input: { readonly [Name in NoInfer<Field>]?: string | null | undefined },
  limits: Readonly<Record<Field, number>>,
): AccountError[] {
  const fields = Object.entries(limits) as [Field, number][];
  return fields.flatMap(([field, most]) => {
    const text = input[field];
    if (text == null || isLine(text.trim(), most)) return [];
    return [
      accountError('INVALID_TEXT', `This must be 1 to ${most} characters on one line.`, `input.${field}`),
    ];
  });
}

/** Control characters are refused, among them the zero that PostgreSQL cannot store. */
function isLine(text: string, most: number): boolean {
  const length = [...text].length;
  return length >= 1 && length <= most && !/\p{Cc}/u.test(text);
}
