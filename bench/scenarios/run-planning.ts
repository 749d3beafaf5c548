// Owns the scenario of cold planning: the first answer to a query that has very many plans, what it costs those who ask
// for something else meanwhile, and whether it is paid again after a restart and by a second process.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type Answer, faultOf, type Gateway, startGateway } from '../measure/gateway.ts';
import { probeLoop } from '../measure/loop-gap.ts';
import type { FirstAnswer, PlanningRow, PlanningTable } from '../report/result.ts';
import { sizeOf } from './answer-facts.ts';
import { takingPart } from './contestant.ts';
import { questionOf } from './question-of.ts';
import type { RunOptions } from './run-load.ts';
import type { PlanningScenario } from './scenarios.ts';

/** Never throws for what a peer does wrong: its row says so. */
export async function runPlanning(scenario: PlanningScenario, options: RunOptions): Promise<PlanningTable> {
  const { processes, stage, identities, contestants, cores, folder, say } = options;
  const question = questionOf(scenario);
  const rows: PlanningRow[] = [];
  let right: Answer | undefined;
  say(`${scenario.title} (${scenario.name})`);

  const firstAnswer = async (gateway: Gateway): Promise<FirstAnswer> => {
    const probe = probeLoop(gateway.url);
    try {
      // What a server does in its first second is not planning.
      await pause(500);
      probe.longest();
      await pause(1_000);
      const gapBefore = probe.longest();
      await stage.standIn.reset();
      const began = performance.now();
      const answer = await gateway.ask(question, scenario.limit).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'TimeoutError') return undefined;
        throw error;
      });
      const took = answer && performance.now() - began;
      if (answer !== undefined) {
        right ??= answer;
        const fault = faultOf(answer, right);
        if (fault !== undefined) throw new Error(fault);
      }
      const gap = probe.longest();
      return { took, gap, gapBefore, fetches: (await stage.standIn.stats()).requests };
    } finally {
      probe.stop();
    }
  };

  for (const { name, cwd, command } of takingPart(
    contestants,
    { ...stage, identity: identities.variables, recording: '' },
    scenario.among,
  )) {
    const row: PlanningRow = {
      peer: name,
      failed: undefined,
      cold: undefined,
      restart: undefined,
      replica: undefined,
    };
    rows.push(row);
    const running: Gateway[] = [];
    try {
      const planFolder = await mkdtemp(join(folder, 'plans-'));
      const start = async () => {
        const gateway = await startGateway(processes, {
          command,
          cwd,
          core: cores.gateway,
          planFolder,
          token: identities.next,
        });
        running.push(gateway);
        return gateway;
      };
      const first = await start();
      row.cold = await firstAnswer(first);
      await first.process.stop();
      // Whoever had no answer within the limit has nothing to be warm with.
      if (row.cold.took !== undefined) {
        row.restart = await firstAnswer(await start());
        // Who pays again after a restart would pay a third time.
        const kept = row.restart.took !== undefined && row.restart.took < row.cold.took / 2;
        if (kept) row.replica = await firstAnswer(await start());
      }
    } catch (error) {
      row.failed = error instanceof Error ? error.message : String(error);
    } finally {
      await Promise.all(running.map(({ process }) => process.stop()));
    }
    say(`  ${name}: ${row.failed ?? wordsOf(row.cold)}; restarted ${wordsOf(row.restart)}`);
  }
  return { title: scenario.title, facts: right === undefined ? {} : { answer: sizeOf(right.bytes) }, rows };
}

function wordsOf(first: FirstAnswer | undefined): string {
  if (first === undefined) return 'not reached';
  const took = first.took === undefined ? 'no answer in time' : `${first.took.toFixed(0)} ms`;
  return `${took}, gap ${first.gap.toFixed(0)} ms, ${first.fetches} fetches`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
