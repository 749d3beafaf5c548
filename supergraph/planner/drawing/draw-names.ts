// Owns the way back from the private names in a plan to the names that the client wrote.
import type { CanonicalOperation } from '../canonical/canonical-operation.ts';
import type { CanonicalSelection } from '../canonical/canonical-selection.ts';

export interface NameInPlan {
  /** `$v0`, or a path of response names: `product._0_reviews`. */
  inPlan: string;
  /** `$id`, `product.latestReviews`. */
  ofClient: string;
}

/** Only what is called otherwise in the plan, in the order of the operation, variables first. */
export function namesInPlan({ selections, variables }: CanonicalOperation): NameInPlan[] {
  const names = new Map<string, NameInPlan>();
  const add = (inPlan: string, ofClient: string) => {
    if (inPlan !== ofClient) names.set(`${inPlan} ${ofClient}`, { inPlan, ofClient });
  };
  for (const [canonical, client] of variables) add(`$${canonical}`, `$${client}`);
  readNames(selections, [], [], add);
  return [...names.values()];
}

/** Response names of the root that are answered from the schema, so that they stand in no plan. */
export function answeredFromSchema(selections: readonly CanonicalSelection[]): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'fragment') return answeredFromSchema(selection.selections);
    return selection.introspection ? [selection.responseName] : [];
  });
}

/** `$v0 is $id`, a line each. */
export function drawNames(names: readonly NameInPlan[]): string {
  const width = Math.max(0, ...names.map(({ inPlan }) => inPlan.length));
  return names.map(({ inPlan, ofClient }) => `${inPlan.padEnd(width)} is ${ofClient}`).join('\n');
}

function readNames(
  selections: readonly CanonicalSelection[],
  inPlan: readonly string[],
  ofClient: readonly string[],
  add: (inPlan: string, ofClient: string) => void,
): void {
  for (const selection of selections) {
    if (selection.kind === 'fragment') {
      readNames(selection.selections, inPlan, ofClient, add);
      continue;
    }
    if (selection.introspection || selection.isHidden) continue;
    const path = [...inPlan, selection.name];
    const clientPath = [...ofClient, selection.responseName];
    // Paths that differ above this field alone need no line of their own.
    if (selection.name !== selection.responseName) add(path.join('.'), clientPath.join('.'));
    readNames(selection.selections ?? [], path, clientPath, add);
  }
}
