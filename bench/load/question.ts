// Owns what is asked of a gateway, again and again: one request but for who asks.

export interface Question {
  method: 'POST' | 'GET';
  /** What stands behind the endpoint's path, with its question mark; empty with POST. */
  search: string;
  /** JSON; empty with GET. */
  body: string;
}

/** What each request has beside a token. A GET says by the last that no other site's page has sent it. */
export function headersOf({ method }: Question): Record<string, string> {
  return {
    accept: 'application/json',
    ...(method === 'POST' ? { 'content-type': 'application/json' } : { 'apollo-require-preflight': '1' }),
  };
}
