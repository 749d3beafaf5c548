// Owns finding out who calls: a router's signed word, or on this machine, while it is developed, the token itself.
import type { FastifyRequest } from 'fastify';
import { type Caller, identifyCaller, type TokenRules } from './caller.ts';
import { clientAddressOf, isLoopback } from './client-address.ts';
import { notBelieved, signedCallReader } from './signed-caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a JSON body, as it came. */
    text: string;
  }
}

export interface CallRules {
  /** Shared with the routers; without it no signed call can be believed. */
  callerSecret?: string | undefined;
  /** Whether calls that no router has signed are refused. */
  production?: boolean;
}

type ReadCall = (request: FastifyRequest) => Promise<{ caller: Caller; clientAddress: string }>;

/**
 * Throws at once in production without a secret. Calls are refused as identifyCaller and signedCallReader say; one without
 * a signature in production, and where it comes from another machine. Who signs is believed whatever token comes along.
 */
export function callReader(
  subgraph: string,
  { callerSecret, production = false }: CallRules,
  tokens: TokenRules,
): ReadCall {
  if (production && callerSecret === undefined) {
    throw new Error('CALLER_SECRET must be given in production: it tells calls of our routers from others.');
  }
  const readSigned = callerSecret === undefined ? undefined : signedCallReader(callerSecret, subgraph);
  return async ({ headers, socket: { remoteAddress: peer }, text }) => {
    const signed = headers['tributary-caller'];
    if (readSigned && typeof signed === 'string') {
      const { caller, clientAddress = peer ?? '' } = readSigned(signed, text);
      return { caller, clientAddress };
    }
    if (production || peer === undefined || !isLoopback(peer)) throw notBelieved();
    const caller = await identifyCaller(headers.authorization, tokens);
    return { caller, clientAddress: clientAddressOf(peer, headers['x-forwarded-for']) };
  };
}
