// Owns what happens when a test's real part is not installed: one line on a laptop, a failure in CI.

/** Says what is not tested here. Throws in CI, where nothing may be left out. */
export function leaveOut(what: string, because: string): void {
  if (process.env['CI']) throw new Error(`${what} must be tested in CI, but ${because}.`);
  process.stdout.write(`left out: ${what} (${because})\n`);
}
