// Owns that callers get what they may, and nothing else; directive-rules.ts says which rules the SDL's directives make,
// hide-rows.ts what becomes of rows that are not shown.
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Caller } from '../calls/caller.ts';
import { askRule, type GuardedContext } from './ask-rule.ts';
import { directiveRules } from './directive-rules.ts';
import { hideRows } from './hide-rows.ts';
import { and, type FieldRules, isRule, type Permissions, type ShieldRule } from './shield.ts';

type Field = GraphQLField<object, GuardedContext>;
type Resolve = GraphQLFieldResolver<object, GuardedContext>;

/** Fields of federation itself: what comes out of `_entities` is guarded field by field. */
const FEDERATION_FIELDS = new Set(['_entities', '_service']);

export interface GuardOptions {
  /** Told what a rule threw that decides about rows; nobody else hears of it. */
  report?: (error: unknown) => void;
}

/**
 * Guards a schema in place, with @authenticated, @requiresScopes and `permissions`; where several speak of one thing, all
 * must allow. What is not usable fails with GraphQLError UNAUTHENTICATED for somebody anonymous and FORBIDDEN for others;
 * what is not shown is null, or left out of a list that holds no nulls. Other fields stay as they are: no field pays for
 * a rule it does not have. Throws when `permissions` names what is not there, when two rules share a name, because then
 * they would share their verdicts too, and when something that is not shown to everybody may not be null.
 */
export function guardSchema(
  schema: GraphQLSchema,
  { shownTo = {}, usableBy = {} }: Permissions = {},
  { report = () => {} }: GuardOptions = {},
): GraphQLSchema {
  const fieldsShown: FieldRules = Object.fromEntries(
    Object.entries(shownTo).flatMap(([name, given]) => (isRule(given) ? [] : [[name, given]])),
  );
  refuseUnknownFields(schema, fieldsShown);
  refuseUnknownFields(schema, usableBy);
  refuseSharedNames([
    ...Object.values(shownTo).flatMap((given) => (isRule(given) ? [given] : Object.values(given))),
    ...Object.values(usableBy).flatMap((fields) => Object.values(fields)),
  ]);
  hideRows(schema, shownTo, { report });
  const rulesOf = directiveRules(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (FEDERATION_FIELDS.has(field.name)) continue;
      const permission = usableBy[type.name]?.[field.name];
      const rules = [...rulesOf(type, field), ...(permission ? [permission] : [])];
      if (rules.length > 0) guardField(field, and(...rules));
    }
  }
  return schema;
}

function guardField(field: Field, condition: ShieldRule): void {
  field.resolve = guarded(field.resolve ?? defaultFieldResolver, condition);
  if (field.subscribe) field.subscribe = guarded(field.subscribe, condition);
}

function guarded(resolve: Resolve, condition: ShieldRule): Resolve {
  return async (parent, args, context, info) => {
    await demand(condition, parent, args, context, info);
    return resolve(parent, args, context, info);
  };
}

async function demand(
  condition: ShieldRule,
  parent: object,
  args: object,
  context: GuardedContext,
  info: GraphQLResolveInfo,
): Promise<void> {
  const verdict = await askRule(condition, { parent, args, context, info }).catch((error: unknown) =>
    error instanceof GraphQLError ? error : denied(context.caller, info, error),
  );
  if (verdict === true) return;
  throw verdict instanceof GraphQLError ? verdict : denied(context.caller, info, verdict);
}

/** A rule may return an Error with a sentence of its own; the sentence of one that threw is for the log only. */
function denied({ userId }: Caller, info: GraphQLResolveInfo, reason: unknown): GraphQLError {
  const coordinate = `${info.parentType.name}.${info.fieldName}`;
  const extensions = { code: userId === null ? 'UNAUTHENTICATED' : 'FORBIDDEN' };
  const message = userId === null ? `Sign in to use ${coordinate}.` : `You may not use ${coordinate}.`;
  return new GraphQLError(message, { extensions, originalError: reason instanceof Error ? reason : null });
}

function refuseUnknownFields(schema: GraphQLSchema, permissions: FieldRules): void {
  for (const [typeName, fields] of Object.entries(permissions)) {
    const type = schema.getType(typeName);
    for (const fieldName of Object.keys(fields)) {
      if (isObjectType(type) && type.getFields()[fieldName]) continue;
      throw new Error(`There is a permission for ${typeName}.${fieldName}, but no such field.`);
    }
  }
}

function refuseSharedNames(permissions: readonly ShieldRule[]): void {
  const known = new Map<string, ShieldRule>();
  const visit = (one: ShieldRule): void => {
    if ('getRules' in one) {
      for (const inner of one.getRules()) visit(inner as ShieldRule);
      return;
    }
    const namesake = known.get(one.name) ?? one;
    if (namesake !== one || one.name.startsWith('kit: ')) {
      throw new Error(`Two rules are called "${one.name}": shield would mix up their verdicts.`);
    }
    known.set(one.name, one);
  };
  for (const permission of permissions) visit(permission);
}
