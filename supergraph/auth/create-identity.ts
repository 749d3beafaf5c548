// Owns what tells a router who asks: its issuers, their keys, and the tokens it has seen.
import type { Dispatcher } from 'undici';
import type { IdentityDeclaration } from '../declaration/identity-declaration.ts';
import type { Clock } from '../foundation/clock.ts';
import { anonymous } from '../foundation/viewer.ts';
import { type Authenticate, createAuthenticate } from './authenticate.ts';
import { fetchKeys } from './fetch-keys.ts';
import type { KeyAddressRules } from './key-address.ts';
import { KeySet } from './key-set.ts';

export interface Identity {
  authenticate: Authenticate;
  /** Fetches no more keys. */
  stop: () => void;
}

export interface IdentityOptions {
  /** Without it no token is read, and every viewer is anonymous. */
  identity: IdentityDeclaration | undefined;
  addresses: KeyAddressRules;
  dispatcher: Dispatcher;
  clock: Clock;
  log: { info: (message: string) => void; warn: (message: string) => void };
}

/** Where everything starts at once, the provider may be the last to be there: this is some seconds. */
const earlyFailures = 3;

/** Keys are fetched from now on; nobody waits for them. */
export function createIdentity({ identity, addresses, dispatcher, clock, log }: IdentityOptions): Identity {
  if (identity === undefined) return { authenticate: () => anonymous, stop() {} };
  const keySets = new Map(
    identity.issuers.map(({ issuer, jwks }) => {
      const source = { issuer, jwks, addresses, dispatcher };
      const keys = new KeySet({
        fetch: (before) => fetchKeys(source, before),
        clock,
        failed(error, kept, failures) {
          const isEarly = kept === 0 && failures <= earlyFailures;
          log[isEarly ? 'info' : 'warn'](failure(issuer, error, kept));
        },
      });
      return [issuer, keys];
    }),
  );
  return {
    authenticate: createAuthenticate({ identity, keySets, clock }),
    stop() {
      for (const keys of keySets.values()) keys.stop();
    },
  };
}

function failure(issuer: string, error: unknown, kept: number): string {
  const then = kept > 0 ? 'those of the last time go on being used' : 'no token can be checked';
  const why = error instanceof Error ? error.message : String(error);
  return `The keys of the issuer "${issuer}" could not be fetched, ${then}. ${why}`;
}
