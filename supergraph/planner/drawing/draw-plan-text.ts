// Owns a query plan as text for people: steps indented, each fetch with what it needs and what it asks for.
import { Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection, Rewrite } from '../plan.ts';

/** Several lines; the same plan is always the same text. */
export function drawPlanText({ node }: QueryPlan): string {
  return ['QueryPlan {', ...indented(node ? drawNode(node) : []), '}'].join('\n');
}

/** One fetch as it stands in the plan, for those who draw plans otherwise. */
export function drawFetchText(fetch: FetchNode): string {
  return drawFetch(fetch).join('\n');
}

/** `products.@|[Book].author`: `@` is each item of a list, `|[Book]` goes on with books only; `../` goes up. */
export function drawPath(path: readonly string[]): string {
  return path.reduce((text, step) => {
    const type = /^\.\.\. on (\w+)$/.exec(step)?.[1];
    const upward = text.endsWith('..');
    if (type !== undefined) return `${text}${upward ? '/' : ''}|[${type}]`;
    if (text === '') return step;
    return `${text}${upward ? '/' : '.'}${step}`;
  }, '');
}

/** `... on Book { __typename id }`, in one line. */
export function drawRequired(selections: readonly RequiredSelection[]): string {
  return selections
    .map((selection) => {
      const inner = selection.selections?.length ? ` { ${drawRequired(selection.selections)} }` : '';
      if (selection.kind === 'fragment') return `... on ${selection.typeCondition}${inner}`;
      // As in a query: to the left the name that is sent, to the right where it is taken from.
      const name = selection.as === undefined ? selection.name : `${selection.as}: ${selection.name}`;
      return `${name}${inner}`;
    })
    .join(' ');
}

/**
 * What a fetch selects, without the words around it: for entities what it selects on them, else its root fields.
 * Undefined when the document is of another form, and must be shown whole.
 */
export function selectionOf({
  document,
  requires,
}: FetchNode): OperationDefinitionNode['selectionSet'] | undefined {
  const [operation, ...others] = parse(document, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) return undefined;
  if (requires === undefined) return operation.selectionSet;
  const [field, ...fields] = operation.selectionSet.selections;
  const isEntities = field?.kind === Kind.FIELD && field.name.value === '_entities' && fields.length === 0;
  return isEntities ? field.selectionSet : undefined;
}

function drawNode(node: PlanNode): string[] {
  if (node.kind === 'fetch') return drawFetch(node);
  const name = node.kind === 'sequence' ? 'Sequence' : 'Parallel';
  return [`${name} {`, ...indented(node.nodes.flatMap(drawNode)), '}'];
}

function drawFetch(fetch: FetchNode): string[] {
  const { subgraph, operation, path, variables } = fetch;
  const facts = [
    `service: ${JSON.stringify(subgraph)}`,
    ...(operation === 'query' ? [] : [`kind: ${operation}`]),
    ...(path.length > 0 ? [`path: "${drawPath(path)}"`] : []),
    ...(variables.length > 0 ? [`variables: ${variables.map((name) => `$${name}`).join(' ')}`] : []),
  ];
  return [`Fetch(${facts.join(', ')}) {`, ...indented([...drawQuestion(fetch), ...drawChanges(fetch)]), '}'];
}

function drawQuestion(fetch: FetchNode): string[] {
  const selection = selectionOf(fetch);
  const asked = (selection ? print(selection) : print(parse(fetch.document))).split('\n');
  if (fetch.requires === undefined) return asked;
  return ['{', ...indented(fetch.requires.flatMap(drawRequirement)), `} => ${asked[0]}`, ...asked.slice(1)];
}

function drawRequirement(selection: RequiredSelection): string[] {
  const line = drawRequired([selection]);
  if (!selection.selections?.length || line.length <= widest) return [line];
  const [opening] = line.split(' {', 1);
  return [`${opening} {`, ...indented(selection.selections.flatMap(drawRequirement)), '}'];
}

const widest = 80;

function drawChanges({ inputRewrites = [], outputRewrites = [], contexts = [] }: FetchNode): string[] {
  return [
    ...contexts.map(({ variable, path }) => `# $${variable} is taken from ${drawPath(path)}`),
    ...inputRewrites.map((rewrite) => `# before it is sent: ${drawRewrite(rewrite)}`),
    ...outputRewrites.map((rewrite) => `# before it is merged: ${drawRewrite(rewrite)}`),
  ];
}

function drawRewrite(rewrite: Rewrite): string {
  const path = drawPath(rewrite.path);
  return rewrite.kind === 'set'
    ? `${path} becomes ${JSON.stringify(rewrite.value)}`
    : `${path} is renamed to ${rewrite.to}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
