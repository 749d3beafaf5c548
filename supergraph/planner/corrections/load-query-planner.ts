// Owns loading Apollo's planner with some conditions more than it comes with: it forgets that a subgraph which knows a
// field as external cannot resolve it, and so asks for fields before what they require is there.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { compileFunction } from 'node:vm';
import type * as FederationInternals from '@apollo/federation-internals';
import type { CompositeType, Schema, SelectionSet } from '@apollo/federation-internals';
import type * as ApolloQueryPlanner from '@apollo/query-planner';
import { BoundedWays } from './bounded-ways.ts';
import { type KeyEdge, PlainKeys } from './plain-keys.ts';

/** What the planner calls a fetch group, as far as the conditions look at it. */
interface FetchGroup {
  subgraphName: string;
  selection: SelectionSet;
  /** What its representations are made of; none at the root. */
  inputs?: { selectionSets: () => SelectionSet[]; contains: (other: unknown) => boolean };
  dependencyGraph: { subgraphSchemas: ReadonlyMap<string, Schema> };
}

/** Goes into a place of the planner's own text, of which there must be one. */
interface Insertion {
  after: string;
  text: string;
  before?: string;
}

const intoPlanner: readonly Insertion[] = [
  { after: 'canMergeChildIn(child) {', text: ' if (!conditions.mayMerge(this, child)) return false;' },
  {
    after: 'const newGroupIsUnneeded = parent.path && ',
    text: 'conditions.mayAsk(parent.group, groupCopy.selection) && ',
  },
  {
    after: 'if (',
    text: '!conditions.mayAsk(preRequireGroup, keyCondition) || ',
    before: '!keyCondition.canRebaseOn(',
  },
  { after: 'if (', text: 'parent.group === this || ', before: 'parent.group.isDescendantOf(this)) {' },
  {
    after: '}\n        ',
    text: 'newOptions = ways.options(newOptions, this.isTopLevel ? this.parameters : undefined);\n        ',
    before: 'if (newOptions.length === 0) {\n            if (this.isTopLevel',
  },
  { after: 'this.sortOptionsInClosedBranches();', text: ' ways.choose(this.closedBranches);' },
  {
    after: 'resolveConditionPlan(edge, context, excludedDestinations, excludedConditions, extraConditions) {',
    text: ' const isUsual = context.isEmpty() && !extraConditions; const known = isUsual && keys.known(edge); if (known) return known;',
  },
  {
    after: 'edge.conditions)).findBestPlan();',
    text: ' if (isUsual && bestPlan) keys.keep(this.parameters.federatedQueryGraph, edge, { satisfied: true, cost: bestPlan[2], pathTree: bestPlan[1] });',
  },
  // A `__typename` is otherwise asked for with the field beside it, or not at all where nobody has that field.
  {
    after: '.some((s) => ',
    text: 'conditions.isBare(s, itfType.name) || ',
    before: 'isInterfaceObject(itfType.name, s)',
  },
  {
    after: 'for (const other of bucket) {',
    text: ' if (group.isDescendantOf(other)) continue;',
  },
  // Each once: there are as many ways to a fetch as there are diamonds before it, multiplied, and no end of them where
  // fetches wait for each other. The stack of those grows into an allocation that ends the whole process.
  { after: 'const stack = startVertex.children().concat();', text: ' const seen = new Set();' },
  {
    after: 'const v = stack.pop();',
    text: ' if (seen.has(v)) continue; seen.add(v);',
    before: '\n                from.removeChild(v);',
  },
];

const intoPaths: readonly Insertion[] = [
  { after: 'function flatCartesianProduct(arr) {', text: ' arr = ways.factors(arr);' },
];

export interface LoadedPlanner {
  QueryPlanner: typeof ApolloQueryPlanner.QueryPlanner;
  internals: typeof FederationInternals;
  /** Makes one plan after the other. */
  run: <T>(plan: () => T) => T;
  /** Of the planner's package. */
  version: string;
}

