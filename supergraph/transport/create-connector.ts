// Owns how one connection to a subgraph is opened: in what time, and who must be at the other end of it.
import { createSecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { TlsTexts } from '../foundation/tls-files.ts';

interface ConnectorOptions {
  /** Without them those are believed whom Node believes, and nothing is shown of ourselves. */
  texts?: TlsTexts;
  /** What the certificate at the other end must be for; the host of the address unless it is said. */
  serverName?: string | undefined;
}

const timeout = 2000;

export type Connector = buildConnector.connector;

/** For `http://` and `https://`. Throws where the texts cannot be used. */
export function createConnector({ texts, serverName }: ConnectorOptions = {}): Connector {
  const connector = buildConnector({
    timeout,
    // Node has a variable that turns this off for a whole process.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(serverName !== undefined && { servername: serverName }),
    // Made once: reading the certificates of a CA takes longer than the rest of a handshake.
    ...(texts && { secureContext: createSecureContext({ ...texts }) }),
  });
  return (options, callback) => {
    connector(options, (...[error, socket]) => {
      // An error of the system does not say whether the connection had been of use before it broke.
      socket?.on('error', (broken) => Object.assign(broken, { bytesRead: socket.bytesRead }));
      if (error === null) callback(error, socket as NonNullable<typeof socket>);
      else callback(error, null);
    });
  };
}
