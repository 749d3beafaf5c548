// Owns usage as a router counts it: a step of each request, a file from time to time, metrics when they are asked for.
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, print } from 'graphql';
import type { Client } from '../foundation/client-version.ts';
import { type Duration, milliseconds } from '../foundation/duration.ts';
import { operationCoordinates } from './operation-coordinates.ts';
import { dayOf } from './usage-file.ts';
import { usageMetrics } from './usage-metrics.ts';
import { type CountedOperation, type OperationUse, UsageTable } from './usage-table.ts';
import { pruneUsage, putFile, usageFile } from './write-usage.ts';

export interface UsedOperation {
  name: string | undefined;
  /** Valid in the schema. */
  document: DocumentNode;
  operation: OperationDefinitionNode;
  schema: GraphQLSchema;
}

export interface Usage {
  /** Counts one request. It throws nothing: who cannot be counted is answered all the same. */
  used: (client: Client, operation: UsedOperation) => void;
  /** For whoever keeps no documents. Throws nothing either. */
  counterOf: (operation: UsedOperation) => UseCounter;
  /** Prometheus' text format. */
  text: () => string;
  /** Writes what is not written yet; a failure is logged, and what it was about is written the next time. */
  flush: () => Promise<void>;
  /** Writes for the last time. */
  stop: () => Promise<void>;
}

/** Counts requests for one operation, and holds nothing of its document. */
export interface UseCounter {
  used: (client: Client) => void;
  /** About how many bytes it holds. */
  bytes: number;
}

export interface UsageOptions {
  bff: string;
  /** Files go to a folder of the BFF's name in there; without it usage is counted in memory alone. */
  folder?: string | undefined;
  log: UsageLog;
  now?: () => number;
  /** How often files are written; '1m' unless told. */
  every?: Duration;
  /** Days after which a file is taken away; 90 unless told. */
  days?: number;
  /** How many clients, versions and operations together are told apart; 10,000 unless told. */
  rows?: number;
  /** How many operations are told apart; 1,000 unless told. */
  operations?: number;
}

export interface UsageLog {
  warn: (details: object, message: string) => void;
}

interface Understood {
  schema: GraphQLSchema;
  counted: CountedOperation;
  use: OperationUse;
}

const aDay = 86_400_000;
/** Days that may wait for a disk that is full. */
const mostWaiting = 3;

export function createUsage(options: UsageOptions): Usage {
  const { bff, folder, log, now = Date.now, every = '1m', days = 90 } = options;
  const own = folder === undefined ? undefined : join(folder, bff);
  const processId = randomUUID();
  const table = new UsageTable({ rows: options.rows ?? 10_000, operations: options.operations ?? 1000 });
  const understood = new WeakMap<OperationDefinitionNode, Understood>();
  /** Content by path, of days that are over. */
  const waiting = new Map<string, string>();
  let endOfDay = startOfDay(now()) + aDay;
  let prunedOn = '';
  let isWritten = true;
  let writing = Promise.resolve();

  const pathOf = (parent: string, day: string) => join(parent, `${day}-${processId}.json`);

  function endDay(time: number): void {
    const day = dayOf(endOfDay - aDay);
    endOfDay = startOfDay(time) + aDay;
    if (own !== undefined && !isWritten) {
      waiting.set(pathOf(own, day), JSON.stringify(usageFile(table, bff, day)));
      const [oldest = ''] = waiting.keys();
      if (waiting.size > mostWaiting && waiting.delete(oldest)) {
        log.warn({ file: oldest }, 'usage of a day is lost: it could not be written');
      }
    }
    isWritten = true;
    table.empty();
  }

  function understand({ name, document, operation, schema }: UsedOperation): Understood {
    const known = understood.get(operation);
    if (known?.schema === schema) return known;
    const counted = countedOperation(name, document, operation, schema);
    const made = { schema, counted, use: table.use(counted) };
    understood.set(operation, made);
    return made;
  }

  function count(client: Client, find: () => Understood): void {
    try {
      const time = now();
      if (time >= endOfDay) endDay(time);
      const known = find();
      if (known.use.gone) known.use = table.use(known.counted);
      table.add(known.use, client, time);
      isWritten = false;
    } catch (err) {
      log.warn({ err }, 'usage cannot be counted');
    }
  }

  async function write(): Promise<void> {
    if (own === undefined) return;
    const time = now();
    if (time >= endOfDay) endDay(time);
    await prune(own, time);
    for (const [path, content] of waiting) {
      await putFile(path, content);
      waiting.delete(path);
    }
    if (isWritten) return;
    const day = dayOf(endOfDay - aDay);
    // What is counted meanwhile is written the next time.
    isWritten = true;
    try {
      await putFile(pathOf(own, day), JSON.stringify(usageFile(table, bff, day)));
    } catch (error) {
      isWritten = false;
      throw error;
    }
  }

  async function prune(parent: string, time: number): Promise<void> {
    if (prunedOn === dayOf(time)) return;
    prunedOn = dayOf(time);
    await pruneUsage(parent, time - days * aDay).catch((err: unknown) =>
      log.warn({ err }, 'old usage cannot be taken away'),
    );
  }

  function flush(): Promise<void> {
    writing = writing.then(write).catch((err: unknown) => log.warn({ err }, 'usage cannot be written'));
    return writing;
  }

  if (own !== undefined) writing = prune(own, now());
  const timer = own === undefined ? undefined : setInterval(() => void flush(), milliseconds(every));
  timer?.unref();
  return {
    used: (client, operation) => count(client, () => understand(operation)),
    counterOf(operation) {
      try {
        const known = understand(operation);
        const { named, possible, deprecated } = known.counted;
        const bytes = 500 + (named.length + possible.length + deprecated.length) * 60;
        const find = () => known;
        return { used: (client) => count(client, find), bytes };
      } catch (err) {
        log.warn({ err }, 'usage cannot be counted');
        return { used: () => {}, bytes: 0 };
      }
    },
    text: () => usageMetrics(table, bff),
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}

function countedOperation(
  name: string | undefined,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GraphQLSchema,
): CountedOperation {
  const { named, possible } = operationCoordinates(schema, document, operation);
  const text = document.loc?.source.body ?? print(document);
  const id = createHash('sha256').update(text).digest('hex');
  // Copied, because a piece of a text keeps all of that text in memory.
  const short = name === undefined ? undefined : Buffer.from(name.slice(0, 100)).toString();
  return {
    key: `${id} ${short ?? ''}`,
    id,
    name: short,
    named: [...named.keys()],
    possible: [...possible.keys()],
    deprecated: [...named].flatMap(([coordinate, reason]) => (reason === undefined ? [] : coordinate)),
  };
}

function startOfDay(time: number): number {
  return time - (time % aDay);
}
