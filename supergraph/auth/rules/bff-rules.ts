// Owns all rules of one router's graph: the domains' directives, and what its declaration demands on top of them.
import { type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import type { BffDeclaration } from '../../declaration/define-bff.ts';
import { allow, type ClientRule, type Rule } from '../../declaration/rule-words.ts';
import { StartupProblem } from '../../foundation/startup-problem.ts';
import { didYouMean } from '../../foundation/suggest.ts';
import type { SupergraphFacts } from '../../foundation/supergraph-facts.ts';
import { directiveReader, type FieldRule, isNoRule, noRule } from './field-rule.ts';
import { GraphRules } from './graph-rules.ts';
import type { RuleOf } from './guarded-operation.ts';

export interface BffRules {
  ruleOf: RuleOf;
  /** Names that @policy uses and the declaration says nothing about: whatever needs them is denied. */
  unknownPolicies: readonly string[];
}

/**
 * Throws a StartupProblem that names every permission without a field, every rule that shares its name with another, and,
 * with `defaultDeny`, every field without a rule.
 */
export function bffRules(
  { permissions = {}, policies = {}, defaultDeny = false }: BffDeclaration,
  { document }: SupergraphFacts,
  apiSchema: GraphQLSchema,
): BffRules {
  const { rules, directives } = graphRules(permissions, policies, document);
  const problems = [...unknownFields(permissions, apiSchema), ...sharedNames(permissions, policies)];
  const unspoken: string[] = [];
  for (const type of Object.values(apiSchema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.keys(type.getFields())) {
      const isSpokenFor = [type.name, ...type.getInterfaces().map(({ name }) => name)].some(
        (name) => own(own(permissions, name), field) ?? own(own(permissions, name), '*'),
      );
      if (!isSpokenFor && isNoRule(rules.rule(type.name, field))) unspoken.push(`${type.name}.${field}`);
    }
  }
  if (defaultDeny && unspoken.length > 0) {
    problems.push(`defaultDeny: there is no rule for ${unspoken.join(', ')}.`);
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return {
    ruleOf: (type, field) => rules.rule(type, field),
    unknownPolicies: [...directives.unknownPolicies],
  };
}

/** Whether not everybody may ask for a field, hidden ones included. */
export function protectedFields(
  { permissions = {}, policies = {} }: BffDeclaration,
  { document }: SupergraphFacts,
): (type: string, field: string) => boolean {
  const { rules } = graphRules(permissions, policies, document);
  return (type, field) => !isNoRule(rules.rule(type, field));
}

function graphRules(
  permissions: NonNullable<BffDeclaration['permissions']>,
  policies: NonNullable<BffDeclaration['policies']>,
  document: SupergraphFacts['document'],
) {
  const known = new Map<string, FieldRule>();
  const permission = (type: string, field: string): FieldRule => {
    const coordinate = `${type}.${field}`;
    let rule = known.get(coordinate);
    if (rule === undefined) {
      const fields = own(permissions, type);
      const given = [own(fields, field), own(fields, '*')];
      const asked = given.filter((one) => one !== undefined && one !== allow) as Rule[];
      rule = {
        ...noRule,
        asked: asked.filter((one) => !isClientRule(one)).map((one) => ({ coordinate, rule: one })),
        clients: asked.filter(isClientRule).map(({ clients }) => clients),
      };
      known.set(coordinate, rule);
    }
    return rule;
  };
  const directives = directiveReader(document, policies);
  const rules = new GraphRules({ document, readDirectives: directives.read, permission });
  return { rules, directives };
}

function isClientRule(rule: Rule): rule is ClientRule {
  return 'clients' in rule;
}

/** A type may be called `constructor`. */
function own<Value>(entries: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function unknownFields(
  permissions: NonNullable<BffDeclaration['permissions']>,
  schema: GraphQLSchema,
): string[] {
  return Object.entries(permissions).flatMap(([name, fields]) => {
    const type = schema.getType(name);
    if (!isObjectType(type) && !isInterfaceType(type)) {
      const hint = didYouMean(name, Object.keys(schema.getTypeMap()));
      return [`permissions.${name}: there is no such type with fields.${hint}`];
    }
    const names = Object.keys(type.getFields());
    return Object.keys(fields)
      .filter((field) => field !== '*' && !names.includes(field))
      .map((field) => `permissions.${name}.${field}: there is no such field.${didYouMean(field, names)}`);
  });
}

/** What graphql-shield remembers, where a rule tells it to, goes by the rule's name: a namesake would get that verdict. */
function sharedNames(
  permissions: NonNullable<BffDeclaration['permissions']>,
  policies: NonNullable<BffDeclaration['policies']>,
): string[] {
  const functions = new Map<string, unknown>();
  const problems = new Set<string>();
  const visit = (one: Rule): void => {
    if ('getRules' in one) {
      for (const inner of one.getRules()) visit(inner as Rule);
      return;
    }
    const { name, cache, func } = one as unknown as { name: string; cache: unknown; func: unknown };
    if (cache === 'no_cache') return;
    const namesake = functions.get(name) ?? func;
    if (namesake !== func) problems.add(`permissions: two rules that are remembered are called "${name}".`);
    functions.set(name, func);
  };
  for (const fields of [...Object.values(permissions), policies]) {
    for (const one of Object.values(fields)) visit(one);
  }
  return [...problems];
}
