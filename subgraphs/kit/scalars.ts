// Owns the scalars every subgraph may declare; what they accept is graphql-scalars' business, but for whole numbers.
import type { DocumentNode, GraphQLScalarType } from 'graphql';
import {
  CountryCodeResolver,
  CurrencyResolver,
  DateTimeResolver,
  EmailAddressResolver,
  JSONResolver,
  LocaleResolver,
  URLResolver,
} from 'graphql-scalars';
import { wholeNumber } from './whole-numbers.ts';

const scalars = Object.freeze({
  CountryCode: CountryCodeResolver,
  Currency: CurrencyResolver,
  DateTime: DateTimeResolver,
  EmailAddress: EmailAddressResolver,
  JSON: JSONResolver,
  Locale: LocaleResolver,
  NonNegativeInt: wholeNumber('NonNegativeInt', 0),
  PositiveInt: wholeNumber('PositiveInt', 1),
  URL: URLResolver,
}) satisfies Readonly<Record<string, GraphQLScalarType>>;

/** Those of our scalars that the schema declares: a resolver for an undeclared one would be refused. */
export function scalarsDeclaredIn(document: DocumentNode): Record<string, GraphQLScalarType> {
  const declared = new Set(
    document.definitions.flatMap((node) => (node.kind === 'ScalarTypeDefinition' ? [node.name.value] : [])),
  );
  return Object.fromEntries(Object.entries(scalars).filter(([name]) => declared.has(name)));
}
