// Owns the operations that views ask: that they are what clients could ask, and ask nothing of the views in turn.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { StartupProblem } from '../foundation/startup-problem.ts';
import type { ViewDocument } from './load-views.ts';

export interface ViewOperation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
}

/**
 * By name. `own` are the fields of the query type that the views answer. Throws a StartupProblem with everything that is
 * wrong with any of the documents.
 */
export function viewOperations(
  documents: readonly ViewDocument[],
  clientSchema: GraphQLSchema,
  own: ReadonlySet<string>,
): Map<string, ViewOperation> {
  const problems: string[] = [];
  const files = new Map<string, string>();
  const operations = new Map<string, ViewOperation>();
  for (const { file, text } of documents) {
    const document = parsed(file, text, problems);
    if (document === undefined) continue;
    const [definition, another] = document.definitions.filter(
      (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
    );
    const name = definition?.name?.value;
    if (definition?.operation !== 'query' || name === undefined || another !== undefined) {
      problems.push(`${file}: must hold exactly one operation, a query with a name.`);
      continue;
    }
    const before = files.get(name);
    if (before !== undefined) problems.push(`${file}: ${before} has a query ${name} too.`);
    const wrong = validate(clientSchema, document);
    problems.push(...wrong.map((error) => `${file}${lineOf(error)}: ${error.message}`));
    for (const field of asksFor(document, clientSchema, own)) {
      problems.push(`${file}: asks for Query.${field}, which the views answer by asking themselves.`);
    }
    files.set(name, file);
    operations.set(name, { document, definition });
  }
  if (problems.length > 0) {
    throw new StartupProblem(`The documents of the views cannot be used:\n- ${problems.join('\n- ')}`);
  }
  return operations;
}

function parsed(file: string, text: string, problems: string[]): DocumentNode | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    problems.push(`${file}${lineOf(error)}: ${error.message}`);
    return undefined;
  }
}

function lineOf({ locations }: GraphQLError): string {
  const [place] = locations ?? [];
  return place === undefined ? '' : `, line ${place.line}`;
}

/** Those of the fields that stand anywhere in the document, below another root field or in a fragment too. */
function asksFor(document: DocumentNode, schema: GraphQLSchema, own: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  const types = new TypeInfo(schema);
  const root = schema.getQueryType();
  visit(
    document,
    visitWithTypeInfo(types, {
      Field({ name }) {
        if (types.getParentType() === root && own.has(name.value)) found.add(name.value);
      },
    }),
  );
  return found;
}
