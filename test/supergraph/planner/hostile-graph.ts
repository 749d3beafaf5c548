// A graph in which every step of an operation leads into one of four other subgraphs, so that the ways through it
// multiply with each step: a valid operation of 255 selections that takes minutes to plan.
import type { Subgraphs } from './planned-graph.ts';

const evens = ['a', 'b', 'c', 'd'];
const odds = ['e', 'f', 'g', 'h'];

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
  const select = (depth: number): string =>
    depth === 0 ? 'x' : `x left{${select(depth - 1)}}right{${select(depth - 1)}}`;
  return `{${name}:node{${select(6)}}}`;
}
