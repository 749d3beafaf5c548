// Owns the key that a developer's machine makes for itself, once, so that nobody must think of DATA_KEY to begin with.
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { areWrappingKeys } from './wrapping-keys.ts';

/**
 * What stands in `<dataDir>/data-key`, which is made where it is missing and readable for its owner alone. Several processes
 * may ask at once: all get the same. Throws an Error when there is something else in the file.
 */
export async function developmentKey(dataDir: string): Promise<string> {
  const file = join(dataDir, 'data-key');
  const key = (await read(file)) ?? (await make(dataDir, file));
  if (areWrappingKeys(key)) return key;
  throw new Error(
    `${resolve(file)} holds no key of 32 bytes in base64: put back what it held, because nothing else opens what is sealed with it.`,
  );
}

async function read(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Under its name it is whole from the first moment: of those who make one at once, the first to link wins. */
async function make(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const draft = `${file}.${process.pid}-${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
    await handle.close();
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
  return (await read(file)) ?? '';
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
