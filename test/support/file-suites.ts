// Owns how several test files share a process: each is a suite, and what it sets up is set up when its turn comes.
import { type AsyncHook, createHook } from 'node:async_hooks';
import { describe } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Absolute paths by the names of their suites. No test runs before all files are loaded. */
export function fileSuites(files: Readonly<Record<string, string>>): void {
  const loads: Promise<unknown>[] = [];
  const enabled = hooksEnabledBy(() => {
    for (const [name, path] of Object.entries(files)) {
      describe(name, async () => {
        const load = import(pathToFileURL(path).href);
        loads.push(load);
        // All suites have begun to load by then.
        await null;
        await Promise.allSettled(loads);
        await load;
      });
    }
  });
  // node:test follows every promise to know which suite a test is written in. All are written by now, and following
  // is a quarter of what a test takes. What nobody catches still fails the process.
  void Promise.resolve()
    .then(() => Promise.allSettled(loads))
    .then(() => {
      for (const hook of enabled) hook.disable();
    });
}

/** Node tells nobody of its own. */
function hooksEnabledBy(action: () => void): AsyncHook[] {
  const hooks: AsyncHook[] = [];
  const prototype: AsyncHook = Object.getPrototypeOf(createHook({}));
  const { enable } = prototype;
  prototype.enable = function (this: AsyncHook) {
    hooks.push(this);
    return enable.call(this);
  };
  try {
    action();
  } finally {
    prototype.enable = enable;
  }
  return hooks;
}
