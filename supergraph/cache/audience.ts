// Owns for whom something is kept: what stands in the keys of those who may have it, and in nobody else's.
import { createHash } from 'node:crypto';
import type { CacheScope } from '../declaration/cache-declaration.ts';
import { anonymous, type Viewer } from '../foundation/viewer.ts';
import type { RequestContext } from '../transport/subgraph-client.ts';

/** Of a token: another one of the same person has others. */
const ofTheToken = new Set(['iat', 'exp', 'nbf', 'jti']);

/** What of a request's keys depends on who asks; each part is found out once. */
export class Audience {
  readonly #context: RequestContext;
  readonly #forwarded: readonly string[];
  readonly #known = new Map<string, string | undefined>();
  #headers: string | undefined;

  /** `forwarded` are names of the client's headers that subgraphs get, without `authorization`, in lower case and in order. */
  constructor(context: RequestContext, forwarded: readonly string[]) {
    this.#context = context;
    this.#forwarded = forwarded;
  }

  /** undefined where nothing is kept for whoever asks. */
  of(scope: CacheScope): string | undefined {
    const name = typeof scope === 'string' ? scope : `claim ${scope.claim}`;
    if (!this.#known.has(name)) this.#known.set(name, this.#find(scope));
    return this.#known.get(name);
  }

  #find(scope: CacheScope): string | undefined {
    const { viewer = anonymous } = this.#context;
    if (scope === 'public') return this.#ofHeaders();
    if (scope === 'viewer') return `${this.#ofHeaders()}viewer ${hashOf(this.#identity(viewer))}`;
    const { claim } = scope;
    const value = Object.hasOwn(viewer.claims, claim) ? viewer.claims[claim] : undefined;
    // What one issuer says by it another need not mean. Whoever does not have it has nothing in common with others who do not.
    if (value === undefined || value === null) return undefined;
    return `${this.#ofHeaders()}claim ${hashOf([viewer.claims['iss'] ?? null, claim, value])}`;
  }

  /** A subgraph may make of a header what it likes. */
  #ofHeaders(): string {
    if (this.#headers !== undefined) return this.#headers;
    // With their names: another BFF hands on others, and what a subgraph hears decides.
    const given = this.#forwarded.flatMap((name) => {
      const value = this.#context.headers[name];
      return value === undefined ? [] : [[name, value]];
    });
    this.#headers = given.length === 0 ? '' : `${JSON.stringify(given)} `;
    return this.#headers;
  }

  #identity({ id, roles, scopes, claims }: Viewer): unknown {
    // Without an identity that is known it is the token itself that tells people apart.
    if (id === null) return this.#context.headers.authorization ?? null;
    const lasting = Object.entries(claims).filter(([name]) => !ofTheToken.has(name));
    return [id, [...roles].sort(), [...scopes].sort(), Object.fromEntries(lasting.sort())];
  }
}

/** Of objects with equal members in another order there may be another one, which costs a look. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
