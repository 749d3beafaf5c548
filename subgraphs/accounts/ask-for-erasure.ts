// Owns the call that has another domain erase a person.
import { callSubgraph } from '../kit/calls/call-subgraph.ts';
import { environment } from '../kit/environment.ts';
import { erasureScope } from '../kit/personal-data/erasures-route.ts';

/** undici's word for an answer that has more bytes than it may. */
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/**
 * Resolves with undefined when the domain says that it has erased the person, and else with a sentence that says why it is
 * not so; nothing of the person and nothing of what the domain says is in it.
 */
export async function askForErasure({
  domain,
  userId,
  address,
  signal,
}: {
  domain: string;
  userId: string;
  /** Of its GraphQL endpoint. */
  address: URL | undefined;
  signal: AbortSignal;
}): Promise<string | undefined> {
  const secret = environment.callerSecret;
  if (secret === undefined) return 'CALLER_SECRET is not given, so that no domain would believe the call';
  if (address === undefined) return 'there is no such domain any more';
  try {
    const { status, text } = await callSubgraph({
      secret,
      from: 'accounts',
      to: domain,
      scopes: [erasureScope],
      url: new URL('erasures', address),
      body: { userId },
      signal,
    });
    if (status !== 200) return `it answers with status ${status}`;
    // Whoever else answers there has erased nobody.
    return hasErased(JSON.parse(text)) ? undefined : 'it does not say what it has erased';
  } catch (error) {
    if (signal.aborted) return 'it does not answer in time';
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    return code === undefined || code === TOO_LONG
      ? 'it does not answer as it should'
      : `it cannot be reached (${code})`;
  }
}

function hasErased(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('erased' in answer)) return false;
  return typeof answer.erased === 'object' && answer.erased !== null;
}
