// Owns one BFF's cache, put together: what decorates its clients, what hears of changes, and what can be asked of it.
import { GraphQLError } from 'graphql';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { type Clock, steadyTime } from '../foundation/clock.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';
import type { Bus } from '../store/bus.ts';
import type { Store } from '../store/store.ts';
import type { SubgraphClient } from '../transport/subgraph-client.ts';
import { CacheCounts } from './cache-counts.ts';
import type { CacheDesk } from './cache-desk.ts';
import { ChangedBy } from './changed-by.ts';
import { RequestCompiler } from './compile-request.ts';
import { doubtAbout } from './doubt-about.ts';
import { EntityKeys } from './entity-keys.ts';
import { describeHeld } from './held-entry.ts';
import { momentOf } from './horizon.ts';
import { keptClient, unkeptClient } from './kept-client.ts';
import { LevelOne } from './level-one.ts';
import { LevelTwo } from './level-two.ts';
import { ResponseCache } from './response-cache.ts';
import { createFieldRules } from './rules/field-rules.ts';
import { SchemaFacts } from './rules/schema-facts.ts';
import { type Selected, selectionRule } from './rules/selection-rule.ts';
import { checkSharedProtected } from './rules/shared-protected.ts';
import { ShelfRegister } from './shelf.ts';
import { Shelves } from './shelves.ts';
import { type Changes, createChanges } from './tell-changes.ts';
import { type WriteTokens, writeTokens } from './write-token.ts';

export interface CacheOptions {
  bff: BffDeclaration;
  supergraph: SupergraphFacts;
  /** Whether not everybody may ask for a field. */
  isProtected: (type: string, field: string) => boolean;
  /** Where replicas keep things together; without it each keeps its own. */
  store: Store | undefined;
  bus: Bus;
  /** In this process. */
  bytes: number;
  /** By `steady` it is judged how old something is, by `now` what other replicas say of it. */
  clock: Pick<Clock, 'now' | 'steady'>;
  /** By which tokens of writes are signed; see tokenKey. */
  tokenKey: Buffer | undefined;
  /** Subgraphs of which nothing is kept. */
  without: ReadonlySet<string>;
  /** See FieldRulesOptions. */
  lastKnown?: ReadonlyMap<string, number>;
  log: { warn: (message: string) => void };
}

export interface Cache {
  /** The same client, in front of which things are kept, and behind which mutations are noticed. */
  decorate: (subgraph: string, client: SubgraphClient) => SubgraphClient;
  responses: ResponseCache;
  tokens: WriteTokens;
  /**
   * Another after each change, and from time to time while changes are not heard: whoever began in another one may know less
   * than whoever begins now.
   */
  moment: () => number | string;
  desk: CacheDesk;
  /** Tries for a moment to tell what is not told yet. */
  stop: () => Promise<void>;
}

/** Throws a StartupProblem that names all that would be kept for everybody though not everybody may ask for it. */
export function demandNothingShared(
  { name, cache = {} }: BffDeclaration,
  { document }: SupergraphFacts,
  isProtected: CacheOptions['isProtected'],
): void {
  const problems = checkSharedProtected({ cache, document, isProtected });
  if (problems.length === 0) return;
  throw new StartupProblem(
    `The declaration of the BFF "${name}" cannot be used:\n- ${problems.join('\n- ')}`,
  );
}

/** Of a declaration that keeps nothing for everybody that not everybody may ask for. */
export function createCache(options: CacheOptions): Cache {
  const { bff, supergraph, isProtected, store, bus, bytes, clock, tokenKey, log } = options;
  const { cache = {}, subgraphs } = bff;
  const { document } = supergraph;
  const facts = new SchemaFacts(document);
  const { lastKnown } = options;
  const rules = createFieldRules({ cache, document, facts, isProtected, ...(lastKnown && { lastKnown }) });
  const counts = new CacheCounts(bff.name);
  const now = steadyTime(clock);
  const levelOne = new LevelOne({ bytes, now });
  const levelTwo = store && new LevelTwo(store, { now, wall: clock.now });
  const keys = new EntityKeys(facts);
  // What is heard is told in another clock, which nobody sets back.
  const heardUntil = () => now() - (performance.now() - bus.heardUntil());
  const shelves = new Shelves({ levelOne, levelTwo, keys, counts, now, heardUntil });
  const changes = createChanges({ levelOne, levelTwo, bus, log, now });
  const changedBy = new ChangedBy(facts, keys);
  const forwarded = (bff.forward?.headers ?? [])
    .map((name) => name.toLowerCase())
    .filter((name) => name !== 'authorization')
    .sort();
  const register = new ShelfRegister();
  const policyOf = (name: string) => ({ ...subgraphs?.every, ...subgraphs?.[name] });

  return {
    decorate(subgraph, client) {
      const noticed = noticeChanges(client, changedBy, changes);
      if (options.without.has(subgraph)) return unkeptClient(subgraph, noticed);
      const obeysSubgraph = policyOf(subgraph).cacheControl !== 'ignored';
      const ruleOf = (selected: Selected) => selectionRule(rules, facts, selected);
      const compiler = new RequestCompiler(subgraph, { ruleOf, register, obeysSubgraph });
      return keptClient({ subgraph, client: noticed, compiler, shelves, forwarded, obeysSubgraph });
    },
    responses: new ResponseCache({ levelOne, counts, now, heardUntil }),
    tokens: writeTokens({ now: clock.now, isAllTold: changes.isAllTold, key: tokenKey }),
    moment: () => momentOf(levelOne.moment, now(), heardUntil()),
    desk: {
      held: async (mark, most) => describeHeld(levelOne, mark, most, now()),
      async drop(change) {
        const dropped = changes.drop(change);
        // Others in this process count what they drop themselves before they hear of it.
        await Promise.resolve();
        const isTold = await changes.tell(change);
        return { dropped, told: store === undefined ? 'none' : isTold ? 'all' : 'unsure' };
      },
      doubt: (mark) => doubtAbout(mark, facts.schema),
      metrics: () => counts.text(levelOne),
    },
    stop: changes.stop,
  };
}

/** What a mutation returns has changed: nobody gets its answer while older things are still served. */
function noticeChanges(client: SubgraphClient, changedBy: ChangedBy, changes: Changes): SubgraphClient {
  return async (request, context) => {
    if (request.operation.kind !== 'mutation') return client(request, context);
    try {
      const answer = await client(request, context);
      await changes.tell(changedBy.mutation(request.operation, answer));
      return answer;
    } catch (error) {
      if (!isUnasked(error)) await changes.tellOfLate(changedBy.mutation(request.operation, undefined));
      throw error;
    }
  };
}

/** What was not sent changes nothing; of all else it is not known whether the subgraph does it still. */
function isUnasked(error: unknown): boolean {
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return code === 'SUBGRAPH_BUSY' || code === 'SUBGRAPH_SUSPENDED';
}
