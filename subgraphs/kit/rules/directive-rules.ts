// Owns the rules that @authenticated and @requiresScopes in a schema stand for; guard-schema.ts enforces them.
import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  valueFromASTUntyped,
} from 'graphql';
import type { Caller } from '../calls/caller.ts';
import { and, or, rule, type ShieldRule } from './shield.ts';

type Context = { caller: Caller };

const isAuthenticated = rule('kit: authenticated', { cache: 'contextual' })(
  (_parent: unknown, _args: unknown, { caller }: Context) => caller.userId !== null,
);

function hasScope(scope: string): ShieldRule {
  return rule(`kit: scope ${scope}`, { cache: 'contextual' })(
    (_parent: unknown, _args: unknown, { caller }: Context) => caller.scopes.has(scope),
  );
}

/**
 * Says which rules the schema makes for a field: on the field, on its type, on the scalar or enum it returns (federation
 * itself refuses them on interfaces). Throws when the schema uses @policy, which nothing here enforces, or scopes that
 * are no list of lists.
 */
export function directiveRules(
  schema: GraphQLSchema,
): (type: GraphQLObjectType, field: GraphQLField<object, never>) => ShieldRule[] {
  const authenticated = namesInSchema(schema, 'authenticated');
  const requiresScopes = namesInSchema(schema, 'requiresScopes');
  const policy = namesInSchema(schema, 'policy');

  const ruleOf = (directive: ConstDirectiveNode): ShieldRule[] => {
    const name = directive.name.value;
    if (policy.has(name))
      throw new Error('The schema uses @policy, which is not enforced: use a permission.');
    if (authenticated.has(name)) return [isAuthenticated];
    if (requiresScopes.has(name)) return [scopeRule(directive)];
    return [];
  };
  return (type, field) => directivesOf(type, field).flatMap(ruleOf);
}

function directivesOf(type: GraphQLObjectType, field: GraphQLField<object, never>): ConstDirectiveNode[] {
  const returned = getNamedType(field.type);
  const types = isLeafType(returned) ? [type, returned] : [type];
  const nodes = [field.astNode, ...types.flatMap((one) => [one.astNode, ...one.extensionASTNodes])];
  return nodes.flatMap((node) => node?.directives ?? []);
}

/** `[["a", "b"], ["c"]]` is (a and b) or c. */
function scopeRule(directive: ConstDirectiveNode): ShieldRule {
  const argument = directive.arguments?.find(({ name }) => name.value === 'scopes');
  const scopes: unknown = argument && valueFromASTUntyped(argument.value);
  if (!isListOfLists(scopes)) throw new Error('@requiresScopes needs scopes as a list of lists of texts.');
  return or(...scopes.map((all) => and(...all.map(hasScope))));
}

function isListOfLists(value: unknown): value is string[][] {
  const isNames = (all: unknown) =>
    Array.isArray(all) && all.length > 0 && all.every((one) => typeof one === 'string');
  return Array.isArray(value) && value.length > 0 && value.every(isNames);
}

/** Imported, not imported, or imported under another name: a guard must not be lost to a rename. */
function namesInSchema(schema: GraphQLSchema, directive: string): Set<string> {
  const names = new Set([directive, `federation__${directive}`]);
  const nodes = [schema.astNode, ...schema.extensionASTNodes];
  for (const link of nodes.flatMap((node) => node?.directives ?? [])) {
    for (const { name, value } of link.arguments ?? []) {
      if (name.value !== 'import' || value.kind !== 'ListValue') continue;
      for (const imported of value.values.map((one): unknown => valueFromASTUntyped(one))) {
        if (isRenamed(imported) && imported.name === `@${directive}`) names.add(imported.as.replace('@', ''));
      }
    }
  }
  return names;
}

function isRenamed(imported: unknown): imported is { name: string; as: string } {
  if (typeof imported !== 'object' || imported === null || !('name' in imported) || !('as' in imported))
    return false;
  return typeof imported.name === 'string' && typeof imported.as === 'string';
}
