// Owns that sealed columns leave a query under their own names alone: what a subquery selects of them goes nowhere else.
import {
  AliasNode,
  CommonTableExpressionNode,
  IdentifierNode,
  type JoinNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  PrimitiveValueListNode,
  ReferenceNode,
  SelectAllNode,
  type SelectionNode,
  type SelectModifierNode,
  type SetOperationNode,
  TableNode,
  UnaryOperationNode,
  ValueNode,
} from 'kysely';
import { columnOf, isNode } from './query-nodes.ts';

/** What may be done with the columns that a query gives: come out as they are called, nothing, or nobody sees them. */
type Place = 'open' | 'closed' | 'unseen';

/** All that a query of any kind can have, as far as it is of interest here. */
interface Parts {
  with?: OperationNode;
  from?: { froms: readonly OperationNode[] };
  joins?: readonly JoinNode[];
  using?: OperationNode;
  table?: OperationNode;
  into?: OperationNode;
  selections?: readonly SelectionNode[];
  returning?: { selections: readonly SelectionNode[] };
  setOperations?: readonly SetOperationNode[];
  frontModifiers?: readonly SelectModifierNode[];
}

interface Sealed {
  /** The names of the sealed columns. */
  columns: ReadonlySet<string>;
  /** Tables and views that have some. */
  tables: ReadonlySet<string>;
}

const queryKinds: ReadonlySet<string> = new Set([
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
]);
/** Where rows come from: what stands there is called by the names it has. */
const sourceKinds: ReadonlySet<string> = new Set(['FromNode', 'UsingNode', 'JoinNode']);
const functionKinds: ReadonlySet<string> = new Set(['FunctionNode', 'AggregateFunctionNode']);

/**
 * Throws an Error where a query within this one selects a sealed column and is not read from by its names, in FROM or WITH:
 * as a value, in a comparison, in a function, under other names, or beside another column of a union. `root` itself may.
 * Neither may tell rows apart by one (distinct, union, intersect, except): of equal texts each is sealed otherwise.
 */
export function refuseHandedOn(root: OperationNode, { columns, tables }: Sealed): void {
  /** Whatever rows can be taken from that have sealed columns: tables, and what this query calls so. */
  const holders = new Set(tables);

  const sealedIn = (query: OperationNode): (string | undefined)[] => {
    const parts = query as Parts;
    const sources = sourcesOf(parts);
    return (parts.selections ?? parts.returning?.selections ?? []).map(({ selection }) => {
      if (isStar(selection)) {
        const from = ReferenceNode.is(selection) && selection.table ? [selection.table] : sources;
        return from.map(nameOf).some((name) => name !== undefined && holders.has(name)) ? '*' : undefined;
      }
      const name = columnOf(AliasNode.is(selection) ? selection.node : selection);
      return name !== undefined && columns.has(name) ? name : undefined;
    });
  };
  const holds = (query: OperationNode): boolean =>
    isQuery(query) && sealedIn(query).some((name) => name !== undefined);

  const visitQuery = (query: OperationNode, place: Place): void => {
    const { with: named, from, joins = [], using, table, into, setOperations = [], ...rest } = query as Parts;
    // What is called by a name comes before those who call it so.
    if (named) visit(named);
    for (const source of [...(from?.froms ?? []), table, into]) if (source) visitSource(source);
    for (const part of [...joins, using]) if (part) visit(part);
    const sealed = sealedIn(query);
    const first = sealed.find((name) => name !== undefined);
    if (place === 'closed' && first !== undefined) throw handedOn(first);
    if (place !== 'unseen' && first !== undefined && tellsRowsApart(query as Parts)) throw toldApart(first);
    for (const { expression } of setOperations) {
      const other = unwrapped(expression);
      if (place !== 'unseen' && isQuery(other)) refuseOtherNames(sealed, sealedIn(other));
      visit(expression, place);
    }
    for (const part of partsOf(rest)) visit(part);
  };
  const visitSource = (source: OperationNode): void => {
    if (!AliasNode.is(source)) {
      visit(source);
      return;
    }
    const inner = unwrapped(source.node);
    visit(source.node, IdentifierNode.is(source.alias) ? 'open' : 'closed');
    const name = nameOf(source);
    const isHolder = TableNode.is(inner) ? holders.has(nameOf(inner) ?? '') : holds(inner);
    if (isHolder && name !== undefined) holders.add(name);
  };
  const visit = (node: OperationNode, place: Place = 'closed'): void => {
    if (ValueNode.is(node) || PrimitiveValueListNode.is(node)) return;
    if (ParensNode.is(node)) visit(node.node, place);
    else if (isQuery(node)) visitQuery(node, place);
    else if (CommonTableExpressionNode.is(node)) {
      visit(node.expression, node.name.columns ? 'closed' : 'open');
      if (holds(node.expression)) holders.add(node.name.table.table.identifier.name);
    } else if (UnaryOperationNode.is(node) && asksForAny(node)) visit(node.operand, 'unseen');
    else if (sourceKinds.has(node.kind)) for (const part of partsOf(node)) visitSource(part);
    else {
      const parts = partsOf(node);
      const isOfRows = (part: OperationNode) => TableNode.is(part) && holders.has(nameOf(part) ?? '');
      if (functionKinds.has(node.kind) && parts.some(isOfRows)) throw handedOn('*');
      for (const part of parts) visit(part);
    }
  };
  visit(root, 'open');
}

