// Owns whole answers on the way of a request: what is kept of them, found before anything is run, and how they say how old they are.
import { type AnswerTerms, answerTerms, cacheControl, surrogateKeys } from '../cache/answer-terms.ts';
import type { Cache } from '../cache/create-cache.ts';
import type { ResponseCache as Keeps } from '../declaration/cache-declaration.ts';
import type { Client } from '../foundation/client-version.ts';
import { Freshness } from '../foundation/freshness.ts';
import type { Charge } from '../limits/rates/charge.ts';
import type { UseCounter } from '../usage/create-usage.ts';
import type { ReadRequest } from './answer-at-once.ts';
import type { GraphQLHttpRequest, HttpAnswer } from './handle-request.ts';
import type { ResolvedOperation } from './known-requests.ts';
import type { MakeKeepable } from './revalidate.ts';

/** Sent to whoever has changed something, and back by whoever wants to see it wherever they ask. */
export const writeHeader = 'tributary-write';
/** What a page on somebody else's site cannot send unasked: see Apollo Server's prevention of CSRF. */
const askedFor = ['apollo-require-preflight', 'x-apollo-operation-name'];
/** With these an answer says something about itself. */
const tellingHeaders = ['x-query-plan', 'x-deprecations', 'x-cache', 'x-cost'];

export interface KeptAnswersOptions {
  cache: Pick<Cache, 'responses' | 'tokens'>;
  keeps: Keeps;
  /** What the BFF is called. */
  name: string;
  makeKeepable: MakeKeepable;
  /** By which uses of an answer are counted that is kept. */
  counterOf: (operation: ResolvedOperation) => UseCounter;
  /** Names of headers on which an answer may depend beside `authorization`, in lower case. */
  readHeaders: readonly string[];
}

/** What is known of an answer when it is begun. */
export interface Begun {
  freshness: Freshness;
  /** The moment before; see LevelOne. */
  since: number;
  /** What ids stood for. */
  generation: number;
}

/** The document is not among it: that takes a hundred times the memory of its text. */
interface Keepable extends HttpAnswer {
  body: Buffer;
  name: string;
  /** About, beside the body. */
  bytes: number;
  used: UseCounter['used'];
  charge: Charge;
}

export interface FoundAnswer {
  answer: HttpAnswer;
  /** To be called with whoever gets it. */
  used: (client: Client) => void;
  /** What whoever gets it is counted for beside the request. */
  charge: Charge;
}

export interface RunAnswer {
  answer: HttpAnswer;
  resolved: ResolvedOperation | undefined;
  /** Whether no rule had to look at who asks. */
  isForAll: boolean;
  /** Whether it holds something that is meant for this one request, such as a cookie. */
  isPersonal: boolean;
  /** What was counted of it beside the request, where anything is. */
  charge?: Charge | undefined;
}

export class KeptAnswers {
  readonly #options: KeptAnswersOptions;
  /** How often the same ids have come to stand for other texts. */
  #generation = 0;

  constructor(options: KeptAnswersOptions) {
    this.#options = options;
  }

  /** What was kept so far is not found any more. */
  forget(): void {
    this.#generation += 1;
  }

