// Owns reading what the domains say should stand in for their fields: `@fallback` in a supergraph, whatever it is called there.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { linkedNames } from '../foundation/linked-names.ts';
import { specLinks } from '../foundation/spec-links.ts';
import type { Fallback } from './fallback-words.ts';

/** Where the definition of `@fallback` that is read here has its home. */
const home = 'https://specs.tributary.dev/';
const version = `${home}fallback/v1.0`;

export interface DomainFallbacks {
  /** In the order in which they are tried. Not yet held against the schema. */
  fallbacks: readonly Fallback[];
  /** What is wrong with how they are written: sentences without a subject. */
  problems: readonly string[];
}

/** The names by which a schema document uses it; none where it does not link its spec. */
export function fallbackNames(document: DocumentNode): ReadonlySet<string> {
  return linkOf(document) === undefined ? new Set() : linkedNames(document, 'fallback', home);
}

/** What is wrong with a link to its spec, in a sentence. */
export function fallbackLinkProblem(document: DocumentNode): string | undefined {
  const link = linkOf(document);
  if (link === undefined || link.url.replace(/\/$/, '') === version) return undefined;
  return `"${link.url}" is not known here: link "${version}".`;
}

/** By coordinate. */
export function readDomainFallbacks(supergraph: DocumentNode): ReadonlyMap<string, DomainFallbacks> {
  const names = fallbackNames(supergraph);
  const found = new Map<string, DomainFallbacks>();
  if (names.size === 0) return found;
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    for (const field of definition.fields ?? []) {
      const uses = (field.directives ?? []).filter(({ name }) => names.has(name.value));
      if (uses[0] === undefined) continue;
      const read = readFallback(uses[0]);
      const twice = uses.length > 1 ? ['stands there twice: say all of it at once.'] : [];
      found.set(`${definition.name.value}.${field.name.value}`, {
        fallbacks: read.fallbacks,
        problems: [...twice, ...read.problems],
      });
    }
  }
  return found;
}

function linkOf(document: DocumentNode) {
  return specLinks(document).find(({ url }) => url.startsWith(`${home}fallback/`));
}

/** First what is nearest to the truth, last what can always be had. */
function readFallback(directive: ConstDirectiveNode): DomainFallbacks {
  const given = new Map<string, ValueNode>(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, value]),
  );
  // Null is a value that may stand in, and anywhere else it says nothing.
  const said = (name: string): unknown => {
    const node = given.get(name);
    return node === undefined || node.kind === Kind.NULL ? undefined : valueFromASTUntyped(node);
  };
  const value = given.get('value');
  const field = said('field');
  const problems: string[] = [];
  const fallbacks: Fallback[] = [];
  const flag = (name: 'omit' | 'critical'): void => {
    const is = said(name);
    if (is === true) fallbacks.push({ kind: name });
    else if (is !== undefined && is !== false) problems.push(`${name}: must be true or false.`);
  };
  flag('omit');
  // What is no duration or no coordinate is told by whoever holds it against the schema.
  if (said('lastKnown') !== undefined)
    fallbacks.push({ kind: 'lastKnown', upTo: said('lastKnown') as never });
  if (field !== undefined)
    fallbacks.push({
      kind: 'field',
      coordinate: field as string,
      arguments: (said('arguments') ?? {}) as Readonly<Record<string, unknown>>,
    });
  else if (given.has('arguments')) problems.push('arguments: are those of a field, and none is named.');
  if (value !== undefined) fallbacks.push({ kind: 'value', value: valueFromASTUntyped(value) });
  flag('critical');
  if (fallbacks.length === 0 && problems.length === 0) problems.push('says nothing that could stand in.');
  return { fallbacks, problems };
}
