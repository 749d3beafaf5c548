// Owns under which names a schema document uses a directive of federation's or of ours: links may give it others.
import type { DocumentNode } from 'graphql';
import { specLinks } from './spec-links.ts';

/**
 * All names that a directive such as `authenticated` may go by, without `@`: its own too, unless that is another spec's
 * here. One too few would lose rules.
 */
export function linkedNames(
  document: DocumentNode,
  directive: string,
  home = 'https://specs.apollo.dev/',
): ReadonlySet<string> {
  const names = new Set([directive]);
  const links = specLinks(document);
  for (const { url, spec, name, imports } of links) {
    const isOurs = url.startsWith(home);
    if (!isOurs && name === directive) names.delete(directive);
    for (const { as } of imports) if (!isOurs && as === `@${directive}`) names.delete(directive);
    if (!isOurs || name === undefined) continue;
    if (spec === directive) names.add(name);
    names.add(`${name}__${directive}`);
  }
  for (const { url, imports } of links) {
    if (!url.startsWith(home)) continue;
    for (const { name, as } of imports) if (name === `@${directive}`) names.add(as.replace(/^@/, ''));
  }
  return names;
}
