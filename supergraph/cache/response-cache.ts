// Owns whole answers that are kept: those whose parts all are, for as long as the first of these.
import type { AnswerTerms } from './answer-terms.ts';
import type { CacheCounts } from './cache-counts.ts';
import { anyOf } from './changes.ts';
import { horizonAt } from './horizon.ts';
import { bytesOf, type Kept } from './kept.ts';
import type { LevelOne } from './level-one.ts';
import type { Shelf } from './shelf.ts';

export interface ResponseCacheOptions {
  levelOne: LevelOne;
  counts: CacheCounts;
  /** Milliseconds since 1970. */
  now: () => number;
  /** See Shelves. */
  heardUntil: () => number;
}

export interface KeptAnswer<Answer> {
  answer: Answer;
  /** Milliseconds since it was put together. */
  age: number;
}

/** Larger ones are not worth their room. */
const longestAnswer = 2_000_000;

export class ResponseCache {
  readonly #options: ResponseCacheOptions;

  constructor(options: ResponseCacheOptions) {
    this.#options = options;
  }

  get now(): () => number {
    return this.#options.now;
  }

  /** The moment for `keep`; see LevelOne. */
  get moment(): number {
    return this.#options.levelOne.moment;
  }

  /** `key` is all that the answer can depend on. */
  find<Answer>(key: string): KeptAnswer<Answer> | undefined {
    const { levelOne, counts, now, heardUntil } = this.#options;
    const kept = levelOne.get(`answer\0${key}`);
    if (kept === undefined) return undefined;
    const at = now();
    if (kept.freshUntil <= at || kept.readAt <= horizonAt(at, heardUntil())) return undefined;
    counts.count(ofWholes, 'responses', 'hit');
    const { keptAt, answer } = kept.value as Stored<Answer>;
    return { answer, age: Math.max(0, at - keptAt) };
  }

  /**
   * Does nothing for an answer of which something may not be kept. `since` is the moment before it was begun; `bytes` is what
   * it holds beside its body.
   */
  keep(
    key: string,
    answer: { body: Buffer; name: string; bytes: number },
    terms: AnswerTerms,
    since: number,
  ): void {
    const { levelOne, counts, now } = this.#options;
    const { body, name, bytes } = answer;
    if (terms.isStale || terms.maxAge <= 0 || body.length > longestAnswer) return;
    const at = now();
    const { readAt, freshUntil } = terms;
    const marks = fewMarks(terms.marks());
    const kept: Kept = {
      ...{
        value: { answer, keptAt: at } satisfies Stored<unknown>,
        readAt,
        freshUntil,
        staleUntil: freshUntil,
        errorUntil: freshUntil,
      },
      shelf: shelfOf(name),
      bytes: bytesOf(0, marks.length) + 1_500 + body.length + bytes,
      marks,
      why: terms.why,
    };
    counts.count(ofWholes, 'responses', 'miss');
    levelOne.keep(`answer\0${key}`, kept, since);
  }
}

interface Stored<Answer> {
  answer: Answer;
  /** Milliseconds since 1970. */
  keptAt: number;
}

/** Names of operations are the clients' to choose: all are counted as one. */
const ofWholes = '(whole answers)';
/** An answer with more marks has those of types in place of those of entities: each costs when it is dropped. */
const mostMarks = 100;

function fewMarks(marks: readonly string[]): readonly string[] {
  if (marks.length <= mostMarks) return marks;
  const isKey = (mark: string) => mark.includes(':') && !mark.startsWith('#') && !mark.endsWith(':*');
  return [...new Set(marks.map((mark) => (isKey(mark) ? anyOf(mark.slice(0, mark.indexOf(':'))) : mark)))];
}

function shelfOf(operation: string): Shelf {
  const rule = {
    maxAge: 0,
    staleWhileRevalidate: 0,
    staleIfError: 0,
    absent: 0,
    scope: 'public',
    tags: [],
  } as const;
  return {
    ...{ number: -1, subgraph: '', of: operation, selection: '', hash: '', variables: [], marks: [] },
    rule: { ...rule, why: 'declared' },
  };
}
