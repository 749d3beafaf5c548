// Owns that domains read and write sealed columns as if they were not: values are sealed on their way in, opened on theirs out.
import {
  AliasNode,
  BinaryOperationNode,
  ColumnUpdateNode,
  IdentifierNode,
  InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperatorNode,
  PrimitiveValueListNode,
  type RootOperationNode,
  SelectionNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely';
import { columnOf, isNode } from './query-nodes.ts';
import { refuseHandedOn } from './refuse-handed-on.ts';
import type { ValueSealer } from './seal-values.ts';

export interface Sealing {
  sealer: ValueSealer;
  /** The names of the sealed columns; they are sealed in every table that has them. */
  columns: ReadonlySet<string>;
  /** Tables and views that have some. */
  tables: ReadonlySet<string>;
}

/**
 * A plugin for Kysely. A query that compares, orders by, renames or computes with a sealed column throws an Error, because
 * it would find nothing or hand on what nobody can read; so does one that does it with what a query within it selects. What raw SQL does to them is not seen; the database refuses plain
 * texts itself.
 */
export function sealingPlugin(sealing: Sealing): KyselyPlugin {
  const rewriter = queryRewriter(sealing);
  return {
    transformQuery: ({ node }) => {
      refuseHandedOn(node, sealing);
      return rewriter(node) as RootOperationNode;
    },
    async transformResult({ result }) {
      const [first] = result.rows;
      const found = first ? Object.keys(first).filter((column) => sealing.columns.has(column)) : [];
      if (found.length === 0) return result;
      return { ...result, rows: result.rows.map((row) => opened(row, found, sealing.sealer)) };
    },
  };
}

function opened(row: Record<string, unknown>, columns: readonly string[], sealer: ValueSealer) {
  const copy = { ...row };
  for (const column of columns) {
    const value = row[column];
    if (value !== null) copy[column] = sealer.open(column, String(value));
  }
  return copy;
}

/** PostgreSQL's word for a text with U+0000, which it would refuse if it saw it. */
const UNSTORABLE_CHARACTER = '22021';

function queryRewriter({ sealer, columns, tables }: Sealing): (node: OperationNode) => OperationNode {
  const isSealed = (column: string | undefined) => column !== undefined && columns.has(column);

  const seal = (column: string, value: unknown): string | null => {
    if (value === null) return null;
    if (typeof value !== 'string') throw new Error(`The column ${column} is sealed: it takes texts alone.`);
    if (!value.includes('\0')) return sealer.seal(column, value);
    const error = new Error(`A text for the column ${column} contains the character U+0000.`);
    throw Object.assign(error, { code: UNSTORABLE_CHARACTER });
  };
  const sealNode = (column: string, node: OperationNode): OperationNode => {
    if (ValueNode.is(node)) return { ...node, value: seal(column, node.value) } as ValueNode;
    const isStill = node.kind === 'DefaultInsertValueNode' || columnOf(node) === column;
    if (isStill) return node;
    throw new Error(`The column ${column} is sealed: it takes values, and nothing computed by the database.`);
  };

  const rewriteInsert = (node: InsertQueryNode): OperationNode => {
    const names = node.columns?.map(({ column }) => column.name);
    const isConcerned = names ? names.some(isSealed) : tables.has(node.into?.table.identifier.name ?? '');
    if (!isConcerned || node.values === undefined) return rewriteParts(node, ['columns']);
    if (!names || !ValuesNode.is(node.values)) {
      throw new Error('A sealed column takes values, and nothing selected by the database.');
    }
    const rows = node.values.values.map((row) =>
      PrimitiveValueListNode.is(row)
        ? PrimitiveValueListNode.create(
            row.values.map((value, index) => {
              const name = names[index] ?? '';
              return isSealed(name) ? seal(name, value) : value;
            }),
          )
        : ValueListNode.create(
            row.values.map((value, index) => {
              const name = names[index] ?? '';
              return isSealed(name) ? sealNode(name, value) : rewrite(value);
            }),
          ),
    );
    return rewriteParts(InsertQueryNode.cloneWith(node, { values: ValuesNode.create(rows) }), [
      'columns',
      'values',
    ]);
  };

  const rewriteUpdate = (node: ColumnUpdateNode): OperationNode => {
    const column = columnOf(node.column);
    if (column === undefined || !isSealed(column)) return rewriteParts(node);
    return ColumnUpdateNode.create(node.column, sealNode(column, node.value));
  };

  const rewriteParts = (node: OperationNode, except: readonly string[] = []): OperationNode => {
    const changed: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(node) as [string, unknown][]) {
      if (except.includes(name)) continue;
      const rewritten = Array.isArray(part) ? rewriteList(part) : isNode(part) ? rewrite(part) : part;
      if (rewritten !== part) changed[name] = rewritten;
    }
    return Object.keys(changed).length > 0 ? { ...node, ...changed } : node;
  };
  const rewriteList = (parts: readonly unknown[]): readonly unknown[] => {
    const rewritten = parts.map((part) => (isNode(part) ? rewrite(part) : part));
    return rewritten.some((part, index) => part !== parts[index]) ? rewritten : parts;
  };

  const rewrite = (node: OperationNode): OperationNode => {
    // Their values may be anything, and look like nodes.
    if (ValueNode.is(node) || PrimitiveValueListNode.is(node)) return node;
    if (SelectionNode.is(node) && isSelectedAsItIs(node)) return node;
    if (BinaryOperationNode.is(node) && asksWhetherNull(node)) return node;
    if (InsertQueryNode.is(node)) return rewriteInsert(node);
    if (ColumnUpdateNode.is(node)) return rewriteUpdate(node);
    const column = columnOf(node);
    if (column === undefined) return rewriteParts(node);
    if (!isSealed(column)) return node;
    throw new Error(
      `The column ${column} is sealed: it can be selected under its own name, and nothing else.`,
    );
  };
  return rewrite;
}

function isSelectedAsItIs({ selection }: SelectionNode): boolean {
  if (!AliasNode.is(selection)) return columnOf(selection) !== undefined;
  const { node, alias } = selection;
  return IdentifierNode.is(alias) && columnOf(node) === alias.name;
}

/** Null stays null when it is sealed. */
function asksWhetherNull({ leftOperand, operator, rightOperand }: BinaryOperationNode): boolean {
  const isNull = ValueNode.is(rightOperand) && rightOperand.value === null;
  const isAsked = OperatorNode.is(operator) && ['is', 'is not'].includes(operator.operator);
  return isNull && isAsked && columnOf(leftOperand) !== undefined;
}
