// Owns how it is said that something is not what was asked for.

/** Something that stood in for a field that could not be had. */
export interface Degradation {
  /** In the client's answer; left out where that does not show it, because a view has made something of it. */
  path?: readonly (string | number)[];
  coordinate: string;
  strategy: 'value' | 'lastKnown' | 'field' | 'omit';
  /** Code of what went wrong. */
  reason: string;
  /** Of what was remembered. */
  ageSeconds?: number;
}
