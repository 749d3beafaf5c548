// Loaded into a process before its own files: says on SIGUSR2 for how many milliseconds at most its thread did nothing but work.

let longest = 0;
let at = performance.now();
let worked = workedUntilNow();

/** Milliseconds of processor time, of all threads: a thread that waits for a processor has not kept anybody waiting by its work. */
function workedUntilNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const pause = 5;
setInterval(() => {
  const [now, total] = [performance.now(), workedUntilNow()];
  longest = Math.max(longest, Math.min(now - at - pause, total - worked));
  [at, worked] = [now, total];
}, pause).unref();

process.on('SIGUSR2', () => {
  process.stderr.write(`longest gap ${longest.toFixed(1)} ms\n`);
  longest = 0;
});
