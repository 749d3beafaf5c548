// Owns answering a request to a subgraph from what is kept, and asking for what is not: a client like the one within it.
import { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import type { Freshness } from '../foundation/freshness.ts';
import { DeadlineOver, deadlineOver, timeLeft } from '../transport/deadline-over.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphRequest,
  SubgraphResponse,
} from '../transport/subgraph-client.ts';
import { type Asked, askSubgraph, type Outcome } from './ask-subgraph.ts';
import { Audience } from './audience.ts';
import type { RequestCompiler } from './compile-request.ts';
import type { Kept } from './kept.ts';
import { Reading } from './reading.ts';
import { errorAt, type Place, Sheet } from './sheet.ts';
import type { Landed, Shelves } from './shelves.ts';

export interface KeptClientOptions {
  subgraph: string;
  client: SubgraphClient;
  compiler: RequestCompiler;
  shelves: Shelves;
  /** Names of the client's headers that subgraphs get, without `authorization`, in lower case. */
  forwarded: readonly string[];
  /** Whether what the subgraph says of keeping its answers counts. */
  obeysSubgraph: boolean;
}

/** Only for requests whose context has a freshness; all others go through. */
export function keptClient(options: KeptClientOptions): SubgraphClient {
  const { subgraph, client, compiler, forwarded } = options;
  return (request, context) => {
    const { freshness } = context;
    if (freshness === undefined || request.operation.kind !== 'query') return client(request, context);
    const keepable = request.parts && compiler.of(request.operation);
    if (keepable === undefined || request.parts === undefined) {
      freshness.tell(notKept(subgraph));
      return client(request, context);
    }
    const sheet = new Sheet(keepable, request.parts, new Audience(context, forwarded));
    return answer({ options, sheet, whole: request, context, freshness });
  };
}

/** Of a subgraph of which nothing is kept: no answer that it has a part in is kept either. */
export function unkeptClient(subgraph: string, client: SubgraphClient): SubgraphClient {
  return (request, context) => {
    if (request.operation.kind === 'query') context.freshness?.tell(notKept(subgraph));
    return client(request, context);
  };
}

interface Answering {
  options: KeptClientOptions;
  sheet: Sheet;
  whole: SubgraphRequest;
  context: RequestContext;
  freshness: Freshness;
}

async function answer(answering: Answering): Promise<SubgraphResponse> {
  const { options, sheet, freshness } = answering;
  const { shelves, subgraph } = options;
  const reading = new Reading(subgraph, shelves.now());
  const worthRefreshing: Place[] = [];
  const since = shelves.moment;
  const horizon = shelves.horizon(reading.now);
  let open = sheet.lay((key, shelf, column, row) => {
    const kept = freshness.isReadThrough ? undefined : shelves.here(key, horizon);
    if (kept === undefined || kept.staleUntil <= reading.now) return false;
    sheet.put({ column, row }, kept.value);
    reading.take(kept, 'process');
    if (shelves.isWorthRefreshing(kept, key, reading.now)) {
      worthRefreshing.push({ column, row, text: sheet.textAt(column, row), shelf, key, old: kept });
    }
    return true;
  });
  if (open.length > 0) {
    open = await shelves.fromOthers(open, { sheet, reading, freshness, since, worthRefreshing });
  }
  const faults: Faults = { flaws: [], failures: [] };
  const { flaws, failures } = faults;
  const isWrittenInto = () => flaws.length > 0 || failures.some(({ path = [] }) => path.length > 1);
  if (open.length > 0) await fill(answering, open, reading, faults);
  if (worthRefreshing.length > 0) refresh(answering, worthRefreshing);
  reading.tell(freshness, shelves.counts);
  if (!reading.hasAnswer && faults.empty) return faults.empty;
  const [failure] = failures;
  if (!reading.hasAnswer && failure)
    throw new GraphQLError(failure.message, { extensions: failure.extensions });
  return {
    // Errors are put where something is empty, also within a list that was kept.
    data: !sheet.isOfEntities && isWrittenInto() ? structuredClone(sheet.data()) : sheet.data(),
    isShared: true,
    ...(flaws.length > 0 && { errors: flaws }),
    ...(failures.length > 0 && { failures }),
  };
}

interface Faults {
  /** As the subgraph wrote them, but for their paths. */
  flaws: unknown[];
  failures: GraphQLError[];
  /** The last answer without any data. */
  empty?: SubgraphResponse | undefined;
}

/** Asks for what nobody asks for at the moment, and waits for the rest with those who do. */
async function fill(
  answering: Answering,
  open: readonly Place[],
  reading: Reading,
  faults: Faults,
  joins = mostJoins,
): Promise<void> {
  const { options, sheet, context, freshness } = answering;
  const { shelves } = options;
  const own: Place[] = [];
  const joined: { place: Place; coming: Promise<Landed> }[] = [];
  for (const place of open) {
    const coming = freshness.isReadThrough || joins === 0 ? undefined : shelves.coming(place);
    if (coming) joined.push({ place, coming });
    else own.push(place);
  }
  const left: Place[] = [];
  const joining = joined.map(async ({ place, coming }) => {
    const landed = await unlessGivenUp(context, coming);
    if (landed === undefined) left.push(place);
    else if (landed instanceof GraphQLError) {
      const failed = { kind: 'failed', error: landed, isSubgraphsFault: true } as const;
      settlePlace(answering, place, failed, undefined, reading, faults);
    } else {
      sheet.put(place, landed.value);
      reading.join(landed);
    }
  });
  // Awaited together: whichever rejects first, somebody has seen the other.
  const asking = own.length > 0 ? ask(answering, own, context) : undefined;
  const [asked] = await Promise.all([asking, ...joining]);
  if (asked) settle(answering, asked, reading, faults);
  // Whoever was joined could not have it, perhaps because of who they are, or because they have gone.
  if (left.length > 0) await fill(answering, left, reading, faults, joins - 1);
}

