// Finds the entity that a representation names among plain data, for reference resolvers of federation cases.
import type { Data, FieldResolver } from './case-subgraph.ts';

/**
 * A `__resolveReference`: the item that agrees with the representation wherever it has the same field, with the fields
 * that the representation brings along for `@requires`; null when there is none.
 */
export function entityIn(items: readonly Data[]): FieldResolver {
  return (representation) => {
    const { __typename: _, ...given } = representation;
    const found = items.find((item) => sharesField(item, given) && agrees(item, given));
    return found === undefined ? null : { ...given, ...found };
  };
}

function sharesField(item: Data, given: Data): boolean {
  return Object.keys(given).some((name) => Object.hasOwn(item, name));
}

function agrees(known: unknown, given: unknown): boolean {
  if (Array.isArray(known) && Array.isArray(given)) {
    return known.length === given.length && known.every((item, index) => agrees(item, given[index]));
  }
  if (isObject(known) && isObject(given)) {
    return Object.keys(given).every(
      (name) => !Object.hasOwn(known, name) || agrees(known[name], given[name]),
    );
  }
  return known === given;
}

function isObject(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
