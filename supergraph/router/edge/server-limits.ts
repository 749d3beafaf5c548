// Owns how long whoever connects to a server of routers may take, and how many may be connected at once.
import type { ServerOptions } from 'node:http';

/** Milliseconds, from the first byte of a request (or the connection) to the last of its body. */
const requestTimeout = 13_000;

/**
 * What Node's servers are made with, over HTTP and HTTPS alike. Whoever sends headers or a body too slowly, or nothing, is
 * cut off within 15 s: Node looks for them once in `connectionsCheckingInterval`, which is 30 s unless told.
 */
export const patientServer = {
  headersTimeout: 10_000,
  requestTimeout,
  connectionsCheckingInterval: 1_000,
  // A flag of Node may say otherwise for the whole process.
  insecureHTTPParser: false,
} as const satisfies ServerOptions;

/** What Fastify would say to Node's server in place of these. */
export const patientApp = {
  http: patientServer,
  requestTimeout,
  // Longer than balancers usually keep a connection that nobody uses (60 s): who closes first must not be asked again.
  keepAliveTimeout: 72_000,
} as const;

/** More headers than that are refused; their bytes are bounded by Node (16 KB with the address). */
export const mostHeaders = 200;

/** Requests under way at once on one connection, whose answers go out one after the other. */
export const mostUnderWay = 100;

/** Milliseconds in which a client has to take something of an answer that is on its way. */
export const untakenTimeout = 10_000;
