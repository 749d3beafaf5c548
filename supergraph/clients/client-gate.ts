// Owns which versions of a client are answered still: floors, sunsets, and what is said about both.
import type { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { compare, type SemVer } from 'semver';
import type { ClientDeclaration, ClientsDeclaration } from '../declaration/clients-declaration.ts';
import { type Client, parseVersion } from '../foundation/client-version.ts';
import type { Clock } from '../foundation/clock.ts';
import { clientError } from '../foundation/errors.ts';

/** What holds for a client. */
export interface Admission {
  /** Why it is not answered. */
  refusal?: GraphQLError;
  /** Headers that its answers carry. */
  headers: readonly (readonly [name: string, value: string])[];
}

export type ClientGate = (client: Client) => Admission;

interface Standing {
  /** Milliseconds since 1970 from when it is not answered; Infinity where there is no such time. */
  endsAt: number;
  refusal: GraphQLError;
  headers: Admission['headers'];
}

const mostRemembered = 1_000;
const open: Admission = Object.freeze({ headers: [] });

/** Clients of which nothing is declared are answered whatever they say. */
export function createClientGate(clients: ClientsDeclaration, clock: Pick<Clock, 'now'>): ClientGate {
  const known = new LRUCache<string, Standing>({ max: mostRemembered });
  return ({ name, version }) => {
    const declared = name !== undefined && Object.hasOwn(clients, name) ? clients[name] : undefined;
    if (declared === undefined) return open;
    const key = `${name} ${version}`;
    let standing = known.get(key);
    if (standing === undefined) {
      standing = standingOf(declared, parseVersion(version));
      known.set(key, standing);
    }
    const { endsAt, refusal, headers } = standing;
    return endsAt <= clock.now() ? { refusal, headers: [] } : { headers };
  };
}

function standingOf(declared: ClientDeclaration, version: SemVer | null): Standing {
  const { minimum, sunset = {}, store } = declared;
  const isBelow = (floor: string): boolean => {
    const least = parseVersion(floor);
    return least !== null && (version === null || compare(version, least) < 0);
  };
  const ends = Object.entries(sunset)
    .filter(([below]) => isBelow(below))
    .map(([, day]) => Date.parse(`${day}T00:00:00Z`));
  const isTooOld = minimum !== undefined && isBelow(minimum);
  const endsAt = isTooOld ? 0 : Math.min(...ends);
  return { endsAt, refusal: upgradeRequired(store), headers: sunsetHeaders(endsAt, store) };
}

function upgradeRequired(store: string | undefined): GraphQLError {
  const error = clientError('CLIENT_UPGRADE_REQUIRED');
  if (store !== undefined) error.extensions['store'] = store;
  return error;
}

/** RFC 8594. */
function sunsetHeaders(endsAt: number, store: string | undefined): Admission['headers'] {
  if (endsAt === Number.POSITIVE_INFINITY) return [];
  const headers: [string, string][] = [['sunset', new Date(endsAt).toUTCString()]];
  if (store !== undefined) headers.push(['link', `<${store}>; rel="sunset"`]);
  return headers;
}
