// A graph in which every step of an operation leads into one of many other subgraphs, so that the ways through it
// multiply with each step: a valid operation of 1,501 selections, of which each has more ways than are weighed.
import type { Subgraphs } from './planned-graph.ts';

/** Half of its subgraphs lead from even steps to odd ones, half from odd ones to even ones. */
export function hostileGraphOf(half: number): Subgraphs {
  const steps = (from: string, to: string, leads: boolean): string =>
    `type ${from} @key(fields: "id") { id: ID! x: Int @shareable ${leads ? `left: ${to} @shareable right: ${to} @shareable` : ''} }`;
  return Object.fromEntries(
    Array.from({ length: 2 * half }, (_, index) => {
      const isEven = index < half;
      const types = [steps('Even', 'Odd', isEven), steps('Odd', 'Even', !isEven)];
      return [`s${index}`, `type Query { node: Even @shareable }\n${types.join('\n')}`];
    }),
  );
}

/** Weighing few ways takes its time too, where there are so many subgraphs. */
export const hostileGraph: Subgraphs = hostileGraphOf(40);

export const harmlessOperation = '{node{x left{x}}}';

/** `name` makes operations differ. */
export function hostileOperation(name = 'x', length = 300): string {
  const steps = Array.from({ length }, (_, index) => `_${index}:left{right{left{right{x}}}}`);
  return `{${name}:node{${steps.join(' ')}}}`;
}
