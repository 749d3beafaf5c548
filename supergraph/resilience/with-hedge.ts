// Owns asking a second time beside a question that takes long: the first answer counts, and the other question is ended.
import { Cancellation } from '../foundation/cancellation.ts';
import { clientError } from '../foundation/errors.ts';
import { Deadlines, type Timed } from '../transport/deadlines.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphRequest,
  SubgraphResponse,
} from '../transport/subgraph-client.ts';
import { Attempt } from './attempt.ts';
import { Budget } from './budget.ts';
import type { SubgraphCounts } from './call-counts.ts';
import type { Decorate } from './guard-subgraph.ts';

export interface HedgeTerms {
  /** Milliseconds that the first may take. */
  after: number;
  /** Which share of the questions of late may be such. */
  budget: number;
}

interface Surroundings {
  counts: SubgraphCounts;
  /** Whether the subgraph is left alone at the moment. */
  isSuspended: () => boolean;
}

/** A minute, so that a share of one in twenty is something for a subgraph that is asked every few seconds too. */
const budgetWindow = 60_000;

/** Queries alone. */
export function withHedge(terms: HedgeTerms | undefined, { counts, isSuspended }: Surroundings): Decorate {
  if (terms === undefined) return (client) => client;
  const budget = new Budget({ share: terms.budget, floor: 0, window: budgetWindow });
  const deadlines = new Deadlines(terms.after);
  const mayAskTwice = (): boolean => {
    if (isSuspended() || !budget.take()) return false;
    counts.hedges += 1;
    return true;
  };
  return (client: SubgraphClient) => (request, context) => {
    // Who is turned away asks nothing, and earns nothing.
    if (!isSuspended()) budget.note();
    if (request.operation.kind !== 'query' || context.signal?.aborted) return client(request, context);
    return new Promise((resolve, reject) =>
      new Race({ client, deadlines, mayAskTwice, request, context, resolve, reject }).begin(),
    );
  };
}

interface Run {
  client: SubgraphClient;
  deadlines: Deadlines;
  mayAskTwice: () => boolean;
  request: SubgraphRequest;
  context: RequestContext;
  resolve: (answer: SubgraphResponse) => void;
  reject: (error: unknown) => void;
}

class Race implements Timed {
  deadline = 0;
  before: Timed | undefined;
  after: Timed | undefined;
  readonly #run: Run;
  readonly #signals: Cancellation[] = [];
  #isTimed = true;
  #running = 0;
  /** Of whoever failed first. */
  #failed: { attempt: Attempt; error: unknown } | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  begin(): void {
    this.#run.deadlines.add(this);
    this.#run.context.signal?.add(this);
    this.#ask();
  }

  /** The first takes long. */
  expire(): void {
    this.#untime();
    if (this.#run.mayAskTwice()) this.#ask();
  }

  cancel(): void {
    this.#endAll();
  }

  #ask(): void {
    const { client, request, context } = this.#run;
    const signal = new Cancellation();
    const attempt = new Attempt(context, signal);
    this.#signals.push(signal);
    this.#running += 1;
    client(request, attempt.context).then(
      (answer) => {
        if (this.#running === 0) return;
        this.#over();
        attempt.counts();
        this.#run.resolve(answer);
      },
      (error: unknown) => this.#lost(attempt, error),
    );
  }

  #lost(attempt: Attempt, error: unknown): void {
    if (this.#running === 0) return;
    this.#failed ??= { attempt, error };
    this.#running -= 1;
    if (this.#running > 0) return;
    this.#over();
    this.#failed.attempt.counts();
    this.#run.reject(this.#failed.error);
  }

  #over(): void {
    this.#running = 0;
    this.#untime();
    this.#run.context.signal?.delete(this);
    this.#endAll();
  }

  #untime(): void {
    if (this.#isTimed) this.#run.deadlines.delete(this);
    this.#isTimed = false;
  }

  /** Of those that have ended nobody listens any more. */
  #endAll(): void {
    for (const signal of this.#signals) {
      if (!signal.aborted && signal.size > 0) signal.abort(clientError('REQUEST_CANCELLED'));
    }
  }
}
