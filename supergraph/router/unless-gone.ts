// Owns waiting for something on behalf of a client that may go meanwhile.
import { clientError } from '../foundation/errors.ts';
import type { GraphQLHttpRequest } from './handle-request.ts';

/**
 * The work itself where there is nothing to wait for; otherwise rejects with REQUEST_CANCELLED when the client goes meanwhile.
 * Who listens for its end only after that never hears of it.
 */
export function unlessGone<Result>(
  request: Pick<GraphQLHttpRequest, 'whenGone'>,
  work: Result | Promise<Result>,
): Result | Promise<Result> {
  return work instanceof Promise ? unlessGoneMeanwhile(request, work) : work;
}

async function unlessGoneMeanwhile<Result>(
  { whenGone }: Pick<GraphQLHttpRequest, 'whenGone'>,
  work: Promise<Result>,
): Promise<Result> {
  let isGone = false;
  whenGone(() => {
    isGone = true;
  });
  const result = await work;
  if (isGone) throw clientError('REQUEST_CANCELLED');
  return result;
}
