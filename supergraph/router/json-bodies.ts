// Owns the JSON bodies of requests: read once, however often the same text comes.

import { LRUCache } from 'lru-cache';
import { isRecord } from '../foundation/is-record.ts';

/** What a plain request says of what it wants run. */
export interface BodyParameters {
  /** Equal for equal operations, whatever the variables. */
  key: string;
  /** Coerced by nobody yet. */
  variables: Readonly<Record<string, unknown>>;
}

export class JsonBody {
  /** Another for each text, and the same for the same text as long as it is remembered. */
  readonly number: number;
  /** undefined for what only Apollo Server can make something of. Not to be changed: all requests with this text have it. */
  readonly parameters: BodyParameters | undefined;
  /** Whether the same text is known to be the same when it comes again. */
  readonly isRemembered: boolean;
  /** Of an array of requests; undefined for a single one. */
  readonly length: number | undefined;
  private readonly text: string;
  private readonly bodies: JsonBodies;

  constructor(number: number, text: string, value: unknown, bodies: JsonBodies) {
    this.number = number;
    this.text = text;
    this.bodies = bodies;
    this.isRemembered = text.length <= longestBody;
    this.parameters = readParameters(value);
    this.length = Array.isArray(value) ? value.length : undefined;
  }

  /** The requests of an array, each as if it had come alone; undefined when they cannot be taken apart. */
  items(): JsonBody[] | undefined {
    const values = this.read();
    if (!Array.isArray(values)) return undefined;
    try {
      return values.map((value) => this.bodies.of(JSON.stringify(value), value));
    } catch (error) {
      // Reading has no bound of depth, and writing has that of the stack.
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** What the text says, for one who may change it. */
  read(): unknown {
    const isMarked = this.text.charCodeAt(0) === byteOrderMark;
    return JSON.parse(isMarked ? this.text.slice(1) : this.text);
  }
}

const byteOrderMark = 0xfeff;
const mostBodies = 1_000;
const mostCharacters = 2_000_000;
/** A longer one holds much that is its own, and would drive out many others. */
const longestBody = 20_000;

export class JsonBodies {
  private readonly known = new LRUCache<string, JsonBody>({
    max: mostBodies,
    maxSize: mostCharacters,
    sizeCalculation: (_, text) => text.length + 1,
  });
  private count = 0;

  find(text: string): JsonBody | undefined {
    return text.length > longestBody ? undefined : this.known.get(text);
  }

  of(text: string, value: unknown): JsonBody {
    return this.find(text) ?? this.add(text, value);
  }

  /** A body that was not known; `value` is its text, parsed. */
  add(text: string, value: unknown): JsonBody {
    const body = new JsonBody(this.count++, text, value, this);
    if (text.length <= longestBody) this.known.set(text, body);
    return body;
  }
}

function readParameters(value: unknown): BodyParameters | undefined {
  if (!isRecord(value)) return undefined;
  const { query = '', operationName = null, variables = null, extensions = null } = value;
  if (typeof query !== 'string' || !(operationName === null || typeof operationName === 'string')) {
    return undefined;
  }
  if (variables !== null && !isRecord(variables)) return undefined;
  if (extensions !== null && !isRecord(extensions)) return undefined;
  const hash = persistedHash(extensions?.['persistedQuery'] ?? null);
  if (hash === undefined) return undefined;
  // JSON writes this character otherwise, and nothing stands behind the text.
  return { key: `${JSON.stringify([operationName, hash])}\0${query}`, variables: variables ?? {} };
}

/** null without one; undefined for what is none. */
function persistedHash(persisted: unknown): string | null | undefined {
  if (persisted === null) return null;
  if (!isRecord(persisted) || persisted['version'] !== 1) return undefined;
  const hash = persisted['sha256Hash'];
  return typeof hash === 'string' ? hash : undefined;
}
