// Owns finding everything that is wrong with the policies a declaration has for single fields, in words that say how to put it right.
import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import { typeKeys } from '../foundation/type-keys.ts';
import { checkBreaker, checkDuration, checkParts, resilienceKeys } from './check-resilience.ts';
import { shownSchema } from './shown-schema.ts';
import { unknownCoordinate } from './unknown-coordinate.ts';

const parts = { timeout: checkDuration, breaker: checkBreaker };
const ofSubgraphs: readonly string[] = resilienceKeys.filter((key) => !Object.hasOwn(parts, key));

/** All problems, each a sentence; of what a policy can do nothing for where the supergraph is there to look it up. */
export function checkFieldPolicies(fields: unknown, supergraph: DocumentNode | undefined): string[] {
  if (fields === undefined) return [];
  if (!isRecord(fields)) return ['fields: must be an object of coordinates, and the policy of each.'];
  const misfits = supergraph && new Misfits(supergraph);
  return Object.entries(fields).flatMap(([coordinate, policy]) => {
    const at = `fields.${coordinate}`;
    return [...(misfits?.of(coordinate, policy, at) ?? []), ...checkPolicy(policy, at)];
  });
}

function checkPolicy(policy: unknown, at: string): string[] {
  if (!isRecord(policy)) return checkParts(policy, at, 'must be a policy', parts);
  const misplaced = Object.keys(policy).filter((key) => ofSubgraphs.includes(key));
  const rest = Object.fromEntries(Object.entries(policy).filter(([key]) => !misplaced.includes(key)));
  return [
    ...misplaced.map((key) => `${at}.${key}: is for whole subgraphs; a field has timeout and breaker.`),
    ...checkParts(rest, at, 'must be a policy', parts),
  ];
}

/** What is said of fields for which it can do nothing. */
class Misfits {
  readonly #schema: GraphQLSchema;
  readonly #keys: ReadonlyMap<string, readonly SelectionSetNode[]>;
  readonly #unknown: (coordinate: string) => string | undefined;

  constructor(supergraph: DocumentNode) {
    this.#schema = shownSchema(supergraph);
    this.#keys = typeKeys(supergraph);
    this.#unknown = unknownCoordinate(supergraph, this.#schema);
  }

  of(coordinate: string, policy: unknown, at: string): string[] {
    const unknown = this.#unknown(coordinate);
    if (unknown !== undefined) return [`${at}: ${unknown}`];
    const [type = '', field = ''] = coordinate.split('.');
    if (type === this.#schema.getMutationType()?.name)
      return [`${at}: a mutation is asked for as it is, by the policy of its subgraph: leave it out.`];
    if (type === this.#schema.getSubscriptionType()?.name)
      return [`${at}: a subscription is asked for as it is: leave it out.`];
    const { timeout, breaker } = isRecord(policy) ? policy : {};
    return [
      ...(timeout !== undefined && !this.#isAskedForAlone(type)
        ? [
            `${at}.timeout: ${type} has no @key, so its fields are never asked for by themselves: leave it out.`,
          ]
        : []),
      ...(isRecord(breaker) && this.#isInKey(type, field)
        ? [`${at}.breaker: it is in a @key of ${type}, so it is always asked for: leave it out.`]
        : []),
    ];
  }

  /** Of an interface, whether any of its objects is. */
  #isAskedForAlone(name: string): boolean {
    if (name === this.#schema.getQueryType()?.name || this.#keys.has(name)) return true;
    const type = this.#schema.getType(name);
    const objects = isInterfaceType(type) ? this.#schema.getPossibleTypes(type) : [];
    return objects.some((object) => isObjectType(object) && this.#keys.has(object.name));
  }

  #isInKey(type: string, field: string): boolean {
    const keys = this.#keys.get(type) ?? [];
    return keys.some(({ selections }) =>
      selections.some((one) => one.kind === Kind.FIELD && one.name.value === field),
    );
  }
}
