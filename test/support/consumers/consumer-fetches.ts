// Owns what the BFFs' registered documents ask of each subgraph: every one of them planned, and its fetches gathered.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema, type DocumentNode } from 'graphql';
import { readSupergraphFacts } from '../../../supergraph/foundation/supergraph-facts.ts';
import {
  type ClientDocument,
  documentsNow,
  readViewDocuments,
} from '../../../supergraph/lifecycle/client-documents.ts';
import { canonicalOperation } from '../../../supergraph/planner/canonical/canonical-operation.ts';
import { operationSchema } from '../../../supergraph/planner/canonical/operation-schema.ts';
import { createPlanner, type Planner } from '../../../supergraph/planner/create-planner.ts';
import type { FetchNode, PlanNode, RequiredSelection } from '../../../supergraph/planner/plan.ts';
import { prepareOperation } from '../../../supergraph/router/prepare-operation.ts';
import { root, sourceFiles } from '../../architecture/source-files.ts';

export interface ConsumerFetch {
  subgraph: string;
  operation: FetchNode['operation'];
  document: string;
  requires?: RequiredSelection[];
  /** Who makes it, such as `Home of bff-mobile`. */
  consumers: string[];
}

interface Consumer {
  bff: string;
  supergraph: string;
  /** What its clients have registered, and what its views ask. */
  documents: ClientDocument[];
}

/** Equal fetches of many operations once. Planned once for all tests, until a manifest, a supergraph or the planner changes. */
export async function consumerFetches(): Promise<ConsumerFetch[]> {
  const all = await consumers();
  const planner = sourceFiles('supergraph/planner').map((path) => readFileSync(join(root, path), 'utf8'));
  const own = readFileSync(new URL(import.meta.url), 'utf8');
  const version = createHash('sha256')
    .update(JSON.stringify([all, planner, own]))
    .digest('hex');
  const folder = join(root, 'node_modules/.cache/tributary');
  const file = join(folder, `consumer-fetches-${version.slice(0, 32)}.json`);
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  const fetches = new Map<string, ConsumerFetch>();
  for (const consumer of all) await gather(consumer, fetches);
  // Several test processes may do this at once; each sees a whole file.
  const half = `${file}.${randomUUID()}.half`;
  await mkdir(folder, { recursive: true });
  await writeFile(half, JSON.stringify([...fetches.values()]));
  await rename(half, file);
  return [...fetches.values()];
}

async function consumers(): Promise<Consumer[]> {
  const bffs = readdirSync(root).filter((name) => existsSync(join(root, name, 'bff.ts')));
  return Promise.all(
    bffs.map(async (bff) => ({
      bff,
      supergraph: readFileSync(join(root, bff, 'generated/supergraph.graphql'), 'utf8'),
      documents: [
        ...(await documentsNow(join(root, bff))),
        ...(await readViewDocuments(join(root, bff, 'views/documents'))),
      ],
    })),
  );
}

async function gather(consumer: Consumer, fetches: Map<string, ConsumerFetch>): Promise<void> {
  const { bff, supergraph, documents } = consumer;
  const { document } = readSupergraphFacts(supergraph, bff);
  const planner = await createPlanner({ supergraph: document });
  try {
    for (const asked of documents) {
      for (const fetch of await fetchesOf(asked, planner, document)) {
        const { subgraph, operation, document: text, requires } = fetch;
        const key = JSON.stringify([subgraph, operation, text, requires]);
        const known = fetches.get(key) ?? {
          subgraph,
          operation,
          document: text,
          ...(requires && { requires }),
          consumers: [],
        };
        const name = `${asked.name} of ${bff}`;
        if (!known.consumers.includes(name)) known.consumers.push(name);
        fetches.set(key, known);
      }
    }
  } finally {
    await planner.close();
  }
}

async function fetchesOf(
  asked: ClientDocument,
  planner: Planner,
  supergraph: DocumentNode,
): Promise<FetchNode[]> {
  const schema = operationSchema(buildSchema(planner.apiSchemaSdl), supergraph);
  const prepared = prepareOperation(asked.document, asked.operation);
  const fetches: FetchNode[] = [];
  for (const conditions of combinations(prepared.conditions)) {
    const { text } = canonicalOperation(schema, prepared, conditions);
    if (text === undefined) continue;
    collect((await planner.plan(text)).node, fetches);
  }
  return fetches;
}

/** Every way in which `@skip` and `@include` may be decided. */
function combinations(names: readonly string[]): Record<string, boolean>[] {
  const [first, ...rest] = names;
  if (first === undefined) return [{}];
  return combinations(rest).flatMap((others) => [
    { ...others, [first]: true },
    { ...others, [first]: false },
  ]);
}

function collect(node: PlanNode | undefined, into: FetchNode[]): void {
  if (node?.kind === 'fetch') into.push(node);
  else for (const inner of node?.nodes ?? []) collect(inner, into);
}
