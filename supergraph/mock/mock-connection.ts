// Owns pages of mocked lists: connections whose edges, cursors, `pageInfo` and `totalCount` fit each other.
import {
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';

/** They choose a part of a list, and not another list. */
export const pagingArguments: readonly string[] = ['first', 'after', 'last', 'before', 'limit'];

type Arguments = Readonly<Record<string, unknown>>;

export interface MockConnection {
  type: GraphQLObjectType;
  node: GraphQLOutputType;
  /** The fields of a page of a list with `length` items. Throws BAD_USER_INPUT for what is no cursor or no size. */
  page: (args: Arguments, length: number, item: (index: number) => unknown) => Record<string, unknown>;
}

const usualSize = 20;
const mostItems = 100;

/** undefined for a type that is none: it has `edges` with a `node`, and `pageInfo`. */
export function connectionOf(type: GraphQLOutputType): MockConnection | undefined {
  if (!isObjectType(type) || !type.getFields()['pageInfo']) return undefined;
  const edges = getNullableType(type.getFields()['edges']?.type);
  const edge = isListType(edges) ? getNamedType(edges.ofType) : undefined;
  const node = isObjectType(edge) ? edge.getFields()['node']?.type : undefined;
  const pageInfo = getNamedType(type.getFields()['pageInfo']?.type);
  if (edge === undefined || node === undefined || pageInfo === undefined) return undefined;
  return {
    type,
    node,
    page(args, length, item) {
      const start = startOf(args['after']);
      const end = Math.min(length, start + sizeOf(args['first']));
      const places = Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
      const nodes = places.map(item);
      const entry = (index: number) => ({
        __typename: edge.name,
        key: `${type.name}[${index}]`,
        known: { cursor: cursorOf(index), node: nodes[index - start] },
      });
      const known = {
        hasNextPage: end < length,
        hasPreviousPage: start > 0,
        startCursor: places.length > 0 ? cursorOf(start) : null,
        endCursor: places.length > 0 ? cursorOf(end - 1) : null,
      };
      return {
        edges: places.map(entry),
        nodes,
        pageInfo: { __typename: pageInfo.name, key: pageInfo.name, known },
        totalCount: length,
      };
    },
  };
}

function sizeOf(first: unknown): number {
  const size = first ?? usualSize;
  if (typeof size === 'number' && size >= 1 && size <= mostItems) return size;
  throw badInput('first', `must be between 1 and ${mostItems}, but is ${size}`);
}

function cursorOf(index: number): string {
  return Buffer.from(`item ${index}`).toString('base64url');
}

function startOf(after: unknown): number {
  if (after === undefined || after === null) return 0;
  const index = /^item (\d{1,6})$/.exec(Buffer.from(String(after), 'base64url').toString())?.[1];
  if (index === undefined) throw badInput('after', 'is not a cursor of this list');
  return Number(index) + 1;
}

function badInput(argument: string, complaint: string): GraphQLError {
  return new GraphQLError(`The argument "${argument}" ${complaint}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}
