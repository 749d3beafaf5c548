// Owns `npm run compose` as a part of a scaffold: in this process, because loading all of it again takes seconds.
import { bffsHere } from '../composition/bffs-here.ts';
import { CompositionFailure } from '../composition/composition-problem.ts';
import { generate } from '../composition/generate.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';

/** Content by path of what the subgraphs and BFFs here generate now. Throws a StartupProblem with all that does not fit. */
export async function composedFiles(): Promise<Map<string, string>> {
  try {
    return await generate({
      subgraphs: 'subgraphs/subgraphs.json',
      bffs: await bffsHere(),
      out: 'supergraph/graph/supergraph.graphql',
    });
  } catch (error) {
    if (error instanceof CompositionFailure)
      throw new StartupProblem(`It does not compose:\n\n${error.message}\n`);
    throw error;
  }
}
