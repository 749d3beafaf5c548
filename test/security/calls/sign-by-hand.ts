// Makes calls as an attacker would who has got hold of a key, or believes to need none.
import { createHmac, hkdfSync } from 'node:crypto';

/** Puts another head on a signed call, changes what it says, and signs it for the subgraph `library`. */
export function createSigner(head: object, secret: string) {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'tributary caller library', 32));
  return (call: string, changes: object = {}): string => {
    const [, claims = ''] = call.split('.');
    const said = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...changes };
    const signed = [head, said]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = secret === '' ? '' : createHmac('sha256', key).update(signed).digest('base64url');
    return `${signed}.${signature}`;
  };
}
