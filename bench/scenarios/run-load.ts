// Owns one scenario under load: everybody started and compared, measured in interleaved rounds, and compared again.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identities } from '../load/identities.ts';
import { headersOf, type Question } from '../load/question.ts';
import { type Load, runWrk } from '../load/wrk.ts';
import { type Answer, faultOf, type Gateway, startGateway } from '../measure/gateway.ts';
import { measureLoad } from '../measure/measure-load.ts';
import { endedChildrenCpu, peakMemory, resetPeakMemory } from '../measure/proc.ts';
import type { Processes } from '../measure/processes.ts';
import { formatRecording, recordAnswer } from '../peers/recording.ts';
import { capacityFor, type LoadTable, type RoundsOf, rowsOf } from '../report/result.ts';
import { answerFacts } from './answer-facts.ts';
import { type Contestant, takingPart } from './contestant.ts';
import { questionOf } from './question-of.ts';
import type { Scenario } from './scenarios.ts';
import type { Stage } from './stage.ts';

export interface Cores {
  gateway: number;
  load: number;
}

export interface RunOptions {
  processes: Processes;
  stage: Stage;
  /** Whose requests are sent. */
  identities: Identities;
  contestants: readonly Contestant[];
  cores: Cores;
  /** For files that go when the bench goes. */
  folder: string;
  say: (line: string) => void;
}

export interface LoadOptions extends RunOptions {
  rounds: number;
  seconds: number;
  warmUpSeconds: number;
  /** Whose answer the others must equal and whose rates they are divided by; else the first that takes part. */
  baseline: string;
}

interface Entrant extends RoundsOf {
  gateway: Gateway;
}

/** Never throws for what a peer does wrong: its row says so. */
export async function runLoad(scenario: Scenario, options: LoadOptions): Promise<LoadTable> {
  const { processes, stage, identities, cores, folder, say } = options;
  const { standIn } = stage;
  const question = questionOf(scenario);
  const load = (url: string, seconds: number) => ({
    url,
    question,
    connections: scenario.connections,
    seconds,
    identities,
    unique: scenario.identity === 'unique',
    core: cores.load,
    folder,
  });
  say(`${scenario.title} (${scenario.name})`);
  await standIn.delay(scenario.delay);
  const recording = join(folder, `${scenario.name}.json`);
  const { entrants, absent } = await startAll(scenario, recording, options);
  try {
    const named = (name: string | undefined) => entrants.find(({ peer }) => peer === name);
    const { baseline = options.baseline, ratioOf = 'rates' } = scenario;
    const { peer: divisor = baseline } = named(baseline) ?? entrants[0] ?? {};
    const known = named(options.baseline) ?? entrants[0];
    const right = known && (await alone(known, ({ gateway }) => gateway.ask(question)));
    const recorded = named(scenario.recorded);
    if (recorded) await alone(recorded, (entrant) => record(entrant, question, identities.next(), recording));
    await compareAll(entrants, question, right);
    for (const entrant of entrants) {
      await alone(entrant, async () => {
        const url = entrant.gateway.url;
        await runWrk(processes, load(url, options.warmUpSeconds));
        await standIn.reset();
        await entrant.gateway.ask(question);
        entrant.fetchesAlone = (await standIn.stats()).requests;
        resetPeakMemory(entrant.gateway.process.pid);
      });
    }
    for (let round = 0; round < options.rounds; round++) {
      for (const entrant of rotated(entrants, round)) {
        await alone(entrant, async ({ gateway }) => {
          const setup = { processes, standIn, gatewayCore: cores.gateway };
          const run = load(gateway.url, options.seconds * scenario.times);
          entrant.rounds.push(await measureLoad(gateway, { ...setup, load: run }));
        });
      }
      say(`  round ${round + 1} of ${options.rounds}: ${rates(entrants)}`);
    }
    for (const entrant of entrants) entrant.peakMemory = peakMemory(entrant.gateway.process.pid);
    await compareAll(entrants, question, right);
    const rows = rowsOf([...entrants, ...absent], divisor, ratioOf);
    const loadEach = await aloneEach(processes, load(`${standIn.url}/echo/${right?.bytes ?? 2}`, 1));
    const { capacity, invalid } = capacityFor(rows, loadEach, ratioOf);
    return {
      name: scenario.name,
      title: scenario.title,
      connections: scenario.connections,
      facts: right === undefined ? {} : answerFacts(right),
      ratioOf,
      baseline: divisor,
      rows,
      capacity,
      invalid: right === undefined ? 'There was no answer to compare with.' : invalid,
    };
  } finally {
    await Promise.all(entrants.map(({ gateway }) => gateway.process.stop()));
    await standIn.delay(0);
  }
}

