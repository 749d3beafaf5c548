// Owns the process of the embedded database: started by `npm start`, or by the first subgraph that finds none running.
import { parseArgs } from 'node:util';
import { environment } from '../environment.ts';
import { failStart, report, runUntilStopped } from '../process-life.ts';
import { IDLE_MS } from './data-folder-lock.ts';
import { startEmbeddedServer } from './embedded-server.ts';

const began = performance.now();
const { values } = parseArgs({ options: { 'until-idle': { type: 'boolean' }, data: { type: 'string' } } });
const untilIdle = values['until-idle'] === true;
const idle = new AbortController();
let idleTimer: NodeJS.Timeout | undefined;

function watchClients(count: number): void {
  clearTimeout(idleTimer);
  if (untilIdle && count === 0) idleTimer = setTimeout(() => idle.abort(), IDLE_MS);
}

try {
  const server = await startEmbeddedServer({
    dataDir: values.data ?? environment.dataDir,
    port: environment.dataPort,
    endsWhenIdle: untilIdle,
    onClients: watchClients,
    onBroken: (error) => void failStart('postgres', error),
  });
  watchClients(0);
  const milliseconds = Math.round(performance.now() - began);
  report({ type: 'ready', name: 'postgres', url: server.url, milliseconds });
  if (!untilIdle && !process.connected) process.stdout.write(`postgres ready on ${server.url}\n`);
  await runUntilStopped(server.stop, { signal: idle.signal, outlivesParent: untilIdle });
} catch (error) {
  await failStart('postgres', error);
}
