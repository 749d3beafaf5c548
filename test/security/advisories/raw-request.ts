// Owns sending a request as it stands: fetch would refuse or mend much of what these tests send.
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawRequest {
  method?: string;
  /** As it stands in the first line. */
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export function sendRaw(
  origin: string,
  { method = 'POST', path = '/graphql', headers = {}, body }: RawRequest,
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, timeout: 20_000 }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
