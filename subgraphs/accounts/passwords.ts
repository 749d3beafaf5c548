// Owns how passwords are judged, hashed and compared; whose they are is sign-up.ts' and sign-in.ts'.
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** As scrypt has it: memory and time, block size, how often it is done. */
export interface PasswordCost {
  N: number;
  r: number;
  p: number;
}

/** OWASP's choice for 16 MB a hash; about an eighth of a second. */
const strongCost: PasswordCost = { N: 16_384, r: 8, p: 5 };
const keyBytes = 32;

export interface Passwords {
  /** `scrypt$N$r$p$salt$key`, so that a later, higher cost leaves older hashes readable. */
  hash: (password: string, salt?: Buffer) => Promise<string>;
  /** Whether the password belongs to the hash. Without a hash it is false after the same work. */
  verify: (password: string, hash: string | undefined) => Promise<boolean>;
}

/** Of at least 10 characters, in lower case: shorter ones are refused anyway. */
const bestKnown = new Set(
  `0123456789 0987654321 0000000000 1111111111 1112223333 1122334455 1234567890 12345678910 123456789a 123123123123
  1q2w3e4r5t 1qaz2wsx3edc a123456789 abc1234567 abcd123456 abcdefghij administrator adminadmin asdfghjkl1 baseball123
  basketball changeme123 charlie123 christopher dragon1234 football123 iloveyou12 iloveyou123 letmein123 liverpool1
  manchester michael123 michelle123 minecraft1 mynoob1234 password12 password123 password1234 password12345
  password123456 passwordpassword princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcrfv qwerty1234 qwerty12345
  qwerty123456 qwertyuiop qwertyuiop1 spiderman1 starwars123 sunshine123 superman123 trustno1234 welcome123
  welcome1234 zxcvbnm123`.split(/\s+/),
);

/** What is wrong with a new password; undefined when nothing is. */
export function weaknessOf(password: string): string | undefined {
  const length = [...password].length;
  if (length < 10) return 'A password needs at least 10 characters.';
  if (length > 200) return 'A password has at most 200 characters.';
  if (bestKnown.has(password.toLowerCase())) return 'This is one of the passwords everybody tries first.';
  return undefined;
}

/** What new passwords are hashed with; another cost than the usual one is for those who know why. */
export function makePasswords(cost: PasswordCost = strongCost): Passwords {
  const { N, r, p } = cost;
  const nobodysHash = `scrypt$${N}$${r}$${p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
  return {
    async hash(password, salt = randomBytes(16)) {
      const key = await derive(normalised(password), salt, keyBytes, { N, r, p });
      return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
    },
    async verify(password, hash) {
      const [, N, r, p, salt = '', key = ''] = (hash ?? nobodysHash).split('$');
      const expected = Buffer.from(key, 'base64url');
      const options = { N: Number(N), r: Number(r), p: Number(p) };
      const given = await derive(
        normalised(password),
        Buffer.from(salt, 'base64url'),
        expected.length,
        options,
      );
      return hash !== undefined && timingSafeEqual(given, expected);
    },
  };
}

/** One keyboard sends é as one character, the other as two. */
function normalised(password: string): string {
  return password.normalize('NFKC');
}
