// Owns the PEM files of TLS: reading them, holding them against each other, and hearing that they were replaced.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { StartupProblem } from './startup-problem.ts';

export interface TlsFile {
  path: string;
  /** The variable or key of a declaration that names it, for sentences. */
  namedBy: string;
}

export interface TlsFiles {
  /** Certificates of those whose signature is believed. */
  ca?: TlsFile;
  /** What we show of ourselves: our certificate, and behind it those that lead to its CA. */
  cert?: TlsFile;
  /** Of the certificate; never without it. */
  key?: TlsFile;
}

/** What the files hold, as node:tls takes it. */
export interface TlsTexts {
  ca?: string;
  cert?: string;
  key?: string;
  minVersion: 'TLSv1.2';
}

export interface WatchOptions {
  files: TlsFiles;
  /** What was read of them. */
  texts: TlsTexts;
  /** Hears what they hold now, when it fits together. */
  replaced: (texts: TlsTexts) => void;
  log: { info: (message: string) => void; error: (message: string) => void };
}

const parts = ['ca', 'cert', 'key'] as const;
const betweenLooks = 1000;
const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Throws a StartupProblem that says of each file what is wrong with it, and repeats nothing that stands in one. */
export async function readTlsFiles(files: TlsFiles): Promise<TlsTexts> {
  return checked(files, await read(files));
}

/**
 * Looks at the files every second, and tells when they hold something else that can be used. What cannot is told to the
 * log, once: files are replaced one after the other, and a moment later they may fit. Ends when what it gives is called.
 */
export function watchTlsFiles({ files, texts, replaced, log }: WatchOptions): () => void {
  const names = parts.flatMap((part) => files[part]?.namedBy ?? []).join(', ');
  let known = textOf(texts);
  let stopped = false;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    const found = await read(files);
    if (stopped) return;
    if (textOf(found) !== known) {
      known = textOf(found);
      try {
        replaced(checked(files, found));
        log.info(`${names}: what was there was replaced, and new connections take what is there now.`);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        log.error(
          `${names}: what was there was replaced, but cannot be used, and what was read before stays. ${why}`,
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

/** Texts, or why there are none. */
type Found = { [part in (typeof parts)[number]]?: string | { missing: string } };

async function read(files: TlsFiles): Promise<Found> {
  const found: Found = {};
  await Promise.all(
    parts.map(async (part) => {
      const file = files[part];
      if (file === undefined) return;
      found[part] = await readFile(file.path, 'utf8').catch(({ code }: NodeJS.ErrnoException) => ({
        missing: code ?? 'unknown',
      }));
    }),
  );
  return found;
}

function textOf(found: Found): string {
  return JSON.stringify(parts.map((part) => found[part] ?? null));
}

function checked(files: TlsFiles, found: Found): TlsTexts {
  const problems: string[] = [];
  const texts: TlsTexts = { minVersion: 'TLSv1.2' };
  for (const part of parts) {
    const file = files[part];
    const text = found[part];
    if (file === undefined || text === undefined) continue;
    if (typeof text !== 'string') {
      problems.push(`${file.namedBy} names "${file.path}", which cannot be read (${text.missing}).`);
    } else {
      texts[part] = text;
      if (part === 'key' ? isKey(text) : isCertificates(text)) continue;
      const what = part === 'key' ? 'private key in PEM, without a passphrase' : 'certificate in PEM';
      problems.push(`${file.namedBy} names "${file.path}", which holds no whole ${what}.`);
    }
  }
  if (problems.length === 0) problems.push(...objectionsToAll(files, texts));
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return texts;
}

function objectionsToAll({ ca, cert, key }: TlsFiles, texts: TlsTexts): string[] {
  if (texts.cert !== undefined && texts.key !== undefined) {
    const fits = new X509Certificate(texts.cert).checkPrivateKey(createPrivateKey(texts.key));
    if (!fits) return [`${key?.namedBy} is not the key of the certificate in ${cert?.namedBy}.`];
  }
  try {
    createSecureContext({ ...texts });
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = [ca, cert, key].flatMap((file) => file?.namedBy ?? []);
    return [`${names.join(', ')}: cannot be used for TLS (${why}).`];
  }
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
