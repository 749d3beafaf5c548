// Owns where everything stands in the picture of a plan: time goes from left to right, what runs at once lies in lanes.
import type { FetchNode, PlanNode } from '../plan.ts';

/** In pixels, from the upper left corner of the picture. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlanLayout {
  /** In the order of the plan. */
  fetches: (Area & { fetch: FetchNode })[];
  /** Around the fetches that run at once; outer ones first. */
  lanes: Area[];
  /** From the end of a step to the start of the next, level. */
  arrows: { x1: number; x2: number; y: number }[];
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
}

const betweenSteps = 40;
const betweenLanes = 16;
const around = 12;

/** `size` says how large the box of a fetch is. No two boxes meet, and each lies inside of all lanes around it. */
export function layOutPlan(root: PlanNode, size: (fetch: FetchNode) => Size): PlanLayout {
  const { width, height } = measure(root, size);
  const layout: PlanLayout = { fetches: [], lanes: [], arrows: [], width, height };
  place(root, 0, 0, size, layout);
  return layout;
}

function measure(node: PlanNode, size: (fetch: FetchNode) => Size): Size {
  if (node.kind === 'fetch') return size(node);
  const sizes = node.nodes.map((inner) => measure(inner, size));
  const widths = sizes.map(({ width }) => width);
  const heights = sizes.map(({ height }) => height);
  if (node.kind === 'sequence') {
    return { width: total(widths, betweenSteps), height: Math.max(0, ...heights) };
  }
  return { width: Math.max(0, ...widths) + 2 * around, height: total(heights, betweenLanes) + 2 * around };
}

function place(
  node: PlanNode,
  x: number,
  y: number,
  size: (fetch: FetchNode) => Size,
  layout: PlanLayout,
): void {
  const area = measure(node, size);
  if (node.kind === 'fetch') {
    layout.fetches.push({ fetch: node, x, y, ...area });
    return;
  }
  if (node.kind === 'parallel') {
    layout.lanes.push({ x, y, ...area });
    let top = y + around;
    for (const inner of node.nodes) {
      place(inner, x + around, top, size, layout);
      top += measure(inner, size).height + betweenLanes;
    }
    return;
  }
  let left = x;
  for (const [index, inner] of node.nodes.entries()) {
    const { width, height } = measure(inner, size);
    if (index > 0) layout.arrows.push({ x1: left - betweenSteps, x2: left, y: y + area.height / 2 });
    place(inner, left, y + (area.height - height) / 2, size, layout);
    left += width + betweenSteps;
  }
}

function total(lengths: readonly number[], between: number): number {
  return lengths.reduce((sum, length) => sum + length, between * Math.max(0, lengths.length - 1));
}
