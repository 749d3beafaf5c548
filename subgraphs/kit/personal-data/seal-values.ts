// Owns the text that stands in a sealed column: `sealed.1.<key id>.<base64url of IV, ciphertext and tag>`.
import { decrypt, encrypt } from './aes-gcm.ts';

/** What all sealed values of this form begin with, whatever key they are sealed with. */
export const sealedPrefix = 'sealed.1.';

export interface DataKey {
  /** Hexadecimal digits. */
  id: string;
  /** 32 bytes. */
  bytes: Buffer;
}

export interface ValueSealer {
  /** What the column keeps in place of the text; another one each time. */
  seal: (column: string, text: string) => string;
  /** Throws an Error without any of the value where it was not sealed for this very column with one of our keys. */
  open: (column: string, sealed: string) => string;
  /** How values that were sealed with our keys begin, one for each key. */
  prefixes: readonly string[];
}

/** The first key seals; all of them open. A value is good in the column of its name alone, within this service. */
export function valueSealer(service: string, keys: readonly [DataKey, ...DataKey[]]): ValueSealer {
  const [current] = keys;
  const byId = new Map(keys.map(({ id, bytes }) => [id, bytes]));
  const prefixOf = (id: string) => `${sealedPrefix}${id}.`;
  return {
    seal: (column, text) => `${prefixOf(current.id)}${encrypt(current.bytes, text, `${service}.${column}`)}`,
    open(column, sealed) {
      const [, id = '', encrypted = ''] = /^sealed\.1\.([0-9a-f]+)\.([\w-]+)$/.exec(sealed) ?? [];
      const key = byId.get(id);
      const plain = key && decrypt(key, encrypted, `${service}.${column}`);
      if (plain) return plain.toString('utf8');
      throw new Error(
        `A value of ${service}'s column ${column} cannot be opened: it was changed, moved there from another column, or its data key is gone.`,
      );
    },
    prefixes: keys.map(({ id }) => prefixOf(id)),
  };
}
