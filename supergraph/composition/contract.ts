// Owns a BFF's view of the graph: the supergraph with what its contract hides marked, and the schema clients get.
import { errorCauses, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, lexicographicSortSchema, parse, print } from 'graphql';
import type { ContractTags } from '../foundation/contract-tags.ts';
import { CompositionFailure } from './composition-problem.ts';
import { contractProblem } from './contract-problem.ts';
import { type HiddenCoordinates, hiddenCoordinates } from './hidden-coordinates.ts';
import { markInaccessible } from './mark-inaccessible.ts';

export interface ContractView {
  /** For the router: everything is in it, what clients must not see is @inaccessible; keys and @requires keep working. */
  supergraphSdl: string;
  /** Sorted, without any of federation's own. */
  clientSchema: GraphQLSchema;
}

/** Throws a CompositionFailure with everything that would make the view invalid. */
export function applyContract(bff: string, supergraphSdl: string, contract: ContractTags = {}): ContractView {
  const document = parse(supergraphSdl, { noLocation: true });
  const isWhole = contract.include === undefined && contract.exclude === undefined;
  const hidden: HiddenCoordinates = isWhole ? new Map() : hiddenCoordinates(document, contract);
  const sdl = isWhole ? supergraphSdl : `${print(markInaccessible(document, new Set(hidden.keys())))}\n`;
  try {
    const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
    const clientSchema = lexicographicSortSchema(supergraph.apiSchema().toGraphQLJSSchema());
    return { supergraphSdl: sdl, clientSchema };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CompositionFailure(
      (errorCauses(error) ?? [error]).map((cause) => contractProblem(bff, cause, hidden)),
    );
  }
}