function handedOn(column: string): Error {
  return new Error(
    `${sealedIs(column)}: a query within a query selects them under their own names, to be read from, and nothing else.`,
  );
}

function toldApart(column: string): Error {
  return new Error(`${sealedIs(column)}: the database sees no two that are equal.`);
}

function sealedIs(column: string): string {
  return column === '*' ? 'Some of these columns are sealed' : `The column ${column} is sealed`;
}

function tellsRowsApart({ frontModifiers = [], setOperations = [] }: Parts): boolean {
  return (
    frontModifiers.some(({ modifier }) => modifier === 'Distinct') ||
    setOperations.some(({ operator, all }) => operator !== 'union' || !all)
  );
}

/** The columns of a union are called as those of its first query are. */
function refuseOtherNames(
  ours: readonly (string | undefined)[],
  theirs: readonly (string | undefined)[],
): void {
  const longest = Math.max(ours.length, theirs.length);
  for (let index = 0; index < longest; index += 1) {
    const name = ours[index] ?? theirs[index];
    if (name !== undefined && ours[index] !== theirs[index]) throw handedOn(name);
  }
}

function sourcesOf({ from, joins = [], using, table, into }: Parts): OperationNode[] {
  const all = [...(from?.froms ?? []), ...joins.map((join) => join.table), using, table, into];
  return all.filter((one) => one !== undefined);
}

function partsOf(node: object): OperationNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isQuery(node: OperationNode): boolean {
  return queryKinds.has(node.kind);
}

function isStar(selection: OperationNode): boolean {
  return SelectAllNode.is(selection) || (ReferenceNode.is(selection) && SelectAllNode.is(selection.column));
}

function asksForAny({ operator }: UnaryOperationNode): boolean {
  return OperatorNode.is(operator) && ['exists', 'not exists'].includes(operator.operator);
}

function unwrapped(node: OperationNode): OperationNode {
  return ParensNode.is(node) ? unwrapped(node.node) : node;
}

function nameOf(node: OperationNode): string | undefined {
  if (TableNode.is(node)) {
    // Kysely's plugin for schemas leaves less of it in arguments of functions than its type says.
    const table: OperationNode = node.table;
    return IdentifierNode.is(table) ? table.name : node.table.identifier.name;
  }
  return AliasNode.is(node) && IdentifierNode.is(node.alias) ? node.alias.name : undefined;
}
