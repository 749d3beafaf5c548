// Owns finding everything that is wrong with declared permissions, in words that say how to put it right.

import { type DocumentNode, Kind } from 'graphql';
import { isRecord } from '../foundation/is-record.ts';
import { didYouMean } from '../foundation/suggest.ts';
import type { BffDeclaration } from './define-bff.ts';

/** All problems, each a sentence; of unknown coordinates where the supergraph is there to look them up. */
export function checkPermissions(
  { permissions, policies, defaultDeny }: BffDeclaration,
  supergraph: DocumentNode | undefined,
): string[] {
  const problems: string[] = [];
  const known = supergraph && visibleFields(supergraph);
  for (const [type, fields] of Object.entries(permissions ?? {})) {
    if (!isRecord(fields)) problems.push(`permissions.${type}: must be an object of fields and rules.`);
    else {
      problems.push(...checkRules(fields, `permissions.${type}.`));
      if (known) problems.push(...unknownCoordinates(type, Object.keys(fields), known));
    }
  }
  problems.push(...checkRules(policies ?? {}, 'policies.'));
  if (defaultDeny !== undefined && typeof defaultDeny !== 'boolean')
    problems.push(`defaultDeny: must be true or false, but is ${JSON.stringify(defaultDeny)}.`);
  return problems;
}

function checkRules(rules: object, at: string): string[] {
  return Object.entries(rules)
    .filter(([, rule]) => !isRecord(rule) || typeof rule['resolve'] !== 'function')
    .map(([name]) => `${at}${name}: must be a rule: write e.g. rule()(…), and(…), or(…) or not(…).`);
}

function unknownCoordinates(
  type: string,
  fields: readonly string[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const names = known.get(type);
  if (names === undefined)
    return [`permissions.${type}: there is no such type with fields.${didYouMean(type, [...known.keys()])}`];
  return fields
    .filter((field) => field !== '*' && !names.has(field))
    .map((field) => `permissions.${type}.${field}: there is no such field.${didYouMean(field, names)}`);
}

/** By type. What is hidden is not for rules of a BFF: nobody can ask for it. */
function visibleFields({ definitions }: DocumentNode): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const definition of definitions) {
    const hasFields =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
    if (!hasFields || isHidden(definition)) continue;
    const fields = (definition.fields ?? []).filter((field) => !isHidden(field));
    types.set(definition.name.value, new Set(fields.map(({ name }) => name.value)));
  }
  return types;
}

function isHidden({
  directives = [],
}: {
  directives?: readonly { name: { value: string } }[] | undefined;
}): boolean {
  return directives.some(({ name }) => name.value === 'inaccessible');
}
