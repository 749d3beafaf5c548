// Owns how a scaffold behaves as a command: what it says when it is done, and how it fails.
import { StartupProblem } from '../foundation/startup-problem.ts';

/** `make` gives the lines that are printed; a StartupProblem is told without its trace, and exits with 1. */
export async function runScaffold(make: () => Promise<readonly string[]>): Promise<void> {
  try {
    for (const line of await make()) console.log(line);
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof StartupProblem ? error.message : error);
  }
}
