// Owns which field names plans may add to what a client selects: those of keys, requirements and contexts.
import { type DocumentNode, Kind, visit } from 'graphql';

const selections = new Set(['key', 'requires', 'provides', 'selection']);

/** A superset is enough: also names of types and arguments within the selections are in it. */
export function requiredNames(supergraph: DocumentNode): Set<string> {
  const names = new Set<string>();
  const read = (name: string, value: { kind: Kind; value?: unknown }) => {
    if (!selections.has(name) || value.kind !== Kind.STRING) return;
    for (const [word] of String(value.value).matchAll(/\w+/g)) names.add(word);
  };
  visit(supergraph, {
    Directive({ name, arguments: given = [] }) {
      if (!/^(?:join|context)__/.test(name.value)) return;
      for (const argument of given) read(argument.name.value, argument.value);
    },
    // `contextArguments: [{ selection: "…" }]`
    ObjectField({ name, value }) {
      read(name.value, value);
    },
  });
  return names;
}
