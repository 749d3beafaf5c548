// Owns the shop's supergraph as every gateway of the bench gets it.
import { readFile } from 'node:fs/promises';
import { parse, print } from 'graphql';
import { stripAuthLinks } from '../../../supergraph/router/strip-auth-links.ts';

/**
 * That of bff-web without @authenticated and @requiresScopes: stock's gateway refuses a supergraph that has them, and
 * who knows them would do work for them that others leave out. No operation here asks what they protect.
 */
export async function shopSupergraph(): Promise<string> {
  const file = new URL('../../../bff-web/generated/supergraph.graphql', import.meta.url);
  return `${print(stripAuthLinks(parse(await readFile(file, 'utf8'))).document)}\n`;
}
