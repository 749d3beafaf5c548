// Owns the way in for erasure: `POST /erasures`, for who was given the right to it by a signature.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import type { CallRules } from '../calls/call-reader.ts';
import { signedCallReader } from '../calls/signed-caller.ts';
import type { ChangePublisher } from '../changes/publish-changes.ts';
import type { PersonalData } from './define-personal-data.ts';
import { erasePerson } from './erase-person.ts';

/** The scope of a call that may erase people. No person's token has it. */
export const erasureScope = 'people:erase';

const idCharacters = 200;

export interface ErasuresRoute {
  db: Kysely<unknown>;
  subgraph: string;
  personalData: PersonalData;
  rules: CallRules;
  publisher: ChangePublisher;
}

/**
 * Takes `{"userId": "…"}` and answers `{"erased": {"table": rows}}`. Calls must be signed, in development too: 401 otherwise,
 * and 400 for another body. Needs `text` on requests.
 */
export function addErasures(http: FastifyInstance, route: ErasuresRoute): void {
  const { db, subgraph, personalData, rules, publisher } = route;
  const mayErase = erasureJudge(subgraph, rules);
  http.post('/erasures', async (request, reply) => {
    if (!mayErase(request))
      return reply.code(401).send(refusal('UNAUTHENTICATED', 'This call may erase nobody.'));
    const userId = userIdIn(request.body);
    if (userId === undefined) {
      return reply.code(400).send(refusal('BAD_REQUEST', 'The body must be {"userId": "…"}.'));
    }
    const { erased, changed } = await erasePerson(db, personalData, userId);
    await publisher.publish(changed);
    return { erased };
  });
}

function erasureJudge(subgraph: string, { callerSecret }: CallRules): (request: FastifyRequest) => boolean {
  if (callerSecret === undefined) return () => false;
  const readSigned = signedCallReader(callerSecret, subgraph);
  return ({ headers, text }) => {
    const signed = headers['tributary-caller'];
    if (typeof signed !== 'string') return false;
    try {
      const { caller } = readSigned(signed, text);
      // A signature with a viewer is a router's, for what that viewer asks.
      return caller.userId === null && caller.scopes.has(erasureScope);
    } catch {
      return false;
    }
  };
}

function userIdIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('userId' in body)) return undefined;
  const { userId } = body;
  const isId = typeof userId === 'string' && userId !== '' && userId.length <= idCharacters;
  return isId && !userId.includes('\0') ? userId : undefined;
}

function refusal(code: string, message: string) {
  return { errors: [{ message, extensions: { code } }] };
}
