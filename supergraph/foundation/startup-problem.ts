// Owns the error that means "this process cannot start, and here is why"; it prints and exits nothing itself.

/** Its message is written for the person at the terminal and is all that is shown; there is no bug to trace. */
export class StartupProblem extends Error {
  override name = 'StartupProblem';
}
