// Owns refusing what subgraphs write as `@fallback` and cannot stand in, with its place in their schemas.
import {
  type ConstDirectiveNode,
  getLocation,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  parse,
  print,
  visit,
} from 'graphql';
import { domainFallbackProblems } from '../declaration/check-fallbacks.ts';
import { fallbackLinkProblem, fallbackNames } from '../declaration/domain-fallbacks.ts';
import { linkedNames } from '../foundation/linked-names.ts';
import { stringArgument } from '../foundation/supergraph-facts.ts';
import { CompositionFailure, type CompositionProblem } from './composition-problem.ts';
import type { SubgraphSchema } from './read-subgraphs.ts';

interface Use {
  subgraph: string;
  /** Of a field; of a type or an argument where it has no business. */
  coordinate: string;
  isOnField: boolean;
  directive: ConstDirectiveNode;
}

const rule = 'INVALID_FALLBACK';

/** Throws a CompositionFailure with all problems; `supergraphSdl` is what the schemas were composed to. */
export function demandDomainFallbacks(subgraphs: readonly SubgraphSchema[], supergraphSdl: string): void {
  const uses = subgraphs.flatMap(usesIn);
  if (uses.length === 0) return;
  const problems = [
    ...subgraphs.flatMap(linkProblems),
    ...uses.filter((use) => !use.isOnField).map((use) => problemAt([use], 'stands for a field alone.')),
    ...disagreements(uses),
  ];
  const ofAll = domainFallbackProblems(parse(supergraphSdl, { noLocation: true }));
  for (const { coordinate, message } of ofAll) {
    const there = uses.filter((use) => use.isOnField && use.coordinate === coordinate);
    problems.push(problemAt(there, message, coordinate));
  }
  if (problems.length > 0) throw new CompositionFailure(problems);
}

function problemAt(
  uses: readonly Use[],
  message: string,
  coordinate = uses[0]?.coordinate,
): CompositionProblem {
  const loc = uses[0]?.directive.loc;
  const { line, column } = loc ? getLocation(loc.source, loc.start) : { line: 0, column: 0 };
  const place = line === 0 ? '' : `Line ${line}, column ${column}: `;
  return {
    where: [...new Set(uses.map(({ subgraph }) => subgraph))],
    coordinate,
    rule,
    message: `${place}@fallback: ${message}`,
  };
}

/** Composition would take one of them, and nobody would know which. */
function disagreements(uses: readonly Use[]): CompositionProblem[] {
  const byCoordinate = new Map<string, Use[]>();
  for (const use of uses) {
    const there = byCoordinate.get(use.coordinate) ?? [];
    byCoordinate.set(use.coordinate, [...there, use]);
  }
  return [...byCoordinate.values()].flatMap((there) => {
    const texts = new Set(there.map(({ directive }) => saidBy(directive)));
    return texts.size < 2 ? [] : [problemAt(there, 'subgraphs do not agree about it: write it alike.')];
  });
}

function saidBy({ arguments: given = [] }: ConstDirectiveNode): string {
  return given
    .map((argument) => print(argument))
    .sort()
    .join(' ');
}

function linkProblems({ name, document }: SubgraphSchema): CompositionProblem[] {
  const version = fallbackLinkProblem(document);
  if (version !== undefined) return [{ where: [name], coordinate: undefined, rule, message: version }];
  const composing = linkedNames(document, 'composeDirective');
  const composed = new Set<string | undefined>();
  visit(document, {
    Directive(directive) {
      if (composing.has(directive.name.value))
        composed.add(stringArgument(directive as ConstDirectiveNode, 'name')?.replace(/^@/, ''));
    },
  });
  const used = new Set(usesIn({ name, document }).map(({ directive }) => directive.name.value));
  return [...used]
    .filter((one) => !composed.has(one))
    .map((one) => ({
      where: [name],
      coordinate: undefined,
      rule,
      message: `@${one} does not reach routers: write @composeDirective(name: "@${one}") beside its @link.`,
    }));
}

function usesIn({ name: subgraph, document }: Pick<SubgraphSchema, 'name' | 'document'>): Use[] {
  const names = fallbackNames(document);
  const uses: Use[] = [];
  if (names.size === 0) return uses;
  for (const definition of document.definitions) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    const type = definition.name.value;
    const add = (coordinate: string, isOnField: boolean, directives: readonly ConstDirectiveNode[] = []) => {
      for (const directive of directives)
        if (names.has(directive.name.value)) uses.push({ subgraph, coordinate, isOnField, directive });
    };
    add(type, false, definition.directives);
    for (const field of 'fields' in definition ? (definition.fields ?? []) : [])
      add(`${type}.${field.name.value}`, field.kind === Kind.FIELD_DEFINITION, field.directives);
  }
  return uses;
}
