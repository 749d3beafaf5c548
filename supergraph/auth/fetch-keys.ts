// Owns fetching an issuer's keys within bounds: a provider that is slow, endless or hostile costs no more than these.
import { type Dispatcher, request } from 'undici';
import { type KeyAddressRules, objectionToKeyAddress } from './key-address.ts';
import { readKeySet, type VerificationKey } from './verification-key.ts';

export interface KeySource {
  issuer: string;
  /** Address of the keys; without it discovery tells it. */
  jwks: string | undefined;
  addresses: KeyAddressRules;
  dispatcher: Dispatcher;
}

/** Milliseconds for all of it, discovery included. */
const patience = 2_000;
const mostBytes = 256 * 1024;

/** At least one key; `before` are those of the last time. Rejects with an Error that says what was wrong, for the log. */
export async function fetchKeys(
  source: KeySource,
  before: readonly VerificationKey[],
): Promise<VerificationKey[]> {
  const signal = AbortSignal.timeout(patience);
  const address = source.jwks ?? (await discoverKeys(source, signal));
  try {
    const keys = readKeySet(await fetchJson(address, source.dispatcher, signal), before);
    if (keys.length > 0) return keys;
    throw new Error('None of its keys is a public key that can check tokens.');
  } catch (error) {
    throw new Error(`${address}: ${sentence(error)}`);
  }
}

/** Where an OpenID Connect provider says that its keys are. */
async function discoverKeys(
  { issuer, addresses, dispatcher }: KeySource,
  signal: AbortSignal,
): Promise<string> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const found = (await fetchJson(address, dispatcher, signal)) as {
      issuer?: unknown;
      jwks_uri?: unknown;
    } | null;
    // Otherwise a provider could speak for another.
    if (found?.issuer !== issuer) throw new Error(`It speaks for another issuer than "${issuer}".`);
    if (typeof found.jwks_uri !== 'string') throw new Error('It names no jwks_uri.');
    const objection = objectionToKeyAddress(found.jwks_uri, addresses);
    if (objection !== undefined) throw new Error(`Its jwks_uri cannot be used: ${objection}`);
    return found.jwks_uri;
  } catch (error) {
    throw new Error(`${address}: ${sentence(error)}`);
  }
}

async function fetchJson(address: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<unknown> {
  const { statusCode, body } = await request(address, {
    dispatcher,
    signal,
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  });
  // One that is given up before its end tells so, to nobody.
  body.on('error', () => {});
  // A redirect is no answer: it could lead to an address that was never allowed.
  if (statusCode !== 200) {
    body.destroy();
    throw new Error(`It answers with status ${statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new Error(`It is larger than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `It took longer than ${patience} ms.`;
  // The parser's words quote the document.
  return error instanceof SyntaxError ? 'It is no JSON.' : error.message;
}
