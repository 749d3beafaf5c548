// Owns that no mutation by the shop's own people goes without a row that says who did it; the table is database/staff-changes.ts'.
import {
  defaultFieldResolver,
  GraphQLError,
  GraphQLID,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { Kysely } from 'kysely';
import {
  beginStaffChange,
  endStaffChange,
  type StaffChangeOutcome,
  type StaffChangesTables,
} from '../database/staff-changes.ts';
import type { SubgraphContext } from '../define-subgraph.ts';
import { isStaff, signedIn } from './ownership.ts';

interface Log {
  info: (details: object, message: string) => void;
  error: (error: unknown) => void;
}

/**
 * Records, in place, every mutation that somebody of the staff asks for: before it runs, and how it ended, the refused and
 * the forbidden ones too. Wrap it around all other wrappings. Where the row cannot be written the mutation does not run and
 * fails with GraphQLError SUBGRAPH_UNAVAILABLE. Where the end cannot be written the change has happened and its row stays
 * `begun`.
 */
export function auditStaffChanges(schema: GraphQLSchema, log: Log): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (parent, args, context: SubgraphContext<StaffChangesTables, unknown>, info) => {
      const { caller, db } = context;
      if (!isStaff(caller)) return resolve(parent, args, context, info);
      const actor_id = signedIn(caller);
      const types = new Map(field.args.map(({ name, type }) => [name, type]));
      const targets = JSON.stringify(idsOf(args, types) ?? {});
      const change = { actor_id, roles: [...caller.roles], mutation: field.name, targets };
      const id = await beginStaffChange(db, change).catch((error: unknown) => {
        log.error(error);
        throw new GraphQLError('Nothing was changed, because it could not be recorded.', {
          extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
        });
      });
      const end = async (outcome: StaffChangeOutcome, person_id: string | null): Promise<void> => {
        await endQuietly(db, id, { outcome, person_id }, log);
        log.info({ ...change, person_id, outcome, change: id }, 'staff change');
      };
      try {
        const payload: unknown = await resolve(parent, args, context, info);
        await end(...endingOf(payload));
        return payload;
      } catch (error) {
        await end('failed', null);
        throw error;
      }
    };
  }
  return schema;
}

async function endQuietly(
  db: Kysely<StaffChangesTables>,
  id: string,
  ending: { outcome: StaffChangeOutcome; person_id: string | null },
  log: Log,
): Promise<void> {
  try {
    await endStaffChange(db, id, ending);
  } catch (error) {
    log.error(error);
  }
}

function endingOf(payload: unknown): [outcome: StaffChangeOutcome, personId: string | null] {
  if (payload instanceof Error) return ['failed', null];
  const userErrors = propertyOf(payload, 'userErrors');
  const isRefused = Array.isArray(userErrors) && userErrors.length > 0;
  const personId = propertyOf(propertyOf(payload, 'user'), 'id');
  return [isRefused ? 'refused' : 'done', typeof personId === 'string' ? personId : null];
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Longer than any id of ours; what a client calls an id may be anything. */
const MOST_CHARACTERS = 200;

/** The ids among the values, in their places; undefined where there are none. All else may be personal or secret. */
function idsOf(values: object, types: ReadonlyMap<string, GraphQLInputType>): object | undefined {
  const found = Object.entries(values).flatMap(([name, value]) => {
    const type = types.get(name);
    const ids = type && idsIn(value, type);
    return ids === undefined ? [] : [[name, ids]];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function idsIn(value: unknown, type: GraphQLInputType): unknown {
  if (value === null || value === undefined) return undefined;
  if (isNonNullType(type)) return idsIn(value, type.ofType);
  if (isListType(type)) {
    const isOfInterest = getNamedType(type) === GraphQLID || isInputObjectType(getNamedType(type));
    return Array.isArray(value) && isOfInterest
      ? value.map((one) => idsIn(one, type.ofType) ?? null)
      : undefined;
  }
  if (isInputObjectType(type) && typeof value === 'object') {
    return idsOf(value, new Map(Object.values(type.getFields()).map((field) => [field.name, field.type])));
  }
  // Some of these cannot be stored as JSON; that an id is none, the mutation is to say itself.
  if (type === GraphQLID) {
    return String(value)
      .slice(0, MOST_CHARACTERS)
      .replace(/[\p{Cc}\p{Surrogate}]/gu, '\uFFFD');
  }
  return undefined;
}
