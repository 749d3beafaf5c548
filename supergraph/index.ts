// The only door into the supergraph layer: what a BFF may use is listed here, and nothing else is stable.
import './foundation/environment.ts';

export {
  type BffDeclaration,
  defineBff,
  type GraphNames,
  type SubgraphPolicy,
} from './declaration/define-bff.ts';
export type { ContractTags } from './foundation/contract-tags.ts';
export type { Duration } from './foundation/duration.ts';
export { runBff } from './router/run-process.ts';