/** Who has waited for others so often in vain asks for themselves. */
const mostJoins = 2;

/** Keeps what can be kept, and tells those who wait for it. */
async function ask(
  { options, sheet, whole }: Pick<Answering, 'options' | 'sheet' | 'whole'>,
  places: readonly Place[],
  context: RequestContext,
): Promise<Answered> {
  const { client, shelves, obeysSubgraph } = options;
  const landing = shelves.announce(places);
  const landed = new Map<Place, Landed>();
  try {
    const asked = await askSubgraph(client, { sheet, places, whole }, context);
    const kept = shelves.keep(asked, { landing, sheet, obeysSubgraph });
    for (const [place, outcome] of asked.outcomes) {
      landed.set(
        place,
        outcome.kind === 'failed' && isForAll(outcome.error) ? outcome.error : kept.get(place),
      );
    }
    return { asked, kept };
  } finally {
    landing.land(landed);
  }
}

interface Answered {
  asked: Asked;
  kept: ReadonlyMap<Place, Kept>;
}

function settle(answering: Answering, { asked, kept }: Answered, reading: Reading, faults: Faults): void {
  let isUnplacedTold = false;
  for (const [place, outcome] of asked.outcomes) {
    const isServed = settlePlace(answering, place, outcome, kept.get(place), reading, faults);
    isUnplacedTold ||= isServed && outcome.kind === 'flawed' && outcome.errors.length === 0;
  }
  if (isUnplacedTold) faults.flaws.push(...asked.unplaced);
  faults.empty = asked.empty;
}

/** Whether the outcome is served, and nothing older in its place. */
function settlePlace(
  { options, sheet }: Answering,
  place: Place,
  outcome: Outcome,
  kept: Kept | undefined,
  reading: Reading,
  { flaws, failures }: Faults,
): boolean {
  const { old } = place;
  const isFault = outcome.kind !== 'answered' && outcome.isSubgraphsFault;
  // A subgraph may take its time to fail, and that is no time for which more is promised.
  if (isFault && old && old.errorUntil > options.shelves.now()) {
    sheet.put(place, old.value);
    reading.takeInstead(old);
    return false;
  }
  reading.miss(place.shelf, kept, outcome.kind !== 'failed');
  if (outcome.kind === 'failed') failures.push(errorAt(outcome.error, sheet.pathOf(place)));
  else sheet.put(place, outcome.value);
  if (outcome.kind === 'flawed') {
    flaws.push(...outcome.errors);
    failures.push(...outcome.failures);
  }
  return true;
}

/** Whether others would fare no better: what a subgraph says in an answer, it may say to this one asker alone. */
function isForAll({ extensions, cause }: GraphQLError): boolean {
  const isAway = ['SUBGRAPH_UNAVAILABLE', 'SUBGRAPH_TIMEOUT'].includes(String(extensions['code']));
  // Without a cause it is the subgraph itself that says so, and others may have more time.
  return isAway && cause instanceof Error && !(cause instanceof DeadlineOver);
}

/** In the background, for whoever comes next; what goes wrong is left as it is. */
function refresh({ options, sheet, whole, context }: Answering, places: readonly Place[]): void {
  const { signal: _, answerHeader: __, freshness: ___, deadline: ____, ...lasting } = context;
  const begun = options.shelves.beginRefreshing(places);
  if (begun.length === 0) return;
  void options.shelves
    .withFences(begun, sheet)
    .then((wanted) => (wanted.length > 0 ? ask({ options, sheet, whole }, wanted, lasting) : undefined))
    .catch(() => {})
    .finally(() => options.shelves.endRefreshing(begun));
}

/** Whoever asked first may have more patience. Rejects only when the request was given up. */
function unlessGivenUp(context: RequestContext, work: Promise<Landed>): Promise<Landed> {
  const { signal } = context;
  return new Promise((resolve, reject) => {
    const waiting = { cancel: () => reject(clientError('REQUEST_CANCELLED')) };
    if (signal?.aborted) {
      waiting.cancel();
      return;
    }
    signal?.add(waiting);
    const left = timeLeft(context);
    const isBounded = left !== Number.POSITIVE_INFINITY;
    const timer = isBounded ? setTimeout(() => resolve(deadlineOver()), left) : undefined;
    work.then(resolve, reject).finally(() => {
      signal?.delete(waiting);
      clearTimeout(timer);
    });
  });
}

function notKept(subgraph: string) {
  return {
    ...{ subgraph, of: '', hits: 0, stale: 0, misses: 1, failed: false, freshUntil: 0 },
    readAt: Number.POSITIVE_INFINITY,
    ...{ staleWhileRevalidate: 0, staleIfError: 0, why: '', isPublic: false, marks: () => [] },
  };
}