  begin({ headers }: GraphQLHttpRequest): Begun {
    const { tokens, responses } = this.#options.cache;
    const token = headers[writeHeader];
    const terms = typeof token === 'string' ? tokens.read(token) : {};
    const freshness = new Freshness({ ...terms, now: responses.now });
    return { freshness, since: responses.moment, generation: this.#generation };
  }

  /**
   * The answer that is the same for everybody, or, with `identity`, for all who have that. Not for
   * whoever has just changed something elsewhere, or wants to be told how it comes about.
   */
  find(request: ReadRequest, identity = ''): FoundAnswer | undefined {
    const key = this.#keyOf(request, identity);
    const found = key === undefined ? undefined : this.#options.cache.responses.find<Keepable>(key);
    if (found === undefined) return undefined;
    const { used, charge, ...answer } = found.answer;
    const age = Math.floor(found.age / 1000);
    const headers: HttpAnswer['headers'] = [
      ...answer.headers,
      ['age', String(age)],
      ['cache-status', `${this.#options.name}; hit`],
    ];
    return { answer: { ...answer, headers, isKept: true }, used, charge };
  }

  /** Keeps it where it may be, and says how fresh it is. */
  end(
    request: GraphQLHttpRequest,
    { freshness, since, generation }: Begun,
    run: RunAnswer,
    identity?: string,
  ): HttpAnswer {
    const { answer, resolved, isForAll, isPersonal, charge = [] } = run;
    if (answer.isWhole !== true || resolved?.operation.operation !== 'query') return answer;
    const terms = answerTerms(freshness, isForAll && !isPersonal);
    // What was begun when ids stood for something else is not what they stand for now.
    const isCurrent = generation === this.#generation;
    // Nobody on the way keeps answers to POST.
    const isForCaches = request.method === 'GET' && isCurrent;
    const told: HttpAnswer = isForCaches ? { ...answer, ...wordsFor(terms) } : answer;
    const isMeant = (terms.isPublic || identity !== undefined) && isCurrent;
    const key = isMeant && !isPersonal ? this.#keyOf(request, terms.isPublic ? '' : identity) : undefined;
    if (key !== undefined && answer.body !== undefined) {
      const body = alone(answer.body);
      const finished = request.method === 'GET' ? this.#options.makeKeepable(told) : told;
      const { used, bytes } = this.#options.counterOf(resolved);
      const name = alone(resolved.operation.name?.value ?? '').toString();
      const headers = [...finished.headers];
      const held = bytes + bytesOfHeaders(headers) + 8 * charge.length;
      const keepable: Keepable = { ...finished, headers, body, name, used, bytes: held, charge };
      this.#options.cache.responses.keep(key, keepable, terms, since);
    }
    if (!terms.isStale) return told;
    const detail = terms.hasFailed ? 'stale-if-error' : 'stale-while-revalidate';
    const headers: HttpAnswer['headers'] = [
      ...told.headers,
      ['age', String(Math.floor(terms.age / 1000))],
      ['cache-status', `${this.#options.name}; hit; detail=${detail}`],
    ];
    return { ...told, headers };
  }

  /** For whoever has changed something now. */
  written(answer: HttpAnswer): HttpAnswer {
    return { ...answer, headers: [...answer.headers, [writeHeader, this.#options.cache.tokens.give()]] };
  }

  /** undefined for requests that are answered anew each time. */
  #keyOf({ method, search, json, headers }: ReadRequest, identity = ''): string | undefined {
    const { keeps, cache, readHeaders } = this.#options;
    if (keeps === 'never' || (identity !== '' && keeps !== 'viewer')) return undefined;
    if (tellingHeaders.some((name) => headers[name] !== undefined)) return undefined;
    const token = headers[writeHeader];
    if (typeof token === 'string' && cache.tokens.read(token).isReadThrough) return undefined;
    if (method !== 'GET' && (json?.parameters === undefined || !json.isRemembered)) return undefined;
    // A browser's own request without these is refused, in whoever's name it comes.
    const isAsked = askedFor.some((name) => Boolean(headers[name]));
    let key = `${this.#generation} ${isAsked} ${headers['content-type']} ${method === 'GET' ? search : json?.number}`;
    for (const name of readHeaders) {
      const value = headers[name];
      key += value === undefined ? '\0' : `\0:${value}`;
    }
    return `${key}\0${identity}`;
  }
}

/** Not a piece of something larger, which would be kept with it. */
function alone(text: string | Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  if (typeof text === 'string') copy.write(text);
  else text.copy(copy);
  return copy;
}

function bytesOfHeaders(headers: readonly (readonly [name: string, value: string])[]): number {
  return headers.reduce((sum, [, value]) => sum + 100 + value.length, 0);
}

function wordsFor(terms: AnswerTerms): Pick<HttpAnswer, 'keeping'> {
  const control = cacheControl(terms);
  return control === undefined ? {} : { keeping: { control, keys: surrogateKeys(terms) } };
}
