// Owns that a guarded field resolves only for callers who may see it; which rules the SDL's directives make is directive-rules.ts'.
import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Caller } from './caller.ts';
import { directiveRules } from './directive-rules.ts';
import { allow, and, type Permissions, type ShieldRule } from './shield.ts';

/** What the rules need of a resolver's context; shield keeps the verdicts it may remember under `_shield`. */
interface GuardedContext {
  caller: Caller;
  _shield?: { cache: Record<string, never> };
}
type Field = GraphQLField<object, GuardedContext>;
type Resolve = GraphQLFieldResolver<object, GuardedContext>;

/** Fields of federation itself: what comes out of `_entities` is guarded field by field. */
const FEDERATION_FIELDS = new Set(['_entities', '_service']);

/**
 * Guards, in place, the fields that @authenticated, @requiresScopes or `permissions` speak of; when several do, all must
 * allow. Other fields stay as they are: no field pays for a rule it does not have. A denied field fails with GraphQLError
 * UNAUTHENTICATED for somebody anonymous and FORBIDDEN for others. Throws when `permissions` names a field that is not
 * there, or when two rules share a name, because then they would share their verdicts too.
 */
export function guardSchema(schema: GraphQLSchema, permissions: Permissions = {}): GraphQLSchema {
  refuseUnknownFields(schema, permissions);
  refuseSharedNames(permissions);
  const rulesOf = directiveRules(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (FEDERATION_FIELDS.has(field.name)) continue;
      const permission = permissions[type.name]?.[field.name];
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

const SHIELD_OPTIONS = {
  // Makes a rule that throws throw here: shield would call it false, and not(...) of that would let everybody in.
  debug: true,
  allowExternalErrors: true,
  fallbackRule: allow,
  hashFunction: (asked: { parent: unknown; args: unknown }) => JSON.stringify([asked.parent, asked.args]),
};

async function demand(
  condition: ShieldRule,
  parent: object,
  args: object,
  context: GuardedContext,
  info: GraphQLResolveInfo,
): Promise<void> {
  context._shield ??= { cache: {} };
  const remembering = context as Required<GuardedContext>;
  const verdict = await condition
    .resolve(parent, args, remembering, info, SHIELD_OPTIONS)
    .catch((error: unknown) => (error instanceof GraphQLError ? error : denied(context.caller, info, error)));
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

function refuseUnknownFields(schema: GraphQLSchema, permissions: Permissions): void {
  for (const [typeName, fields] of Object.entries(permissions)) {
    const type = schema.getType(typeName);
    for (const fieldName of Object.keys(fields)) {
      if (isObjectType(type) && type.getFields()[fieldName]) continue;
      throw new Error(`There is a permission for ${typeName}.${fieldName}, but no such field.`);
    }
  }
}

function refuseSharedNames(permissions: Permissions): void {
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
  for (const fields of Object.values(permissions)) {
    for (const permission of Object.values(fields)) visit(permission);
  }
}
