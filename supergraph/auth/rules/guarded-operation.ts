// Owns an operation's rules: which of its fields have one, and what is left of it once these have been decided.
import {
  type FieldNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getArgumentValues,
  print,
} from 'graphql';
import {
  type CanonicalOperation,
  type ClientOperation,
  canonicalOperation,
} from '../../planner/canonical/canonical-operation.ts';
import type { OperationSchema } from '../../planner/canonical/operation-schema.ts';
import type { Check, Verdicts } from './decide.ts';
import { type FieldRule, isNoRule } from './field-rule.ts';

/** The rule of a field of an object type. */
export type RuleOf = (type: string, field: string) => FieldRule;

/** For one combination of the operation's conditions; valid as for canonicalOperation. */
export class GuardedOperation {
  /** Each field with a rule once for the same arguments, in the operation's order. */
  readonly checks: readonly Check[];
  /** Places of checks, by field and arguments. */
  private readonly places = new Map<string, number>();
  /** What it is for those who may ask for everything. */
  private readonly whole: CanonicalOperation;
  private readonly denied: (verdicts: Verdicts) => CanonicalOperation;

  constructor(
    schema: OperationSchema,
    operation: ClientOperation,
    conditions: Readonly<Record<string, unknown>>,
    ruleOf: RuleOf,
  ) {
    const checks: Check[] = [];
    this.whole = canonicalOperation(schema, operation, conditions, (type, node) => {
      const rule = ruleOf(type.name, node.name.value);
      const key = keyOf(type, node);
      if (!isNoRule(rule) && !this.places.has(key)) {
        this.places.set(key, checks.length);
        checks.push(checkOf(type, node, rule));
      }
      return undefined;
    });
    this.checks = checks;
    this.denied = (verdicts) =>
      canonicalOperation(schema, operation, conditions, (type, node) => {
        const place = this.places.get(keyOf(type, node));
        return place !== undefined && verdicts[place] ? place : undefined;
      });
  }

  /** By the places of the checks; what was denied has the place of its check. */
  canonical(verdicts: Verdicts): CanonicalOperation {
    return verdicts.some(Boolean) ? this.denied(verdicts) : this.whole;
  }
}

function keyOf({ name }: { name: string }, { name: field, arguments: given = [] }: FieldNode): string {
  return `${name}.${field.value}(${given.map(print).sort().join()})`;
}

function checkOf(type: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode, rule: FieldRule): Check {
  const definition = type.getFields()[node.name.value];
  return {
    coordinate: `${type.name}.${node.name.value}`,
    rule,
    args: (variables) => (definition ? getArgumentValues(definition, node, variables) : {}),
  };
}
