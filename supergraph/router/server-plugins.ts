// Owns what our Apollo Servers do beyond Apollo's own: clear refusals, a log of the unexpected, no calls to Apollo.
import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { clientError, errorTable } from '../foundation/errors.ts';
import { type MayReadSchema, withoutSuggestion } from '../limits/operation/schema-readers.ts';
import type { ServerContext } from './handle-request.ts';

export interface ErrorLog {
  error: (details: object, message: string) => void;
}

export function serverPlugins(
  log: ErrorLog,
  mayReadSchema: MayReadSchema,
): ApolloServerPlugin<ServerContext>[] {
  return [
    refuseUnclearOperations(),
    explainMissingValues(),
    explainEndlessValidation(),
    answerPlainJsonWith200(),
    withholdSuggestions(mayReadSchema),
    logUnexpectedErrors(log),
    ApolloServerPluginLandingPageDisabled(),
    // These would call Apollo when somebody's environment happens to hold an Apollo key.
    ApolloServerPluginUsageReportingDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
  ];
}

// Behind a gateway Apollo Server leaves these to the gateway, whose errors would look like failures of ours.
function refuseUnclearOperations(): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, operation, document, request }) {
          const kind = operation?.operation;
          if (kind && kind !== 'subscription' && schema.getRootType(kind)) return;
          const { status } = errorTable.OPERATION_RESOLUTION_FAILURE;
          throw new GraphQLError(unclear(document, request, kind), {
            extensions: { code: 'OPERATION_RESOLUTION_FAILURE', http: { status } },
          });
        },
      };
    },
  };
}

function unclear(document: DocumentNode, { operationName }: GraphQLRequest, kind?: string): string {
  if (kind !== undefined) return `There are no operations of the kind "${kind}" here.`;
  if (operationName) return `Unknown operation named "${operationName}".`;
  return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    ? 'Must provide operation name if query contains multiple operations.'
    : 'Must provide an operation.';
}

/**
 * The stock gateway tells of a null where the schema promises a value in an extension of its own, and a client that
 * reads `errors` alone would take the hole for an answer. When nothing else explains the hole, these errors do.
 */
function explainMissingValues(): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return;
          const { extensions: { valueCompletion, ...extensions } = {}, errors = [] } = body.singleResult;
          if (!Array.isArray(valueCompletion)) return;
          body.singleResult.extensions = extensions;
          if (Object.keys(extensions).length === 0) delete body.singleResult.extensions;
          if (errors.length === 0) body.singleResult.errors = valueCompletion.map(missingValue);
        },
      };
    },
  };
}

/** Fields of one name are compared with each other, and graphql-js ends that after a while without saying why. */
function explainEndlessValidation(): ApolloServerPlugin<ServerContext> {
  const { message, extensions = {} } = clientError('OPERATION_TOO_LARGE', {
    reason: 'Too many fields of the operation have the same name in the same place.',
  }).toJSON();
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single') return;
          const { errors } = body.singleResult;
          if (!errors?.some(isEndless)) return;
          body.singleResult.errors = errors.map((error) =>
            isEndless(error) ? { message, extensions } : error,
          );
        },
      };
    },
  };
}

function isEndless({ message, extensions }: GraphQLFormattedError): boolean {
  return message === 'Validation aborted.' && extensions?.['code'] === 'GRAPHQL_VALIDATION_FAILED';
}

function missingValue({ path, locations }: GraphQLFormattedError): GraphQLFormattedError {
  const { message, extensions } = clientError('SUBGRAPH_VALUE_MISSING').toJSON();
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    ...(extensions && { extensions }),
  };
}

/**
 * GraphQL over HTTP: who accepts `application/json`, and does not know `application/graphql-response+json`, takes any
 * other status for a failure on the way to the server. What is no GraphQL request at all keeps its status.
 */
function answerPlainJsonWith200(): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response: { body, http } }) {
          if (http.status !== 400 || body.kind !== 'single' || !body.singleResult.errors) return;
          const isRequest = body.singleResult.errors.every(
            ({ extensions }) => extensions?.['code'] !== 'BAD_REQUEST',
          );
          if (isRequest && acceptsPlainJson(request.http?.headers.get('accept'))) http.status = 200;
        },
      };
    },
  };
}

/** Who may not read the schema is not told it piece by piece. */
function withholdSuggestions(mayReadSchema: MayReadSchema): ApolloServerPlugin<ServerContext> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response: { body }, contextValue: { client = {} } }) {
          if (body.kind !== 'single' || !body.singleResult.errors || mayReadSchema(client)) return;
          body.singleResult.errors = body.singleResult.errors.map(withoutSuggestion);
        },
      };
    },
  };
}

function acceptsPlainJson(accept = ''): boolean {
  const types = accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase());
  return types.includes('application/json') && !types.includes('application/graphql-response+json');
}

function logUnexpectedErrors(log: ErrorLog): ApolloServerPlugin<ServerContext> {
  return {
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      log.error({ err: error }, `${requestContext.contextValue.requestId}: unexpected error`);
    },
  };
}
