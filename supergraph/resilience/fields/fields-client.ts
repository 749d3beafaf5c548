// Owns asking a subgraph without those of its fields that keep failing, and not waiting longer for a field than is declared of it.
import { GraphQLError } from 'graphql';
import { clientError } from '../../foundation/errors.ts';
import { DeadlineOver } from '../../transport/deadline-over.ts';
import { tellAnswerHeaders } from '../../transport/forwarded-headers.ts';
import type {
  RequestContext,
  SubgraphClient,
  SubgraphRequest,
  SubgraphResponse,
} from '../../transport/subgraph-client.ts';
import type { Verdict } from '../breaker.ts';
import { hadFairShare } from '../with-breaker.ts';
import type { AskedOperation, AskedOperations } from './asked-operations.ts';
import type { DocumentVariant } from './document-variant.ts';
import type { Admission, FieldBreakers } from './field-breakers.ts';
import { fieldOutcomes } from './field-outcomes.ts';

export interface FieldsClientOptions {
  client: SubgraphClient;
  operations: AskedOperations;
  breakers: FieldBreakers;
  /** Whether any field has a time of its own. */
  hasTimeouts: boolean;
}

/** Mutations go through as they are. */
export function fieldsClient({
  client,
  operations,
  breakers,
  hasTimeouts,
}: FieldsClientOptions): SubgraphClient {
  async function ask(request: SubgraphRequest, given: RequestContext): Promise<SubgraphResponse> {
    const asked = operations.of(request.operation);
    const admission = breakers.admit(asked.document.coordinates) ?? nothingFailed;
    const variant = admission.without.length > 0 ? asked.without(admission.without) : undefined;
    const operation = variant ? variant.operation : request.operation;
    if (operation === undefined) {
      leaveAll(admission, 'unknown');
      // A part that is not there forbids keeping the whole.
      tellAnswerHeaders(given, {}, undefined);
      return suspended({ data: {} }, variant);
    }
    const context = hurried(asked, given);
    try {
      const answer = await client(variant ? variant.request(request, operation) : request, context);
      judge(asked, admission, answer);
      return suspended(answer, variant);
    } catch (error) {
      if (context !== given && isLate(error, context, asked))
        for (const coordinate of asked.top) failLate(coordinate, admission);
      leaveAll(admission, 'unknown');
      throw error;
    }
  }

  function judge(asked: AskedOperation, { rounds }: Admission, answer: SubgraphResponse): void {
    if (answer.raw) {
      for (const [coordinate, round] of rounds) breakers.leave(coordinate, round, 'good');
      return;
    }
    if (rounds.size === 0 && answer.errors === undefined) return;
    for (const [coordinate, { failed, had }] of fieldOutcomes(asked.document, answer, rounds.keys())) {
      const round = rounds.get(coordinate);
      const share = breakers.shareOf(coordinate) ?? Number.POSITIVE_INFINITY;
      const isBad = failed > 0 && failed / (failed + had) >= share;
      const verdict: Verdict = isBad ? 'bad' : failed + had > 0 ? 'good' : 'unknown';
      if (round !== undefined) breakers.leave(coordinate, round, verdict);
      else if (isBad) breakers.fail(coordinate);
    }
  }

  /** Its own time was over, whatever the subgraph would have said. */
  function failLate(coordinate: string, { rounds }: Admission): void {
    const round = rounds.get(coordinate);
    if (round === undefined) breakers.fail(coordinate);
    else breakers.leave(coordinate, round, 'bad');
    rounds.delete(coordinate);
  }

  function leaveAll({ rounds }: Admission, verdict: Verdict): void {
    for (const [coordinate, round] of rounds) breakers.leave(coordinate, round, verdict);
  }

  return (request, context) => {
    if (request.operation.kind !== 'query') return client(request, context);
    if (hasTimeouts || !breakers.isEmpty) return ask(request, context);
    return client(request, context).then((answer) => {
      if (answer.errors) judge(operations.of(request.operation), nothingFailed, answer);
      return answer;
    });
  };
}

const nothingFailed: Admission = Object.freeze({ without: [], rounds: new Map() });

/** With the end that the fields' own time has, where that comes first. */
function hurried({ timeout }: AskedOperation, context: RequestContext): RequestContext {
  if (timeout === undefined) return context;
  const deadline = performance.now() + timeout;
  return deadline < (context.deadline ?? Number.POSITIVE_INFINITY)
    ? { ...context, deadline, isFieldsTime: true }
    : context;
}

/** Whether the fields' own time was over, and they had enough of it: who waited for their turn meanwhile says nothing of them. */
function isLate(error: unknown, context: RequestContext, { timeout = 0 }: AskedOperation): boolean {
  if (!(error instanceof GraphQLError) || error.extensions['code'] !== 'SUBGRAPH_TIMEOUT') return false;
  const { cause } = error;
  // Views name no cause, and nobody waits for their turn there.
  return cause === undefined
    ? isOver(context)
    : cause instanceof DeadlineOver && hadFairShare(cause, timeout);
}

/** Timers may be early by a millisecond. */
function isOver({ deadline = Number.POSITIVE_INFINITY }: RequestContext): boolean {
  return performance.now() >= deadline - 2;
}

/** The answer, with why it has nothing at the places of fields that were not asked for. */
function suspended(answer: SubgraphResponse, variant: DocumentVariant | undefined): SubgraphResponse {
  if (variant === undefined || !answer.data) return answer;
  const { message, extensions } = clientError('SUBGRAPH_SUSPENDED');
  const failures = variant.places(answer.data).map((path) => new GraphQLError(message, { path, extensions }));
  return failures.length === 0 ? answer : { ...answer, failures: [...(answer.failures ?? []), ...failures] };
}
