// Holds a router without a contract to the table of what is not everybody's: there scopes decide, and the domains alone.
import { readFileSync } from 'node:fs';
import { buildASTSchema, parse } from 'graphql';
import { defineBff } from '../../../supergraph/declaration/define-bff.ts';
import { holdVerdicts } from './hold-verdicts.ts';

const supergraphSdl = readFileSync(
  new URL('../../../supergraph/graph/supergraph.graphql', import.meta.url),
  'utf8',
);

holdVerdicts({
  bff: defineBff({ name: 'whole-graph', port: 0 }),
  supergraphSdl,
  clientSchema: buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true }),
});
