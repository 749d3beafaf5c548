// Owns how many points an operation takes of each rate that is not simply about requests.
import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { type CountedOperation, fieldUses } from './field-uses.ts';
import type { RateTerms } from './rate-terms.ts';

/** By rate, in the order of their declaration; 0 where the operation does not fall under it. */
export type Charge = readonly number[];

/** `cost` is what the operation is estimated to cost; without it it costs one point. */
export type ChargeOf = (operation: CountedOperation, cost: number | undefined) => Charge;

/** Whether nothing of it is counted. */
export function isFree(charge: Charge): boolean {
  return charge.every((points) => points === 0);
}

/** Worked out once for each operation, but for its cost, which is of its variables too. `schema` is what clients see. */
export function createChargeOf(rates: readonly RateTerms[], schema: () => GraphQLSchema): ChargeOf {
  const known = new WeakMap<OperationDefinitionNode, Charge>();
  const coordinates = rates.flatMap(({ of }) => (typeof of === 'object' && 'fields' in of ? of.fields : []));
  const areCosts = rates.map(({ of }) => of === 'cost');
  const hasCosts = areCosts.includes(true);

  function fixed(given: CountedOperation): Charge {
    const name = given.operation.name?.value;
    const uses = fieldUses(schema(), coordinates, given);
    return rates.map(({ of }) => {
      if (typeof of !== 'object') return 0;
      if ('operations' in of) return name !== undefined && of.operations.includes(name) ? 1 : 0;
      return of.fields.reduce((sum, coordinate) => sum + (uses.get(coordinate) ?? 0), 0);
    });
  }

  return (given, cost = 1) => {
    let charge = known.get(given.operation);
    if (charge === undefined) {
      charge = fixed(given);
      known.set(given.operation, charge);
    }
    if (!hasCosts) return charge;
    // What costs nothing has been asked for all the same.
    const points = Math.max(1, Math.ceil(Math.min(cost, Number.MAX_SAFE_INTEGER)));
    return charge.map((one, index) => (areCosts[index] ? points : one));
  };
}
