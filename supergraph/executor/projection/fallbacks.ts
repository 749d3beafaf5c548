// Owns what may stand in for a field that could not be had, as projections know it; supergraph/fallback says what it is.
import type { GraphQLError, GraphQLInterfaceType, GraphQLObjectType } from 'graphql';
import type { Degradation } from '../../foundation/degradation.ts';
import type { CanonicalOperation } from '../../planner/canonical/canonical-operation.ts';
import type { RequestContext } from '../../transport/subgraph-client.ts';
import type { JsonObject } from '../failure.ts';
import type { ApplicableField } from './applicable-fields.ts';

/** One thing that may stand in for a field. */
export type StandIn =
  /** This JSON text. */
  | { strategy: 'value'; text: string }
  /** Of a list: its items that could be had. */
  | { strategy: 'omit' }
  /** Nothing: the operation fails. */
  | { strategy: 'critical' }
  /** What is found out when it is needed. */
  | { strategy: 'lastKnown' | 'field' };

/** What may stand in for one field of an operation, in this order. */
export interface FieldFallbacks {
  coordinate: string;
  tries: readonly StandIn[];
  /** Whether its good values are to be remembered. */
  isRemembered: boolean;
}

/** Of one operation, compiled with it. */
export interface OperationFallbacks {
  /** undefined where nothing may stand in. */
  of: (type: GraphQLObjectType | GraphQLInterfaceType, field: ApplicableField) => FieldFallbacks | undefined;
  begin: (context: RequestContext, variables: ReadonlyMap<string, string>) => FallbackRun;
}

/** undefined for an operation in which nothing may stand in for anything. */
export type CompileFallbacks = (operation: CanonicalOperation) => OperationFallbacks | undefined;

/** For one execution. */
export interface FallbackRun {
  /** Under which the value of an object's field is to be remembered; undefined where it is not, or was just now. */
  keyFor: (fallbacks: FieldFallbacks, object: JsonObject) => string | undefined;
  /** In the background. */
  remember: (values: readonly GoodValue[]) => void;
  /** In the order of the demands; undefined where there is nothing to be had. Never rejects but when the request was given up. */
  find: (demands: readonly Demand[]) => Promise<(Found | undefined)[]>;
}

/** JSON text of a field in which nothing failed. */
export interface GoodValue {
  fallbacks: FieldFallbacks;
  key: string;
  text: string;
}

/** A place that needs what is found out only now. */
export interface Demand {
  fallbacks: FieldFallbacks;
  /** Which of its tries. */
  at: number;
  object: JsonObject;
}

export interface Found {
  text: string;
  /** How old it is. */
  ageSeconds?: number;
  /** What went wrong within it, with paths from there on. */
  errors?: readonly GraphQLError[];
  degraded?: readonly StoodInWithin[];
}

/** What stands in within what was found. Without a reason it is that for which this was looked for, and nobody has heard of it yet. */
export interface StoodInWithin extends Omit<Degradation, 'reason'> {
  reason?: string;
}
