// Owns how tests start our files in processes of their own: as they run themselves.

/**
 * For `node`, whatever folder it is started in. Most of what a test starts has soon ended, and optimising takes longer than
 * what is optimised then runs: code waits for it seven times as long as usual, and the WebAssembly of the embedded database
 * goes without.
 */
export const nodeFlags: readonly string[] = [
  '--import',
  new URL('typescript-loader.mjs', import.meta.url).href,
  '--interrupt-budget=1000000',
  '--liftoff-only',
];

/** As package.json's scripts start them; one start of each command shows that they can. Twice the work of `nodeFlags`. */
export const scriptFlags: readonly string[] = ['--import', import.meta.resolve('tsx')];
