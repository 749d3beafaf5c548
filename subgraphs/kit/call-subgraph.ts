// Owns how one subgraph calls another: signed, and where that one answers over HTTPS, only after a look at its certificate.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { environment } from './environment.ts';
import { type SubgraphCall, signCall } from './sign-call.ts';

interface CallOptions extends Pick<SubgraphCall, 'secret' | 'from' | 'to' | 'scopes'> {
  url: URL;
  /** Sent as JSON. */
  body: unknown;
  signal: AbortSignal;
}

/**
 * Resolves with status and text of whatever answers; rejects as undici does, and with an Error where a file of TLS cannot
 * be read. Calls are rare: each has a connection of its own, made with what the files hold then.
 */
export async function callSubgraph(options: CallOptions): Promise<{ status: number; text: string }> {
  const { secret, from, to, scopes, url, signal } = options;
  const body = JSON.stringify(options.body);
  const dispatcher = new Agent({ connect: url.protocol === 'https:' ? await tlsOptions() : {} });
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

async function tlsOptions() {
  const { ca, cert, key } = environment.subgraphTls;
  return {
    // Node has a variable that turns this off for a whole process.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ...(ca !== undefined && { ca: await readFile(ca, 'utf8') }),
    ...(cert !== undefined && { cert: await readFile(cert, 'utf8') }),
    ...(key !== undefined && { key: await readFile(key, 'utf8') }),
  };
}
