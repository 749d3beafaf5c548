// Owns a subgraph's TLS: the PEM files it is made with, what is wrong with them, and what replaces them while it runs; and
// the files that it calls others with.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server, ServerOptions } from 'node:https';
import { createSecureContext } from 'node:tls';

/** Paths of PEM files. */
export interface TlsPaths {
  cert: string;
  key: string;
  /** Certificates of those who sign the routers'; with it nobody else gets a connection. */
  clientCa?: string | undefined;
}

interface RenewOptions {
  server: Pick<Server, 'setSecureContext'>;
  paths: TlsPaths;
  /** What was read of them. */
  texts: TlsTexts;
  log: { info: (message: string) => void; error: (message: string) => void };
}

/** A PEM file, and the variable that names it. */
export interface NamedPem {
  path: string;
  namedBy: string;
}

/** What the certificates of others are signed with, and a certificate and its key to show; without each of them, as Node does. */
export interface CallTlsFiles {
  ca?: NamedPem;
  cert?: NamedPem;
  key?: NamedPem;
}

/** What the files hold, as node:tls takes it. */
export interface TlsTexts {
  cert: string;
  key: string;
  ca?: string;
  minVersion: 'TLSv1.2';
}

const betweenLooks = 1000;
// Less than a process has for stopping, which waits for handshakes.
const handshakeTimeout = 3000;
const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Throws an error that says of each variable what is wrong with its file, and repeats nothing that stands in one. */
export async function readTls(paths: TlsPaths): Promise<TlsTexts> {
  return checked(await readFiles(paths));
}

/** For calls to other subgraphs. Throws as readTls does. */
export async function readCallTls({ ca, cert, key }: CallTlsFiles): Promise<Partial<TlsTexts>> {
  const texts = await Promise.all([ca, cert, key].map((file) => (file ? readText(file.path) : undefined)));
  const [caText, certText, keyText] = texts;
  const names = { ca: ca?.namedBy ?? '', cert: cert?.namedBy ?? '', key: key?.namedBy ?? '' };
  return checkedTexts({ ca: caText, cert: certText, key: keyText }, names);
}

export function serverOptions(texts: TlsTexts): ServerOptions {
  const asksClients = texts.ca !== undefined;
  return { ...texts, handshakeTimeout, requestCert: asksClients, rejectUnauthorized: asksClients };
}

/**
 * Looks at the files every second: connections that begin take what is there by then. What cannot be used is told to the
 * log, once, and changes nothing: files are replaced one after the other. Ends when what it gives is called.
 */
export function renewTls({ server, paths, texts, log }: RenewOptions): () => void {
  let known = textOf(texts);
  let stopped = false;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const found = await readFiles(paths);
    if (stopped) return;
    if (textOf(found) !== known) {
      known = textOf(found);
      try {
        server.setSecureContext({ ...checked(found) });
        log.info('TLS: what was there was replaced, and new connections take what is there now.');
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        log.error(
          `TLS: what was there was replaced, but cannot be used, and what was read before stays. ${why}`,
        );
      }
    }
    lookLater();
  };
  const lookLater = (): void => {
    timer = setTimeout(() => void look(), betweenLooks).unref();
  };
  lookLater();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** A text, or why there is none; nothing where none is wanted. */
type Found = { [part in 'cert' | 'key' | 'ca']?: string | { missing: string } | undefined };

async function readFiles({ cert, key, clientCa }: TlsPaths): Promise<Found> {
  const [certText, keyText, caText] = await Promise.all([
    readText(cert),
    readText(key),
    clientCa === undefined ? undefined : readText(clientCa),
  ]);
  return { cert: certText, key: keyText, ...(caText !== undefined && { ca: caText }) };
}

async function readText(path: string): Promise<string | { missing: string }> {
  return readFile(path, 'utf8').catch(({ code }: NodeJS.ErrnoException) => ({
    missing: `"${path}", which cannot be read (${code})`,
  }));
}

function textOf({ cert, key, ca }: Found): string {
  return JSON.stringify([cert, key, ca]);
}

const ownNames = { cert: 'TLS_CERT', key: 'TLS_KEY', ca: 'TLS_CLIENT_CA' };

function checked(found: Found): TlsTexts {
  const { cert = '', key = '', ...others } = checkedTexts(found, ownNames);
  return { cert, key, minVersion: 'TLSv1.2', ...others };
}

function checkedTexts(
  { cert, key, ca }: Found,
  names: Readonly<Record<keyof Found, string>>,
): Partial<TlsTexts> {
  const problems = [
    ...objectionTo(names.cert, cert, 'certificate in PEM', isCertificates),
    ...objectionTo(names.key, key, 'private key in PEM, without a passphrase', isKey),
    ...objectionTo(names.ca, ca, 'certificate in PEM', isCertificates),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const texts: Partial<TlsTexts> = {
    ...(typeof cert === 'string' && { cert }),
    ...(typeof key === 'string' && { key }),
    ...(typeof ca === 'string' && { ca }),
    minVersion: 'TLSv1.2',
  };
  const { cert: certText, key: keyText } = texts;
  if (certText !== undefined && keyText !== undefined && !isPair(certText, keyText)) {
    throw new Error(`${names.key} is not the key of the certificate in ${names.cert}.`);
  }
  createSecureContext({ ...texts });
  return texts;
}

/** What is not wanted is never wrong. */
function objectionTo(
  variable: string,
  found: Found[keyof Found],
  what: string,
  fits: (text: string) => boolean,
): string[] {
  if (found === undefined) return [];
  if (typeof found !== 'string') return [`${variable} names ${found.missing}.`];
  return fits(found) ? [] : [`${variable} names a file that holds no whole ${what}.`];
}

function isPair(cert: string, key: string): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).type === 'private';
  } catch {
    return false;
  }
}

/** Whether each certificate is whole: node:tls passes over what is not, and takes no certificate at all for no choice. */
function isCertificates(text: string): boolean {
  const whole = text.match(certificate) ?? [];
  if (whole.length === 0 || whole.length < text.split('-----BEGIN CERTIFICATE').length - 1) return false;
  try {
    return whole.every((one) => new X509Certificate(one).raw.length > 0);
  } catch {
    return false;
  }
}
