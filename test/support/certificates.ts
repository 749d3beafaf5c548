// Makes CAs and certificates for a test: good ones, expired ones, ones for another name, ones of a CA that nobody knows.
import { randomBytes, webcrypto } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Texts in PEM. */
export interface Credentials {
  cert: string;
  key: string;
  /** Of the certificate, as node:tls says it. */
  serial: string;
}

export interface IssueOptions {
  /** Hosts and addresses it is for; this machine unless it is said. */
  names?: readonly string[];
  /** Days from now; for a day from yesterday on unless it is said. */
  from?: number;
  until?: number;
}

export interface Authority {
  /** Its own certificate in PEM. */
  cert: string;
  issue: (options?: IssueOptions) => Promise<Credentials>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const here = ['localhost', '127.0.0.1'];

export async function createAuthority(name = 'CA of a test'): Promise<Authority> {
  cryptoProvider.set(webcrypto as Crypto);
  const own = await makeKeys();
  const issuer = `CN=${name}`;
  const ca = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: issuer,
    ...days(-1, 1),
    signingAlgorithm: algorithm,
    keys: own,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    ],
  });
  return {
    cert: ca.toString('pem'),
    async issue({ names = here, from = -1, until = 1 } = {}) {
      const keys = await makeKeys();
      const serial = newSerial();
      const certificate = await X509CertificateGenerator.create({
        serialNumber: serial,
        subject: 'CN=made by a test',
        issuer,
        ...days(from, until),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: own.privateKey,
        extensions: [alternativeNames(names)],
      });
      const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
      const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
      return {
        cert: certificate.toString('pem'),
        key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
        serial: serial.toUpperCase(),
      };
    },
  };
}

export interface PemFolder {
  path: string;
  /** Writes a file as a whole, in place of one that is there, and gives its path. */
  write: (name: string, text: string) => string;
  remove: () => void;
}

export function createPemFolder(): PemFolder {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-pem-'));
  return {
    path: folder,
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

function alternativeNames(names: readonly string[]): Extension {
  return new SubjectAlternativeNameExtension(
    names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
  );
}

/** Its first half byte is neither 0 nor above 7, which would change its length. */
function newSerial(): string {
  return `4${randomBytes(8).toString('hex').slice(1)}`;
}

function days(from: number, until: number): { notBefore: Date; notAfter: Date } {
  const day = (away: number) => new Date(Date.now() + away * 86_400_000);
  return { notBefore: day(from), notAfter: day(until) };
}
