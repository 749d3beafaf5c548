// Runs all of Tributary on one machine: `npm start`. `-- --separate` makes every subgraph a process of its own,
// `-- --port 5000` moves everything.
import './node-version.ts';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Child, startChild } from './child.ts';
import { environment } from './environment.ts';
import { layout } from './parts.ts';
import { closedAddresses, onePort, takenPorts } from './ports.ts';

const began = Date.now();
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
const say = (line: string): void => console.log(line);

const { separate, port } = readFlags();
const parts = layout({
  separate,
  port,
  // Who listens everywhere is found at the usual address.
  host: ['0.0.0.0', '::'].includes(environment.host) ? '127.0.0.1' : environment.host,
  embedded: environment.databaseUrl === undefined,
  ...(environment.jwksUrl !== undefined && { jwksUrl: environment.jwksUrl }),
  callerSecret: environment.callerSecret ?? randomBytes(32).toString('base64url'),
  ...(environment.planFolder !== undefined && { planFolder: environment.planFolder }),
  ...(environment.usageFolder !== undefined && { usageFolder: environment.usageFolder }),
  ...(environment.adminPort !== undefined && { adminPort: environment.adminPort }),
  ...(environment.metricsPort !== undefined && { metricsPort: environment.metricsPort }),
});
const children: Child[] = [];
let stopping: Promise<void> | undefined;

// The first Ctrl-C ends everything in order; a terminal sends it to the children too, which is fine: they end as well.
process.on('SIGINT', () => void stopAll(0));
process.on('SIGTERM', () => void stopAll(0));

// npm hands no SIGTERM on, so whoever ends npm would leave everything running.
const { ppid } = process;
const watch = setInterval(() => environment.startedByNpm && process.ppid !== ppid && void stopAll(0), 500);
watch.unref();

try {
  await startAll();
} catch (error) {
  if (stopping === undefined) console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await stopAll(1);
}

function readFlags(): { separate: boolean; port: number } {
  try {
    const { separate, port } = parseArgs({
      options: { separate: { type: 'boolean', default: false }, port: { type: 'string', default: '4000' } },
    }).values;
    const number = Number(port);
    if (!/^\d+$/.test(port) || number < 1024 || number > 65_000) {
      throw new Error(`--port must be a whole number from 1024 to 65000, not "${port}".`);
    }
    return { separate, port: number };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error('npm start knows two flags: npm start -- --separate --port 5000');
    return process.exit(1);
  }
}

async function startAll(): Promise<void> {
  await demandPorts();
  say(`Tributary starts${separate ? ', every subgraph as a process of its own' : ''}.`);
  if (parts.data) await run(parts.data).ready;
  await Promise.all([...parts.subgraphs, ...parts.bffs].map((part) => run(part).ready));
  await Promise.all(parts.bffs.flatMap(({ serves }) => serves.map(({ url }) => untilHealthy(url))));
  say(`\nReady after ${seconds(Date.now() - began)}.\n`);
  for (const { name, url } of parts.bffs.flatMap(({ serves }) => serves)) {
    const { origin } = new URL(url.replace('127.0.0.1', 'localhost'));
    say(`  ${name.padEnd(16)} ${origin}/graphql   Sandbox ${origin}/   offline explorer ${origin}/explorer`);
  }
  for (const { name, url } of parts.bffs.flatMap(({ besides }) => besides)) {
    say(`  ${name.padEnd(25)} ${url.replace('127.0.0.1', 'localhost')}`);
  }
  for (const { part, pid } of children) {
    for (const { name, url } of part.serves) {
      if (parts.subgraphs.includes(part)) say(`  ${name.padEnd(16)} ${url}   pid ${pid}`);
    }
  }
  say('\nSign in as ada@example.com with the password tributary-demo. Ctrl-C ends everything.');
}

interface Listening {
  name: string;
  url: string;
  /** The flag says so, unless told. */
  chosenBy?: string;
}

/** Throws where not all would be heard, each on a port of its own. */
async function demandPorts(): Promise<void> {
  const all: Listening[] = [...parts.subgraphs, ...parts.bffs].flatMap(({ serves, besides }) => [
    ...serves,
    ...besides,
  ]);
  const portOf = ({ url }: Listening): string => new URL(url).port;
  const otherPorts = (of: readonly Listening[]): string => {
    const ways = new Set(of.map(({ chosenBy = 'npm start -- --port 5000' }) => chosenBy));
    return `Nothing was started. Choose other ports with: ${[...ways].join(', ')}`;
  };
  const [closed] = closedAddresses(all);
  if (closed) {
    throw new Error(
      `Neither browsers nor Node call port ${portOf(closed)}, which ${closed.name} would have.\n${otherPorts([closed])}`,
    );
  }
  const both = onePort(all);
  if (both) {
    const [one, other] = both;
    throw new Error(
      `Port ${portOf(one)} would be that of ${one.name} and of ${other.name}: with ADMIN_PORT and METRICS_PORT each BFF has the next one.\n` +
        otherPorts(both),
    );
  }
  const taken = await takenPorts(environment.host, all);
  if (taken.length > 0) {
    const list = taken.map((one) => `port ${portOf(one)} of ${one.name}`).join(', ');
    throw new Error(`Something else listens on ${list}. Is Tributary running already?\n${otherPorts(taken)}`);
  }
}

function run(part: (typeof parts.bffs)[number]): Child {
  const child = startChild(part, (name, took) => say(`  ${name.padEnd(16)} ready after ${seconds(took)}`));
  children.push(child);
  void child.ended.then(async ({ code, signal }) => {
    if (stopping !== undefined) return;
    console.error(`${part.name} has ended (${signal ?? `exit code ${code}`}).`);
    if (!part.mayDie) await stopAll(1);
  });
  return child;
}

/** A BFF is ready when all its subgraphs are; bounded, and told what is missing. */
async function untilHealthy(url: string): Promise<void> {
  const health = new URL('/health/ready', url);
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(health, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > deadline || stopping !== undefined) {
      throw new Error(`${health} does not answer 200: ${answer ? await answer.text() : 'no answer'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** BFFs first, then subgraphs, the data last, so that nobody loses what it needs to finish. */
function stopAll(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    const floors = [parts.bffs, parts.subgraphs, parts.data ? [parts.data] : []];
    for (const floor of floors) {
      await Promise.all(
        children.filter(({ part }) => floor.includes(part)).map((child) => child.stop(1_500)),
      );
    }
    process.exit(exitCode);
  })();
  return stopping;
}
