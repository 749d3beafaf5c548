// Owns saying what stands in for which field of a BFF's graph, and who says so.
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { Fallback } from '../declaration/fallback-words.ts';
import { type TracedFallbacks, traceFallbacks } from '../declaration/resolved-fallbacks.ts';
import type { Environment } from '../foundation/environment.ts';
import type { SupergraphFacts } from '../foundation/supergraph-facts.ts';

/** Rows of what is said, and of where it comes from, sorted by coordinate. */
export function explainFallbacks(
  bff: BffDeclaration,
  { document }: SupergraphFacts,
  { engine }: Environment,
): (readonly [key: string, value: string, from: string])[] {
  const traced = [...traceFallbacks({ bff, supergraph: document })];
  if (traced.length === 0) return [['fallbacks', 'none', 'default']];
  if (engine === 'apollo') return [['fallbacks', 'nothing stands in', 'ENGINE']];
  return traced
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([coordinate, one]) => [
      `fallbacks.${coordinate}`,
      one.fallbacks.map(inWords).join(', ') || 'none',
      origin(coordinate, one),
    ]);
}

function origin(coordinate: string, { origin, saidOf, leftOut }: TracedFallbacks): string {
  const of = saidOf === coordinate ? '' : ` of ${saidOf}`;
  const without = leftOut.map(inWords).join(', ');
  return `${origin}${of}${without && `, without ${without}: clients do not see what it needs`}`;
}

/** Nothing where it is that of the field's cache rule. */
function scopeOf({ scope }: Extract<Fallback, { kind: 'lastKnown' }>): string[] {
  if (scope === undefined) return [];
  return [`for ${typeof scope === 'string' ? scope : `claim ${scope.claim}`}`];
}

/** As it is written in a declaration, or nearly. */
function inWords(fallback: Fallback): string {
  switch (fallback.kind) {
    case 'value':
      return `value(${JSON.stringify(fallback.value)})`;
    case 'lastKnown':
      return `lastKnown(${[fallback.upTo, ...scopeOf(fallback)].join(', ')})`;
    case 'field': {
      const given = Object.entries(fallback.arguments).map(
        ([name, value]) => `${name}: ${JSON.stringify(value)}`,
      );
      return `field(${[fallback.coordinate, ...given].join(', ')})`;
    }
    default:
      return fallback.kind;
  }
}
