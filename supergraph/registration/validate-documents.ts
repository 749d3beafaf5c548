// Owns which documents may be registered: what GraphQL asks of them, and what registration asks on top.
import {
  type ASTVisitor,
  type DocumentNode,
  extendSchema,
  GraphQLError,
  type GraphQLSchema,
  KnownFragmentNamesRule,
  LoneAnonymousOperationRule,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  validate,
} from 'graphql';
import { type DocumentProblem, problemOf } from './document-problem.ts';

/** Says of an operation that it is not for production yet. Clients' schemas do not know it, and no client sends it. */
export const draftDirective = 'draft';

/**
 * All that is wrong with the documents of one BFF, which are one document here: names are unique among all of its files,
 * and fragments may come from any of them. Where a file could not be read, nothing is said about what may be in there.
 */
export function validateDocuments(
  schema: GraphQLSchema,
  document: DocumentNode,
  complete: boolean,
): DocumentProblem[] {
  const withDraft = extendSchema(
    schema,
    parse(`directive @${draftDirective} on QUERY | MUTATION | SUBSCRIPTION`),
  );
  const leftOut: ValidationRule[] = [
    // Anonymous ones have a sentence of their own, also when they are alone.
    LoneAnonymousOperationRule,
    ...(complete ? [] : [KnownFragmentNamesRule, NoUnusedFragmentsRule, NoUnusedVariablesRule]),
  ];
  const rules = specifiedRules.filter((rule) => !leftOut.includes(rule));
  return validate(withDraft, document, [...rules, namedOperations, servedOperations, freeAliases]).map(
    problemOf,
  );
}

function namedOperations(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const name = operation.name?.value;
      // Tools that make code of documents keep them by name in plain objects.
      const message =
        name === undefined
          ? 'Every operation needs a name.'
          : name in Object.prototype && `An operation cannot be called "${name}".`;
      if (message) context.reportError(new GraphQLError(message, { nodes: operation }));
    },
  };
}

/** GraphQL itself looks at no field of an operation whose root the schema does not have. */
function servedOperations(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      const message = `The schema has no ${node.operation}s, so "${node.name?.value ?? ''}" would never be answered.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}

/** Apollo's clients add `__typename` wherever it is not asked for, and refuse documents in which something else goes by it. */
function freeAliases(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      const alias = node.alias?.value ?? '';
      if (!alias.startsWith('__') || alias === node.name.value) return;
      const message = `The alias "${alias}" is not for documents: names with two underscores belong to GraphQL and to Apollo's clients.`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}
