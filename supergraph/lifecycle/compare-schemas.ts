// Owns what a change of what clients see does to those who are known: registered documents and recorded usage.
import { diff } from '@graphql-inspector/core';
import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType, validate } from 'graphql';
import { operationCoordinates } from '../usage/operation-coordinates.ts';
import type { RecordedUsage, RecordedUse } from '../usage/read-usage.ts';
import type { ClientDocument } from './client-documents.ts';
import { type FoundChange, type Judgement, judgeChange, type Uses } from './judge-change.ts';
import type { Risk } from './type-changes.ts';

export interface Compared {
  before: GraphQLSchema;
  now: GraphQLSchema;
  /** All that clients may still send; those of before as well. */
  documents: readonly ClientDocument[];
  usage: RecordedUsage;
}

export interface ChangeFinding {
  message: string;
  /** What it could do to somebody who uses it. */
  risk: Risk;
  /** Whom it does that to. */
  documents: ClientDocument[];
  uses: RecordedUse[];
  /** Uses by clients that were not told apart. */
  others: number;
}

/** An operation that is not valid any more, without a change of the above that says why. */
export interface BrokenDocument {
  document: ClientDocument;
  message: string;
}

export interface Comparison {
  changes: ChangeFinding[];
  /** Of descriptions and the like, which are not listed. */
  unlisted: number;
  broken: BrokenDocument[];
}

interface KnownDocument extends ClientDocument {
  uses: Uses;
  /** The first reason why it is not valid now. */
  problem: string | undefined;
}

const wordsAlone = /DESCRIPTION|^DIRECTIVE_USAGE_/;

export async function compareSchemas({ before, now, documents, usage }: Compared): Promise<Comparison> {
  const found: FoundChange[] = await diff(before, now);
  const known = documents.flatMap((document) => knownDocument(document, before, now));
  const byId = new Map(known.map((document) => [document.id, document]));
  const explained = new Set<KnownDocument>();
  const listed = found.filter(({ type }) => !wordsAlone.test(type));
  const changes = listed.flatMap((change): ChangeFinding[] => {
    const judgement = judgeChange(change, before, now);
    if (judgement.risk === 'safe' && isPartOfNew(change, before)) return [];
    const hit = known.filter((document) => isHit(judgement, document.uses, document));
    if (judgement.risk === 'breaking') for (const document of hit) explained.add(document);
    const uses = usage.uses.filter((use) => isHit(judgement, usesOf(use, before), byId.get(use.id)));
    const others = othersHit(judgement, usage, before);
    return [{ message: change.message, risk: judgement.risk, documents: hit, uses, others }];
  });
  const broken = known.flatMap((document) =>
    document.problem === undefined || explained.has(document)
      ? []
      : [{ document, message: document.problem }],
  );
  return { changes, unlisted: found.length - listed.length, broken };
}

/** What a new type or a new field has in it is told with it. */
function isPartOfNew({ type, path = '' }: FoundChange, before: GraphQLSchema): boolean {
  const [name = '', field = ''] = path.split('.');
  const around = before.getType(name);
  if (type === 'TYPE_ADDED') return false;
  if (around === undefined) return true;
  if (type !== 'FIELD_ARGUMENT_ADDED' || !('getFields' in around)) return false;
  return !Object.hasOwn(around.getFields(), field);
}

/** Nothing where it was not valid before: it is new, and for the new schema alone. */
function knownDocument(document: ClientDocument, before: GraphQLSchema, now: GraphQLSchema): KnownDocument[] {
  if (problemOf(document, before) !== undefined) return [];
  const coordinates = operationCoordinates(before, document.document, document.operation);
  const named = new Set(coordinates.named.keys());
  const possible = new Set(coordinates.possible.keys());
  const uses = { named, possible, reads: readTypes(named, before) };
  return [{ ...document, uses, problem: problemOf(document, now) }];
}

function problemOf({ document, operation }: ClientDocument, schema: GraphQLSchema): string | undefined {
  // Validation takes it for granted.
  if (!schema.getRootType(operation.operation)) return `There is no ${operation.operation} any more.`;
  return validate(schema, document)[0]?.message;
}

/** Where the text is known, whether it is valid decides; else all who use what is changed are taken to be hit. */
function isHit({ concerns, risk }: Judgement, uses: Uses, document: KnownDocument | undefined): boolean {
  const how = concerns(document?.uses ?? uses);
  if (how === 'text' && document && risk === 'breaking') return document.problem !== undefined;
  return how !== undefined;
}

function usesOf({ named, possible }: RecordedUse, schema: GraphQLSchema): Uses {
  return { named, possible, reads: readTypes(named, schema) };
}

function othersHit({ concerns }: Judgement, { others }: RecordedUsage, schema: GraphQLSchema): number {
  // Each coordinate by itself: which of them went together is not known any more.
  const hit = others.filter(({ coordinate, named }) => {
    const one = new Set([coordinate]);
    const none = new Set<string>();
    const uses = named
      ? { named: one, possible: none, reads: readTypes(one, schema) }
      : { named: none, possible: one, reads: none };
    return concerns(uses) !== undefined;
  });
  return Math.max(0, ...hit.map(({ count }) => count));
}

function readTypes(named: ReadonlySet<string>, schema: GraphQLSchema): Set<string> {
  const types = new Set<string>();
  for (const coordinate of named) {
    const [parent = '', field = ''] = coordinate.split('.');
    const type = schema.getType(parent);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const read = type.getFields()[field];
    if (read) types.add(getNamedType(read.type).name);
  }
  return types;
}
