// Owns who may read the schema, and what others are not told of it in the words of errors.
import type { GraphQLFormattedError } from 'graphql';
import type { ClientsDeclaration } from '../../declaration/clients-declaration.ts';
import { type LimitsDeclaration, usualLimits } from '../../declaration/limits-declaration.ts';
import type { Client } from '../../foundation/client-version.ts';
import { errorRow } from '../../foundation/errors.ts';

export type MayReadSchema = (client: Client) => boolean;

/** What is declared of a client by its name comes before what is declared of everybody. */
export function schemaReaders(
  { clients = {}, limits = {} }: { clients?: ClientsDeclaration; limits?: LimitsDeclaration },
  { production }: { production: boolean },
): MayReadSchema {
  const { introspection = usualLimits.introspection } = limits;
  const usual = introspection === 'always' || (introspection === 'development' && !production);
  return ({ name }) => {
    // A client may call itself `constructor`.
    const declared = name !== undefined && Object.hasOwn(clients, name) ? clients[name] : undefined;
    return declared?.introspection ?? usual;
  };
}

/** Suggestions stand at the end; what a client gave may look like one, and what stands behind goes with it. */
const suggestion = /\bdid you mean\b/i;

/** The error without what its message suggests: names of fields, arguments, types and values that the client did not know. */
export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  const start = error.message.search(suggestion);
  if (start === -1) return error;
  const message = error.message.slice(0, start).trimEnd();
  return { ...error, message: message || (errorRow(error.extensions?.['code'])?.message ?? '') };
}
