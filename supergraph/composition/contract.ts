// Owns a BFF's view of the graph: the supergraph with what its contract hides marked, and the schema clients get.
import { errorCauses, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { GraphQLError, type GraphQLSchema, lexicographicSortSchema, parse, print } from 'graphql';
import type { ContractTags } from '../foundation/contract-tags.ts';
import { CompositionFailure, type CompositionProblem } from './composition-problem.ts';
import { hiddenCoordinates } from './hidden-coordinates.ts';
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
  const marked = isWhole ? document : markInaccessible(document, hiddenCoordinates(document, contract));
  const sdl = isWhole ? supergraphSdl : `${print(marked)}\n`;
  try {
    const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
    const clientSchema = lexicographicSortSchema(supergraph.apiSchema().toGraphQLJSSchema());
    return { supergraphSdl: sdl, clientSchema };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new CompositionFailure((errorCauses(error) ?? [error]).map((cause) => describe(bff, cause)));
  }
}

function describe(bff: string, error: Error): CompositionProblem {
  const { extensions = {} } = error instanceof GraphQLError ? error : {};
  const code = extensions['code'];
  // Federation says which hidden element is needed by which visible one; the visible one is where it has to be mended.
  const coordinates = [extensions['inaccessible_referencers'], extensions['inaccessible_elements']].find(
    Array.isArray,
  );
  return {
    where: [bff],
    coordinate: coordinates?.join(', '),
    rule: typeof code === 'string' ? code : 'INVALID_CONTRACT',
    message: error.message,
  };
}
