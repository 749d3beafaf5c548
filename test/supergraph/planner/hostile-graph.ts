// A graph in which every step of an operation leads into one of five other subgraphs, so that the ways through it
// multiply with each step: a valid operation of 1,501 selections, of which each has nearly as many ways as are weighed.
import type { Subgraphs } from './planned-graph.ts';

const evens = ['a', 'b', 'c', 'd', 'e'];
const odds = ['f', 'g', 'h', 'i', 'j'];

export const hostileGraph: Subgraphs = Object.fromEntries(
  [...evens, ...odds].map((name) => [
    name,
    `type Query { node: Even @shareable }
     type Even @key(fields: "id") { id: ID! x: Int @shareable ${evens.includes(name) ? 'left: Odd @shareable right: Odd @shareable' : ''} }
     type Odd @key(fields: "id") { id: ID! x: Int @shareable ${odds.includes(name) ? 'left: Even @shareable right: Even @shareable' : ''} }`,
  ]),
);

export const harmlessOperation = '{node{x left{x}}}';

/** `name` makes operations differ. */
export function hostileOperation(name = 'x'): string {
  const steps = Array.from({ length: 300 }, (_, index) => `_${index}:left{right{left{right{x}}}}`);
  return `{${name}:node{${steps.join(' ')}}}`;
}