/** Milliseconds of processor time that asking and reading one answer costs the load, with nobody slow in between. */
async function aloneEach(processes: Processes, load: Load): Promise<number> {
  const before = endedChildrenCpu();
  const { answers } = await runWrk(processes, load);
  return (endedChildrenCpu() - before) / Math.max(1, answers);
}

/** One after another, so that nobody's start is disturbed; whoever is ready is frozen until its turn. */
async function startAll(
  scenario: Scenario,
  recording: string,
  { processes, stage, identities, contestants, cores, folder, say }: LoadOptions,
): Promise<{ entrants: Entrant[]; absent: RoundsOf[] }> {
  const entrants: Entrant[] = [];
  const absent: RoundsOf[] = [];
  for (const { name, cwd, command } of takingPart(
    contestants,
    { ...stage, identity: identities.variables, recording },
    scenario.among,
  )) {
    const nothing = { peer: name, rounds: [], peakMemory: 0, fetchesAlone: 0, answerBytes: 0 };
    const planFolder = await mkdtemp(join(folder, 'plans-'));
    try {
      const token = identities.next;
      const gateway = await startGateway(processes, { command, cwd, core: cores.gateway, planFolder, token });
      gateway.process.freeze();
      entrants.push({ ...nothing, rounds: [], gateway });
    } catch (error) {
      say(`  ${name} does not start: ${text(error)}`);
      absent.push({ ...nothing, failed: `it does not start: ${text(error)}` });
    }
  }
  return { entrants, absent };
}

/** Lets one entrant have its core for as long as the work takes, unless it has failed already. */
async function alone<Found>(
  entrant: Entrant,
  work: (entrant: Entrant) => Promise<Found>,
): Promise<Found | undefined> {
  if (entrant.failed !== undefined) return undefined;
  entrant.gateway.process.thaw();
  try {
    return await work(entrant);
  } catch (error) {
    entrant.failed = text(error);
    return undefined;
  } finally {
    entrant.gateway.process.freeze();
  }
}

async function compareAll(
  entrants: readonly Entrant[],
  question: Question,
  right: Answer | undefined,
): Promise<void> {
  for (const entrant of entrants) {
    await alone(entrant, async ({ gateway }) => {
      const answer = await gateway.ask(question);
      entrant.answerBytes = answer.bytes;
      entrant.failed = faultOf(answer, right ?? answer);
    });
  }
}

/** Writes down an answer that it had already when it was asked. */
async function record({ gateway }: Entrant, question: Question, token: string, path: string): Promise<void> {
  await gateway.ask(question);
  const headers = { ...headersOf(question), authorization: `Bearer ${token}` };
  const answer = await recordAnswer(`${gateway.url}${question.search}`, headers);
  await writeFile(path, formatRecording(answer));
}

/** Everybody is first once, so that nobody always runs behind the same neighbour. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const first = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

function rates(entrants: readonly Entrant[]): string {
  return entrants
    .map(({ peer, failed, rounds }) =>
      failed === undefined ? `${peer} ${rounds.at(-1)?.rps.toFixed(0)}` : `${peer} failed (${failed})`,
    )
    .join(', ');
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
