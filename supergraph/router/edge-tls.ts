// Owns TLS between clients and the router: what its server is made with, and what is put in its place while it runs.
import type { Server, ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { TlsFiles, TlsTexts } from '../foundation/tls-files.ts';
import { watchTlsFiles } from '../foundation/tls-files.ts';

/** Milliseconds. Connections that only wait cost memory, and anybody can open them. */
const handshakeTimeout = 10_000;

/** With a CA clients must show a certificate that it has signed. */
export function edgeOptions(texts: TlsTexts): ServerOptions {
  const asksClients = texts.ca !== undefined;
  return { ...texts, handshakeTimeout, requestCert: asksClients, rejectUnauthorized: asksClients };
}

/** Connections that are open stay as they are; each that begins takes what the files hold then, until `stop` is called. */
export function renewEdge(app: FastifyInstance, files: TlsFiles, texts: TlsTexts): () => void {
  const server = app.server as unknown as Server;
  return watchTlsFiles({
    files,
    texts,
    replaced: (replacement) => server.setSecureContext({ ...replacement }),
    log: app.log,
  });
}

/** Ends connections of which the server knows nothing, because their handshake is not over yet, with all others. */
export function endConnections(app: FastifyInstance): () => void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) socket.destroy();
  };
}
