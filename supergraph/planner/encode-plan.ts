// Owns how a plan is written down for other processes, and what is believed of what is found where they write.
import { createHash } from 'node:crypto';
import { isRecord } from '../foundation/is-record.ts';
import type { QueryPlan } from './plan.ts';

/** Plans of another version are another graph's or another planner's, and are never read. */
export interface PlannedOperation {
  version: string;
  /** Text of a canonical operation. */
  operation: string;
}

/** The checksum before the text tells a whole one from a broken one, and ours from anybody's. */
export function encodePlan({ version, operation }: PlannedOperation, plan: QueryPlan): string {
  const text = JSON.stringify({ version, operation, plan });
  return `${sha256(text)}\n${text}`;
}

/** Undefined for what is broken, foreign, or about another operation or version. Throws nothing. */
export function decodePlan(encoded: string, { version, operation }: PlannedOperation): QueryPlan | undefined {
  const end = encoded.indexOf('\n');
  const text = encoded.slice(end + 1);
  if (end < 0 || encoded.slice(0, end) !== sha256(text)) return undefined;
  const contents = parsed(text);
  const isWanted =
    isRecord(contents) && contents['version'] === version && contents['operation'] === operation;
  // What has our checksum and says so was written by `encodePlan`.
  return isWanted && isRecord(contents['plan']) ? (contents['plan'] as QueryPlan) : undefined;
}

/** In hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
