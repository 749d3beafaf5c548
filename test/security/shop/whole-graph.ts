// Reads the graph without a contract, behind a router that adds no rules: there scopes decide, and the domains alone.
import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import type { GraphUnderTest } from './hold-verdicts.ts';

const file = new URL('../../../supergraph/graph/supergraph.graphql', import.meta.url);

export function wholeGraph(): GraphUnderTest {
  const supergraphSdl = readFileSync(file, 'utf8');
  return {
    bff: defineBff({ name: 'whole-graph', port: 0 }),
    supergraphSdl,
    clientSchema: buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true }),
  };
}
