// Owns what stands in for each field of a BFF's graph: what the BFF says, else what its domain says, of the field itself or of an interface's.
import {
  type DocumentNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { BffDeclaration } from './define-bff.ts';
import { readDomainFallbacks } from './domain-fallbacks.ts';
import { FallbackJudge, usableFallbacks } from './fallback-judge.ts';
import type { Fallback } from './fallback-words.ts';
import { shownSchema, wholeSchema } from './shown-schema.ts';

export interface TracedFallbacks {
  /** In the order in which they are tried. */
  fallbacks: readonly Fallback[];
  /** Who says so: the BFF, or the domain by `@fallback`. */
  origin: 'declared' | '@fallback';
  /** The coordinate it is said of: the field's own, or that of an interface. */
  saidOf: string;
  /** What the domain says and this BFF's clients cannot have, because what it needs is hidden from them. */
  leftOut: readonly Fallback[];
}

interface Options {
  bff: Pick<BffDeclaration, 'fallbacks'>;
  /** The BFF's own, with what is hidden from its clients marked. */
  supergraph: DocumentNode;
}

/**
 * By coordinate of each field that clients see, of objects and of interfaces; none of them empty. Both must have been
 * checked: what is wrong with them is passed over here.
 */
export function resolveFallbacks(options: Options): ReadonlyMap<string, readonly Fallback[]> {
  const traced = [...traceFallbacks(options)];
  return new Map(
    traced.flatMap(([coordinate, { fallbacks }]) => (fallbacks.length > 0 ? [[coordinate, fallbacks]] : [])),
  );
}

/** The same, with where each comes from; also where all that a domain says had to be left out. */
export function traceFallbacks({ bff, supergraph }: Options): ReadonlyMap<string, TracedFallbacks> {
  const { fallbacks: declared = {} } = bff;
  const ofDomains = readDomainFallbacks(supergraph);
  const traced = new Map<string, TracedFallbacks>();
  // Schemas are dear to build, and most graphs have none of this.
  if (Object.keys(declared).length === 0 && ofDomains.size === 0) return traced;
  const schema = shownSchema(supergraph);
  const judge = new FallbackJudge(schema, supergraph, wholeSchema(supergraph));
  for (const type of Object.values(schema.getTypeMap())) {
    if ((!isObjectType(type) && !isInterfaceType(type)) || type.name.startsWith('__')) continue;
    for (const field of Object.keys(type.getFields())) {
      const coordinate = `${type.name}.${field}`;
      const saidOf = sayingOf(type, field, (one) => Object.hasOwn(declared, one));
      const domainOf = sayingOf(type, field, (one) => ofDomains.has(one));
      if (saidOf !== undefined) {
        const fallbacks = usableFallbacks(declared[saidOf]);
        traced.set(coordinate, { fallbacks, origin: 'declared', saidOf, leftOut: [] });
      } else if (domainOf !== undefined) {
        const all = usableFallbacks([...(ofDomains.get(domainOf)?.fallbacks ?? [])]);
        const fallbacks = all.filter((one) => judge.problems(coordinate, one, '').length === 0);
        const leftOut = all.filter((one) => !fallbacks.includes(one));
        traced.set(coordinate, { fallbacks, origin: '@fallback', saidOf: domainOf, leftOut });
      }
    }
  }
  return traced;
}

/** What is said of the field itself comes before what is said of an interface's. */
export function sayingOf(
  type: GraphQLObjectType | GraphQLInterfaceType,
  field: string,
  isSaid: (coordinate: string) => boolean,
): string | undefined {
  return [type, ...type.getInterfaces()].map(({ name }) => `${name}.${field}`).find(isSaid);
}
