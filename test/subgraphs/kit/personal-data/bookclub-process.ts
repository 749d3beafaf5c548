// Runs bookclub as a process of its own and hears all that it says, for tests about keys on disk and about the log.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LifeMessage } from '../../../../subgraphs/kit/process-life.ts';

export interface BookclubProcess {
  child: ChildProcess;
  /** What it told first: that it is ready, or why not. */
  first: LifeMessage;
  /** All of stderr until now. */
  said: () => string;
  /** Ends it where it did not fail, and resolves with its exit code when its streams are closed. */
  stop: () => Promise<number | null>;
}

export async function runBookclub(settings: Record<string, string>): Promise<BookclubProcess> {
  const child = fork(new URL('bookclub/main.ts', import.meta.url), [], {
    env: { ...process.env, DATABASE_URL: '', DATA_KEY: '', PORT: '0', ...settings },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { stderr } = child;
  if (!stderr) throw new Error('There is no stderr.');
  let said = '';
  stderr.on('data', (bytes) => {
    said += bytes;
  });
  const exit = Promise.all([once(child, 'exit'), once(stderr, 'close')]).then(([[code]]) => code);
  const [first]: [LifeMessage] = await Promise.race([
    once(child, 'message') as Promise<[LifeMessage]>,
    exit.then((code) => Promise.reject(new Error(`It ended with ${code}: ${said}`))),
  ]);
  return {
    child,
    first,
    said: () => said,
    async stop() {
      if (first.type === 'ready') child.kill('SIGTERM');
      return exit;
    },
  };
}
