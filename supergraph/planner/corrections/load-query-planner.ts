// Owns loading Apollo's planner with some conditions more than it comes with: it forgets that a subgraph which knows a
// field as external cannot resolve it, and so asks for fields before what they require is there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import type * as FederationInternals from '@apollo/federation-internals';
import type { CompositeType, Schema, SelectionSet } from '@apollo/federation-internals';
import type * as ApolloQueryPlanner from '@apollo/query-planner';

/** What the planner calls a fetch group, as far as the conditions look at it. */
interface FetchGroup {
  subgraphName: string;
  selection: SelectionSet;
  /** What its representations are made of; none at the root. */
  inputs?: { selectionSets: () => SelectionSet[]; contains: (other: unknown) => boolean };
  dependencyGraph: { subgraphSchemas: ReadonlyMap<string, Schema> };
}

/** One way to get to a selection, as the planner weighs it: paths that are all taken at once. */
interface PathOption {
  paths: readonly { tail: { index: number }; subgraphJumps: () => number }[];
}

/** With every level of abstract types the ways are multiplied; each of them is tried with each of the next level. */
const mostOptions = 64;

/** Each goes into a place of the planner's own text, of which there must be one. */
const insertions: readonly { after: string; text: string; before?: string }[] = [
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
    text: 'newOptions = conditions.thinned(newOptions);\n        ',
    before: 'if (newOptions.length === 0) {\n            if (this.isTopLevel',
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

export interface LoadedPlanner {
  QueryPlanner: typeof ApolloQueryPlanner.QueryPlanner;
  internals: typeof FederationInternals;
  /** Of the planner's package. */
  version: string;
}

/** Throws when the planner is not the one that the conditions were written for. */
export function loadQueryPlanner(): LoadedPlanner {
  // The packages are CommonJS, and some of their names are not found by `import`.
  const require = createRequire(import.meta.url);
  const internals = require('@apollo/federation-internals') as typeof FederationInternals;
  const { version } = require('@apollo/query-planner/package.json') as { version: string };
  const file = require.resolve('@apollo/query-planner/dist/buildPlan.js');
  const run = compileFunction(
    withConditions(readFileSync(file, 'utf8'), version),
    ['exports', 'require', 'module', '__filename', '__dirname', 'conditions'],
    { filename: file },
  );
  const module = { exports: {} as typeof ApolloQueryPlanner };
  run(module.exports, createRequire(file), module, file, dirname(file), conditions(internals));
  return { QueryPlanner: module.exports.QueryPlanner, internals, version };
}

function withConditions(source: string, version: string): string {
  return insertions.reduce((text, { after, before = '', text: inserted }) => {
    const parts = text.split(after + before);
    if (parts.length !== 2)
      throw new Error(`@apollo/query-planner ${version} is not the one that is known here.`);
    return parts.join(after + inserted + before);
  }, source);
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
    /** Of very many ways to a place those with the fewest detours, one for each end that they have. */
    thinned: (options: readonly PathOption[]): readonly PathOption[] => {
      if (options.length <= mostOptions) return options;
      const shortest = new Map<string, { option: PathOption; jumps: number }>();
      for (const option of options) {
        const ends = option.paths.map(({ tail }) => tail.index).join();
        const jumps = option.paths.reduce((sum, path) => sum + path.subgraphJumps(), 0);
        const known = shortest.get(ends);
        if (known === undefined || jumps < known.jumps) shortest.set(ends, { option, jumps });
      }
      return [...shortest.values()]
        .sort((a, b) => a.option.paths.length - b.option.paths.length || a.jumps - b.jumps)
        .slice(0, mostOptions)
        .map(({ option }) => option);
    },
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
