// Owns what it means that an element has another type than before: for those who read it, and for those who send it.
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Whether clients break, may be surprised, or need not care. */
export type Risk = 'breaking' | 'dangerous' | 'safe';

/**
 * For readers. What may be null now breaks those who rely on it; what may not be null any more is only dangerous: when it
 * cannot be had, what is around it goes with it.
 */
export function outputRisk(before: GraphQLOutputType, now: GraphQLOutputType, schema: GraphQLSchema): Risk {
  if (isNonNullType(before)) {
    return isNonNullType(now) ? outputRisk(before.ofType, now.ofType, schema) : 'breaking';
  }
  if (isNonNullType(now)) {
    return outputRisk(before, now.ofType, schema) === 'breaking' ? 'breaking' : 'dangerous';
  }
  if (isListType(before) || isListType(now)) {
    const areBoth = isListType(before) && isListType(now);
    return areBoth ? outputRisk(before.ofType, now.ofType, schema) : 'breaking';
  }
  if (before.name === now.name) return 'safe';
  const wider = schema.getType(before.name);
  const isNarrower =
    isAbstractType(wider) && (isObjectType(now) || isInterfaceType(now)) && schema.isSubType(wider, now);
  return isNarrower ? 'safe' : 'breaking';
}

/** For senders: all that was taken must be taken still. */
export function inputRisk(before: GraphQLInputType, now: GraphQLInputType): Risk {
  if (isNonNullType(now)) return isNonNullType(before) ? inputRisk(before.ofType, now.ofType) : 'breaking';
  if (isNonNullType(before)) return inputRisk(before.ofType, now);
  if (isListType(before) || isListType(now)) {
    return isListType(before) && isListType(now) ? inputRisk(before.ofType, now.ofType) : 'breaking';
  }
  return before.name === now.name ? 'safe' : 'breaking';
}
