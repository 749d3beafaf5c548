// Makes a subgraph of a federation case say what a test wrote down, under the response names that the router asked for.
import { parse, visit } from 'graphql';
import type { Misbehaviour } from './case-subgraph.ts';

/**
 * Says this whatever it is asked. Data and paths of errors use names of fields; each is put under every response name
 * that the request gives to that field, and left as it is when the request does not have the field.
 */
export function says(data: unknown, errors?: readonly unknown[]): Misbehaviour {
  return ({ query }) => {
    const names = responseNames(query);
    return { body: { data: renamed(data, names), errors: errors?.map((error) => withPath(error, names)) } };
  };
}

function responseNames(query: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  visit(parse(query), {
    Field({ name, alias }) {
      names.set(name.value, [...(names.get(name.value) ?? []), (alias ?? name).value]);
    },
  });
  return names;
}

function renamed(value: unknown, names: ReadonlyMap<string, string[]>): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      (names.get(key) ?? [key]).map((name) => [name, renamed(inner, names)]),
    ),
  );
}

function withPath(error: unknown, names: ReadonlyMap<string, string[]>): unknown {
  if (typeof error !== 'object' || error === null || !('path' in error) || !Array.isArray(error.path)) {
    return error;
  }
  const path = error.path.map((step: unknown) =>
    typeof step === 'string' ? (names.get(step)?.[0] ?? step) : step,
  );
  return { ...error, path };
}
