// Owns how one subgraph calls another: signed, and where that one answers over HTTPS, only after a look at its certificate.
import { Agent, request } from 'undici';
import { environment } from '../environment.ts';
import { type SubgraphCall, signCall } from './sign-call.ts';
import { readCallTls } from './tls.ts';

interface CallOptions extends Pick<SubgraphCall, 'secret' | 'from' | 'to' | 'scopes'> {
  url: URL;
  /** Sent as JSON. */
  body: unknown;
  signal: AbortSignal;
}

/** What subgraphs say to each other is short. */
const mostBytes = 64 * 1024;

/**
 * Resolves with status and text of whatever answers; rejects as undici does, also where the answer has more than 64 KB, and
 * with an Error where a file of TLS cannot be used. Calls are rare: each has a connection of its own, made with what the
 * files hold then.
 */
export async function callSubgraph(options: CallOptions): Promise<{ status: number; text: string }> {
  const { secret, from, to, scopes, url, signal } = options;
  const body = JSON.stringify(options.body);
  const dispatcher = new Agent({
    connect: url.protocol === 'https:' ? await tlsOptions() : {},
    maxResponseSize: mostBytes,
  });
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'tributary-caller': signCall({ secret, from, to, scopes, body }),
      },
      body,
      signal,
      dispatcher,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } finally {
    await dispatcher.destroy();
  }
}

/**
 * Throws an Error with a sentence where the calls to these subgraphs could not be made as the environment says: a file of TLS
 * cannot be used, or in production a call would go without TLS where it is said how the called are known.
 */
export async function checkCalls(addresses: ReadonlyMap<string, URL>): Promise<void> {
  const { production, subgraphTls } = environment;
  const said = [subgraphTls.ca, subgraphTls.cert].find((file) => file?.namedBy.startsWith('SUBGRAPH_TLS_'));
  const plain = [...addresses].find(([, { protocol }]) => protocol === 'http:');
  if (production && said && plain) {
    throw new Error(
      `The subgraph "${plain[0]}" is at an address that starts with http://, and in production nothing less than https:// will do where ${said.namedBy} says how it is known.`,
    );
  }
  if ([...addresses.values()].some(({ protocol }) => protocol === 'https:')) await tlsOptions();
}

async function tlsOptions() {
  // Node has a variable that turns this off for a whole process.
  return { ...(await readCallTls(environment.subgraphTls)), rejectUnauthorized: true };
}
