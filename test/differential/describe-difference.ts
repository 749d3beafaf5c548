// Owns telling a person about a difference: what to run, what came, what should have come, and by which plan.
import type { Difference } from './search-differences.ts';

export function describeDifference(difference: Difference): string {
  const { world, seed, withFailures, what, operation, variables, engine, monolith } = difference;
  const asked = engine.exchanges.map(
    ({ subgraph, document, variables: sent, answer }) =>
      `  ${subgraph}: ${document}\n    ${sent}\n    ${answer}`,
  );
  return [
    `${world}, operation seed ${seed}${withFailures ? ', with failures' : ''}: ${what}`,
    operation.source,
    `variables: ${JSON.stringify(variables)}`,
    `engine:    ${JSON.stringify({ data: engine.data, errors: engine.errors })}`,
    `monolith:  ${JSON.stringify({ data: monolith.data, errors: monolith.errors })}`,
    `asked:\n${asked.join('\n')}`,
    `plan:      ${JSON.stringify(engine.plan)}`,
  ].join('\n');
}
