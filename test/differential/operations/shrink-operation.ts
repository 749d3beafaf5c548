// Owns making an operation smaller while something about it stays as it was, until nothing more can be left out.
import {
  type ASTNode,
  type DocumentNode,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { GeneratedOperation } from './generate-operation.ts';

const maxAttempts = 1500;
/** Milliseconds; an operation may take long to plan. */
const maxTime = 30_000;

/** `holds` is only asked about smaller operations; it must also say no to those that are not valid. */
export async function shrinkOperation(
  operation: GeneratedOperation,
  holds: (smaller: GeneratedOperation) => Promise<boolean>,
): Promise<GeneratedOperation> {
  let smallest = operation;
  let attempts = 0;
  const end = performance.now() + maxTime;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const candidate of candidates(parse(smallest.source))) {
      attempts += 1;
      if (attempts > maxAttempts || performance.now() > end) return smallest;
      const smaller = { source: print(tidy(candidate)), variables: smallest.variables };
      if (smaller.source === smallest.source || !(await holds(smaller))) continue;
      smallest = smaller;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

function* candidates(document: DocumentNode): Generator<DocumentNode> {
  const sets: SelectionSetNode[] = [];
  const nodes: ASTNode[] = [];
  visit(document, {
    SelectionSet: (set) => void sets.push(set),
    enter(node) {
      nodes.push(node);
    },
  });
  for (const set of sets) {
    for (const [index, selection] of set.selections.entries()) {
      const others = set.selections.filter((_, other) => other !== index);
      if (others.length > 0) yield replace(document, set, { ...set, selections: others });
      const inner = hoisted(document, selection);
      if (inner) yield replace(document, set, { ...set, selections: [...others, ...inner] });
    }
  }
  for (const node of nodes) {
    if ('directives' in node && node.directives && node.directives.length > 0) {
      yield replace(document, node, { ...node, directives: [] } as ASTNode);
    }
    if (node.kind === Kind.FIELD) {
      if (node.alias) {
        const { alias: _, ...plain } = node;
        yield replace(document, node, plain);
      }
      for (const argument of node.arguments ?? []) {
        const others = node.arguments?.filter((other) => other !== argument);
        yield replace(document, node, { ...node, arguments: others } as ASTNode);
      }
    }
    if (node.kind === Kind.OBJECT) {
      for (const field of node.fields) {
        yield replace(document, node, { ...node, fields: node.fields.filter((other) => other !== field) });
      }
    }
    if (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue) {
      const { defaultValue: _, ...plain } = node;
      yield replace(document, node, plain);
    }
  }
}

function hoisted(document: DocumentNode, selection: SelectionNode): readonly SelectionNode[] | undefined {
  if (selection.kind === Kind.FIELD) return undefined;
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet.selections;
  const fragment = document.definitions.find(
    (definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
  );
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return undefined;
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: fragment.typeCondition,
      directives: [],
      selectionSet: fragment.selectionSet,
    },
  ];
}

function replace(document: DocumentNode, old: ASTNode, by: ASTNode): DocumentNode {
  return visit(document, { enter: (node) => (node === old ? by : undefined) });
}

/** Without fragments and variables that nothing uses any more. */
function tidy(document: DocumentNode): DocumentNode {
  let current = document;
  for (let size = -1; size !== current.definitions.length; ) {
    size = current.definitions.length;
    const spread = new Set<string>();
    visit(current, { FragmentSpread: (node) => void spread.add(node.name.value) });
    const definitions = current.definitions.filter(
      (definition) => definition.kind !== Kind.FRAGMENT_DEFINITION || spread.has(definition.name.value),
    );
    current = { ...current, definitions };
  }
  const used = new Set<string>();
  visit(current, {
    VariableDefinition: () => false,
    Variable: (node) => void used.add(node.name.value),
  });
  return visit(current, {
    VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null),
  });
}
