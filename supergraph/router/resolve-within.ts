// Owns holding a request to its limits before anything of it is read but what its text is.
import type { GraphQLError } from 'graphql';
import { clientError } from '../foundation/errors.ts';
import { checkText } from '../limits/operation/check-text.ts';
import { isDeeperThan } from '../limits/operation/json-depth.ts';
import type { OperationLimits } from '../limits/operation/operation-limits.ts';
import type { GraphQLHttpRequest } from './handle-request.ts';
import { type ResolveDocument, resolveRequest, type ServerRequest } from './resolve-request.ts';

/** Variables stand in a request, which may stand in an array; more than that is for what else a request may hold. */
const aroundVariables = 10;

/** Texts are held to the limits wherever they come from: manifests too are written by somebody. */
export function resolveWithin(
  limits: OperationLimits,
  request: Pick<GraphQLHttpRequest, 'method' | 'search' | 'json'>,
  resolve: ResolveDocument,
): ServerRequest | GraphQLError {
  // Bodies were looked at when they came.
  const tooDeep = request.method === 'GET' ? checkSearch(request.search, limits) : undefined;
  if (tooDeep) return tooDeep;
  const asked = resolveRequest(request, resolve);
  const text = 'text' in asked ? asked.text : undefined;
  return (text !== undefined && checkText(text, limits)) || asked;
}

function checkSearch(search: string, limits: OperationLimits): GraphQLError | undefined {
  for (const [name, value] of new URLSearchParams(search)) {
    if (name !== 'variables' && name !== 'extensions') continue;
    const problem = checkJson(value, limits);
    if (problem) return problem;
  }
  return undefined;
}

/** Why this JSON text is not read; undefined where it may be. */
export function checkJson(
  text: string,
  { variableDepth }: Pick<OperationLimits, 'variableDepth'>,
): GraphQLError | undefined {
  if (!isDeeperThan(text, variableDepth + aroundVariables)) return undefined;
  return clientError('VARIABLE_DEPTH_LIMIT_EXCEEDED', {
    reason: `A value in the request has more than ${variableDepth} objects and lists within each other.`,
  });
}
