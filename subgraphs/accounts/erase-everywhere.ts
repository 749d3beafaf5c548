// Owns that a person who is to be erased is erased in every domain, whichever of them are away, and for how long.
import type { FastifyBaseLogger } from 'fastify';
import type { Kysely } from 'kysely';
import { subgraphAddresses } from '../kit/calls/subgraph-addresses.ts';
import { erasePerson } from '../kit/personal-data/erase-person.ts';
import { askForErasure } from './ask-for-erasure.ts';
import type { Context } from './context.ts';
import type { AccountsTables } from './database.ts';
import { claimParts, type ErasurePart, partFailed, partIsDone } from './erasures.ts';
import { personalData } from './personal-data.ts';

type Database = Kysely<AccountsTables>;

/** The domain that is this one. */
export const HOME = 'accounts';

const BETWEEN_LOOKS_MS = 2_000;
const MOST_AT_ONCE = 20;
const CALL_MS = 5_000;

type Changed = Context['changed'];

interface EraseOptions {
  signal: AbortSignal;
  changed: Changed;
  log?: FastifyBaseLogger;
}

/**
 * Has the domains of these parts erase their person, all at once, and writes down what came of it. What cannot be written
 * down is done again when the part's lease ends.
 */
export async function eraseParts(
  db: Database,
  parts: readonly ErasurePart[],
  { signal, changed, log }: EraseOptions,
): Promise<void> {
  const addresses = await subgraphAddresses();
  await Promise.all(
    parts.map(async (part) => {
      const { erasureId: erasure, domain, tries, userId } = part;
      try {
        const problem = await problemOf(db, changed, {
          domain,
          userId,
          address: addresses.get(domain),
          signal,
        });
        if (problem === undefined) return await partIsDone(db, part);
        // Then it is we who gave up.
        if (isStopped(signal)) return undefined;
        log?.warn({ erasure, domain, tries, problem }, 'a person is not erased in a domain yet');
        return await partFailed(db, part, problem);
      } catch (error) {
        return log?.error(error);
      }
    }),
  );
}

async function problemOf(
  db: Database,
  changed: Changed,
  to: { domain: string; userId: string; address: URL | undefined; signal: AbortSignal },
): Promise<string | undefined> {
  if (to.domain !== HOME) return askForErasure(to);
  changed((await erasePerson(db, personalData, to.userId)).changed);
  return undefined;
}

function isStopped({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof DOMException && reason.name === 'TimeoutError');
}

/**
 * Looks every other second for domains that are to be asked, for as long as the process lives; any number of processes may
 * do so. `stop` gives up the calls that are under way.
 */
export function eraseEverywhere(
  db: Database,
  changed: Changed,
  log: FastifyBaseLogger,
): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();

  const look = async (): Promise<void> => {
    for (;;) {
      const parts = await claimParts(db, MOST_AT_ONCE);
      if (parts.length === 0) return;
      const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(CALL_MS)]);
      await eraseParts(db, parts, { signal, changed, log });
      if (parts.length < MOST_AT_ONCE || stopping.signal.aborted) return;
    }
  };
  const lookLater = (): void => {
    timer = setTimeout(() => {
      looking = look()
        .catch((error: unknown) => log.error(error))
        .then(() => {
          if (!stopping.signal.aborted) lookLater();
        });
    }, BETWEEN_LOOKS_MS).unref();
  };
  lookLater();
  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await looking;
    },
  };
}
