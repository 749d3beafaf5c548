// Owns finding everything that is wrong with declared fallbacks and with those of the domains, in words that say how to put it right.
import { type DocumentNode, isInterfaceType, isObjectType } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import type { BffDeclaration } from './define-bff.ts';
import { fallbackLinkProblem, readDomainFallbacks } from './domain-fallbacks.ts';
import { FallbackJudge, fallbackList, shapeProblems, usableFallbacks } from './fallback-judge.ts';
import { resolveFallbacks, sayingOf } from './resolved-fallbacks.ts';
import { shownSchema, wholeSchema } from './shown-schema.ts';
import { unknownCoordinate } from './unknown-coordinate.ts';

export interface FallbackProblem {
  /** undefined for what is about none alone. */
  coordinate: string | undefined;
  message: string;
}

/** All problems, each a sentence; of what does not fit the graph where the supergraph is there to look it up. */
export function checkFallbacks(fallbacks: unknown, supergraph: DocumentNode | undefined): string[] {
  if (fallbacks !== undefined && !isRecord(fallbacks))
    return ['fallbacks: must be an object of coordinates, and what stands in for each.'];
  const said = fallbacks ?? {};
  const problems = Object.entries(said).flatMap(([coordinate, given]) =>
    shapeProblems(given, `fallbacks.${coordinate}`),
  );
  if (supergraph === undefined) return problems;
  problems.push(...misfits(said, supergraph));
  const ofDomains = domainFallbackProblems(supergraph);
  problems.push(
    ...ofDomains.map(({ coordinate, message }) =>
      coordinate === undefined ? message : `the graph's @fallback of ${coordinate}: ${message}`,
    ),
  );
  // A chain that leads back shows only where there is nothing else wrong with its links.
  if (problems.length > 0) return problems;
  return circles({ fallbacks: said as NonNullable<BffDeclaration['fallbacks']> }, supergraph).map(
    ({ coordinate, message }) => `fallbacks.${coordinate}: ${message}`,
  );
}

/** Of those that domains write as `@fallback`, in the whole graph: what is hidden from a BFF's clients counts. */
export function domainFallbackProblems(supergraph: DocumentNode): FallbackProblem[] {
  const link = fallbackLinkProblem(supergraph);
  if (link !== undefined) return [{ coordinate: undefined, message: link }];
  const all = readDomainFallbacks(supergraph);
  if (all.size === 0) return [];
  const judge = new FallbackJudge(wholeSchema(supergraph), supergraph);
  const problems = [...all].flatMap(([coordinate, { fallbacks, problems }]) => {
    const [type = ''] = coordinate.split('.');
    const refusal = judge.refusal(type);
    const messages = refusal === undefined ? [...problems] : [refusal];
    if (refusal === undefined)
      for (const one of fallbacks) {
        const at = one.kind;
        const shape = shapeProblems(one, at);
        messages.push(
          ...(shape.length > 0
            ? shape
            : fitProblems(judge, { coordinate, one, at, isSaid: (name) => all.has(name) })),
        );
      }
    if (fallbacks.some(({ kind }) => kind === 'value') && fallbacks.some(({ kind }) => kind === 'critical'))
      messages.push('critical is never reached beside value: one of them is enough.');
    return messages.map((message) => ({ coordinate, message: plain(message) }));
  });
  return problems.length > 0 ? problems : circles({}, supergraph);
}

/** `value.value` is the value of a declaration's word; a directive has its arguments alone. */
function plain(message: string): string {
  return message
    .replace(/^omit: /, '')
    .replace(/^(value)\.value|^(lastKnown)\.upTo|^field\.(arguments)/, '$1$2$3');
}

function misfits(said: Readonly<Record<string, unknown>>, supergraph: DocumentNode): string[] {
  if (Object.keys(said).length === 0) return [];
  const judge = new FallbackJudge(shownSchema(supergraph), supergraph);
  const unknown = unknownCoordinate(supergraph, judge.schema);
  return Object.entries(said).flatMap(([coordinate, given]) => {
    const at = `fallbacks.${coordinate}`;
    const [type = ''] = coordinate.split('.');
    const why = judge.refusal(type) ?? unknown(coordinate);
    if (why !== undefined) return [`${at}: ${why}`];
    return fallbackList(given).flatMap((raw, index) => {
      const here = Array.isArray(given) ? `${at}.${index}` : at;
      const [one] = usableFallbacks([raw]);
      const isSaid = (name: string) => Object.hasOwn(said, name);
      return one === undefined ? [] : fitProblems(judge, { coordinate, one, at: here, isSaid });
    });
  });
}

interface Said {
  coordinate: string;
  one: ReturnType<typeof usableFallbacks>[number];
  at: string;
  /** Whether something is said of a coordinate. */
  isSaid: (coordinate: string) => boolean;
}

/** Of the field itself, and of all objects that take it from the interface. */
function fitProblems(judge: FallbackJudge, { coordinate, one, at, isSaid }: Said): string[] {
  const own = judge.problems(coordinate, one, at);
  const found = judge.find(coordinate);
  if (own.length > 0 || found === undefined || !isInterfaceType(found.owner)) return own;
  const { name } = found.field;
  const heirs = Object.values(judge.schema.getTypeMap()).filter(
    (type) =>
      (isObjectType(type) || isInterfaceType(type)) &&
      type !== found.owner &&
      sayingOf(type, name, isSaid) === coordinate,
  );
  return heirs.flatMap((type) => {
    const problems = judge.problems(`${type.name}.${name}`, one, at);
    return problems.map(
      (problem) => `${problem} So it is for ${type.name}.${name}, which has no fallback of its own.`,
    );
  });
}

/** Fields that would stand in for themselves, through others or at once. */
function circles(bff: Pick<BffDeclaration, 'fallbacks'>, supergraph: DocumentNode): FallbackProblem[] {
  const targets = new Map(
    [...resolveFallbacks({ bff, supergraph })].map(([coordinate, list]) => [
      coordinate,
      list.flatMap((one) => (one.kind === 'field' ? [one.coordinate] : [])),
    ]),
  );
  const problems: FallbackProblem[] = [];
  const done = new Set<string>();
  const follow = (coordinate: string, path: readonly string[]): void => {
    const start = path.indexOf(coordinate);
    if (start >= 0) {
      const circle = [...path.slice(start), coordinate].join(' → ');
      problems.push({ coordinate, message: `would stand in for itself: ${circle}.` });
    } else if (!done.has(coordinate)) {
      for (const next of targets.get(coordinate) ?? []) follow(next, [...path, coordinate]);
      done.add(coordinate);
    }
  };
  for (const coordinate of targets.keys()) follow(coordinate, []);
  return problems;
}
