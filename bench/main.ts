// Runs the bench: `npm run bench`. What can be said of it is in flags.ts, what it measures in scenarios/scenarios.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { unpackRevision } from './compare.ts';
import { environment } from './environment.ts';
import { estimateSeconds } from './estimate.ts';
import { chosen, type Flags, readFlags, usage } from './flags.ts';
import { describeMachine, describeRevision, describeVersions, missingHere } from './machine.ts';
import { ownProcesses } from './measure/processes.ts';
import { installPeers, peers } from './peers/peers.ts';
import { chartOf } from './report/chart.ts';
import type { Result } from './report/result.ts';
import { markdownReport, terminalReport } from './report/text.ts';
import { cores, runBench } from './run-bench.ts';
import { type Contestant, contestantOf } from './scenarios/contestant.ts';
import { readFurtherPeers } from './scenarios/further-peers.ts';
import { isInvited, planningScenario, scenarios } from './scenarios/scenarios.ts';
import type { Stage } from './scenarios/stage.ts';
import { smokePeers, smokeProblems, smokeScenarios } from './smoke.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const began = performance.now();
const say = (line: string): void => console.error(line);
const processes = ownProcesses();
const folder = mkdtempSync(join(tmpdir(), 'tributary-bench-'));

const stages = new Set<Stage>();
process.on('exit', () => {
  processes.killAll();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void breakOff());

// npm hands no SIGTERM on, so whoever ends npm would leave everything running.
const { ppid } = process;
const watch = setInterval(() => environment.startedByNpm && process.ppid !== ppid && void breakOff(), 500);
watch.unref();

try {
  await main(readFlagsOrExit());
  process.exit();
} catch (error) {
  // What fails while everything is being ended is no news.
  if (processes.isOver()) await new Promise(() => {});
  say(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** Whoever waits at the terminal waits for as long as an origin needs to clear away its data, but 5 s at most. */
async function breakOff(): Promise<never> {
  processes.killAll();
  await Promise.race([Promise.all([...stages].map((stage) => stage.stop())), setTimeout(5_000)]);
  return process.exit(130);
}

function readFlagsOrExit(): Flags {
  try {
    return readFlags(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return process.exit(1);
  }
}

async function main(flags: Flags): Promise<void> {
  const missing = missingHere();
  if (missing.length > 0) throw new Error(`The bench needs ${missing.join(', ')}.`);
  const machine = describeMachine();
  const lineUp = await lineUpOf(flags);
  // What is started from here on is bound to the load's core, unless it is a gateway.
  await processes.start(['taskset', '-a', '-c', '-p', String(cores.load), String(process.pid)]).ended;
  const { rounds, seconds, warmUpSeconds } = flags;
  const onStage = (stage: Stage | undefined) => {
    stages.clear();
    if (stage !== undefined) stages.add(stage);
  };
  const plan = { ...lineUp, rounds, seconds, warmUpSeconds };
  const minutes = Math.max(1, Math.round(estimateSeconds(plan) / 60));
  say(`This takes about ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`);
  const found = await runBench({ ...plan, processes, onStage, folder, say });
  const result: Result = {
    machine,
    revision: await describeRevision(root),
    versions: describeVersions(root),
    options: { rounds, seconds, warmUpSeconds },
    ...found,
    seconds: Math.round((performance.now() - began) / 1000),
  };
  say(terminalReport(result));
  if (flags.json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  if (flags.only === undefined && flags.compare === undefined && !flags.smoke) await keep(result);
  if (flags.smoke) {
    for (const problem of smokeProblems(result.loads)) {
      say(problem);
      process.exitCode = 1;
    }
  }
}

interface LineUp {
  contestants: readonly Contestant[];
  scenarios: typeof scenarios;
  planning: boolean;
  baseline: string;
}

/** Who is measured in what. Installs what the chosen peers need. */
async function lineUpOf(flags: Flags): Promise<LineUp> {
  const named = (names: readonly string[]) => scenarios.filter(({ name }) => names.includes(name));
  if (flags.compare !== undefined) {
    const ours = peers.find(({ name }) => name === 'tributary');
    if (ours === undefined) throw new Error('There is no peer "tributary".');
    const other = await unpackRevision(processes, { root, revision: flags.compare, below: folder });
    return {
      contestants: [contestantOf(ours, root, 'ours'), contestantOf(ours, other.folder, other.name)],
      scenarios: named(['heavy', 'one-fetch', 'typename']),
      planning: false,
      baseline: other.name,
    };
  }
  const further = flags.peers === undefined ? [] : await readFurtherPeers(flags.peers, root);
  const everybody = [...peers.map((peer) => contestantOf(peer, root)), ...further];
  const known = {
    scenarios: [...scenarios, planningScenario].map(({ name }) => name),
    peers: everybody.map(({ name }) => name),
  };
  const wanted = chosen(flags.smoke ? [...smokeScenarios, ...smokePeers] : flags.only, known);
  const planning = wanted.scenarios.includes(planningScenario.name);
  const chosenScenarios = named(wanted.scenarios).filter(({ name, among }) => {
    // What is about caches says nothing where nobody has one, and is measured only for whoever has asked for it by name.
    const isAboutThem = wanted.peers.some((peer) => peer !== 'tributary' && isInvited(among, peer));
    return isAboutThem || !('only' in among) || flags.only?.includes(name);
  });
  const fields = [...chosenScenarios, ...(planning ? [planningScenario] : [])];
  const present = everybody.filter(
    ({ name }) => wanted.peers.includes(name) && fields.some(({ among }) => isInvited(among, name)),
  );
  if (present.some(({ name }) => name.startsWith('hive'))) await installPeers();
  return {
    contestants: present,
    scenarios: chosenScenarios,
    planning,
    baseline: 'apollo',
  };
}

/** For those who read the repository; a run of parts leaves the last whole one alone. */
async function keep(result: Result): Promise<void> {
  const results = join(root, 'bench', 'results');
  await mkdir(results, { recursive: true });
  await writeFile(join(results, 'latest.json'), `${JSON.stringify(result, undefined, 2)}\n`);
  await writeFile(join(results, 'latest.md'), markdownReport(result));
  await writeFile(join(results, 'latest.svg'), chartOf(result));
  say('Written to bench/results/latest.md, latest.svg and latest.json.');
}
