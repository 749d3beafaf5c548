// The only door into the supergraph layer: what a BFF may use is listed here, and nothing else is stable.
import './foundation/environment.ts';

export {
  type BffDeclaration,
  defineBff,
  type GraphNames,
  type SubgraphPolicy,
  type SubgraphTls,
} from './declaration/define-bff.ts';
export { critical, type Fallback, field, lastKnown, omit, value } from './declaration/fallback-words.ts';
export {
  allow,
  allowedFor,
  and,
  deny,
  hasRole,
  hasScope,
  isSignedIn,
  not,
  or,
  type Rule,
  type RuleContext,
  rule,
} from './declaration/rule-words.ts';
export type { ContractTags } from './foundation/contract-tags.ts';
export type { Duration } from './foundation/duration.ts';
export type { Viewer } from './foundation/viewer.ts';
export { runBff } from './router/run-process.ts';
export {
  type Ask,
  defineViews,
  type RootViewContext,
  type ViewAnswer,
  type ViewContext,
  type ViewResolvers,
  type Views,
} from './views/define-views.ts';