/** Throws when the planner is not the one that the conditions were written for. */
export function loadQueryPlanner(): LoadedPlanner {
  // The packages are CommonJS, and some of their names are not found by `import`.
  const require = createRequire(import.meta.url);
  const internals = require('@apollo/federation-internals') as typeof FederationInternals;
  const { version } = require('@apollo/query-planner/package.json') as { version: string };
  const planner = require.resolve('@apollo/query-planner/dist/buildPlan.js');
  const paths = createRequire(planner).resolve('@apollo/query-graphs/dist/graphPath.js');
  const folders = [planner, paths].map((file) => dirname(file) + sep);
  const ways = new BoundedWays();
  // Both packages are loaded once more, for nobody else wants what is put into them.
  const others = takeModules(require.cache, folders);
  try {
    loadWith(paths, intoPaths, { ways });
    const keys = new PlainKeys<KeyEdge, unknown>();
    const given = { ways, keys, conditions: conditions(internals) };
    const { QueryPlanner } = loadWith(planner, intoPlanner, given) as typeof ApolloQueryPlanner;
    const run = <T>(plan: () => T): T => {
      keys.forget();
      return ways.run(plan);
    };
    return { QueryPlanner, internals, run, version };
  } finally {
    takeModules(require.cache, folders);
    Object.assign(require.cache, others);
  }
}

/** Modules of some folders; they are loaded anew when they are required again. */
function takeModules(cache: NodeJS.Dict<NodeModule>, folders: readonly string[]): NodeJS.Dict<NodeModule> {
  const taken = Object.entries(cache).filter(([file]) => folders.some((folder) => file.startsWith(folder)));
  for (const [file] of taken) delete cache[file];
  return Object.fromEntries(taken);
}

/** Loads a file with insertions, which see what is given by its names. Others that require it get this. */
function loadWith(file: string, insertions: readonly Insertion[], given: Record<string, unknown>): unknown {
  const source = insertions.reduce(
    (text, { after, before = '', text: inserted }) => {
      const parts = text.split(after + before);
      if (parts.length !== 2) throw new Error(`${file} is not of the version that is known here.`);
      return parts.join(after + inserted + before);
    },
    readFileSync(file, 'utf8'),
  );
  const names = ['exports', 'require', 'module', '__filename', '__dirname', ...Object.keys(given)];
  const run = compileFunction(source, names, { filename: file });
  const require = createRequire(file);
  const module = new Module(file);
  require.cache[file] = module;
  run(module.exports, require, module, file, dirname(file), ...Object.values(given));
  module.loaded = true;
  return module.exports;
}

function conditions({ federationMetadata }: typeof FederationInternals) {
  /** Whether a subgraph that is asked for these fields could not resolve one of them. */
  function selectsExternal(schema: Schema, set: SelectionSet): boolean {
    const metadata = federationMetadata(schema);
    return set.selections().some((selection) => {
      if (selection.kind === 'FieldSelection') {
        const type = schema.type(set.parentType.name) as Partial<CompositeType> | undefined;
        const field = type && 'field' in type ? type.field?.(selection.element.name) : undefined;
        if (field && metadata?.isFieldExternal(field)) return true;
      }
      return selection.selectionSet !== undefined && selectsExternal(schema, selection.selectionSet);
    });
  }
  const mayAsk = (group: FetchGroup, set: SelectionSet): boolean => {
    const schema = group.dependencyGraph.subgraphSchemas.get(group.subgraphName);
    return schema === undefined || !selectsExternal(schema, set);
  };
  return {
    mayAsk,
    /** Whether no type of a subgraph implements an interface that it has. */
    isBare: (schema: Schema, name: string): boolean => {
      const type = schema.type(name);
      return type?.kind === 'InterfaceType' && type.possibleRuntimeTypes().length === 0;
    },
    /** What a fetch is sent because its subgraph cannot find it out, its parent cannot find out there either. */
    mayMerge: (parent: FetchGroup, child: FetchGroup): boolean =>
      child.inputs === undefined ||
      parent.inputs?.contains(child.inputs) === true ||
      child.inputs.selectionSets().every((set) => mayAsk(child, set)),
  };
}
