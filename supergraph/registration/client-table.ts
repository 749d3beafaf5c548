// Owns the table of what each client sees, as Markdown between two marks of a page that people write.
import { type GraphQLSchema, isInterfaceType, isObjectType, Kind, parse } from 'graphql';
import type { BffDeclaration } from '../declaration/define-bff.ts';
import type { RegisteredOperation } from '../persisted-documents/manifest.ts';

export interface ClientView {
  bff: BffDeclaration;
  /** What clients see. */
  schema: GraphQLSchema;
  /** SDL of all that there is, of this BFF's own fields too. */
  supergraphSdl: string;
  operations: readonly RegisteredOperation[];
}

const begin = '<!-- what each client sees: made by `npm run documents` -->';
const end = '<!-- end of what each client sees -->';

/** The page with the table in its place; undefined when the page has no place for it. */
export function withClientTable(page: string, views: readonly ClientView[]): string | undefined {
  const start = page.indexOf(begin);
  const stop = page.indexOf(end, start);
  if (start === -1 || stop === -1) return undefined;
  return `${page.slice(0, start + begin.length)}\n${clientTable(views)}\n${page.slice(stop)}`;
}

function clientTable(views: readonly ClientView[]): string {
  const rows: [string, (view: ClientView) => string][] = [
    ['contract', ({ bff }) => contractOf(bff)],
    ['fields it sees', (view) => `${fieldsOf(view.schema).length} of ${allFields(view).size}`],
    ['of these for it alone', (view) => ownFields(view, views)],
    ['mutations', ({ schema }) => count(Object.keys(schema.getMutationType()?.getFields() ?? {}).length)],
    ['registered operations', ({ operations }) => count(operations.filter(({ draft }) => !draft).length)],
    ['other operations', ({ bff }) => otherOperations(bff)],
    ['operations in one request', ({ bff }) => String(bff.documents?.batch ?? 1)],
    ['versions', ({ bff }) => versionsOf(bff)],
  ];
  return [
    line(['', ...views.map(({ bff }) => `\`${bff.name}\``)]),
    line(Array.from({ length: views.length + 1 }, () => '---')),
    ...rows.map(([title, cell]) => line([title, ...views.map(cell)])),
  ].join('\n');
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replace('|  |', '| |');
const count = (number: number): string => (number === 0 ? 'none' : String(number));

function contractOf({ contract: { include, exclude } = {} }: BffDeclaration): string {
  const named = (tags: readonly string[]): string => tags.map((tag) => `\`${tag}\``).join(', ');
  const parts = [
    ...(include ? [`what is tagged ${named(include)}`] : []),
    ...(exclude ? [`${include ? '' : 'all '}but what is tagged ${named(exclude)}`] : []),
  ];
  return parts.join(', ') || 'all';
}

/** Coordinates, by name. */
function fieldsOf(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && (isObjectType(type) || isInterfaceType(type)))
    .flatMap((type) =>
      'getFields' in type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
}

function allFields({ schema, supergraphSdl }: ClientView): Set<string> {
  if (supergraphSdl === '') return new Set(fieldsOf(schema));
  return new Set(
    parse(supergraphSdl, { noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
        ? (definition.fields ?? []).map(({ name }) => `${definition.name.value}.${name.value}`)
        : [],
    ),
  );
}

/** What no other BFF has at all. */
function ownFields(view: ClientView, views: readonly ClientView[]): string {
  const others = views.filter((other) => other !== view).map(allFields);
  return count(fieldsOf(view.schema).filter((field) => others.every((all) => !all.has(field))).length);
}

function otherOperations({ documents }: BffDeclaration): string {
  if (documents?.unregistered === 'reject') return 'refused in production';
  return documents === undefined || documents.automatic
    ? 'any that is valid, also by hash'
    : 'any that is valid';
}

function versionsOf({ clients = {} }: BffDeclaration): string {
  const floors = Object.entries(clients).map(([name, { minimum, sunset = {} }]) => {
    const ends = Object.entries(sunset).map(([below, day]) => `below ${below} until ${day}`);
    return [`${name} ${minimum === undefined ? 'any' : `from ${minimum}`}`, ...ends].join(', ');
  });
  return floors.length === 0 ? 'any' : floors.join('; ');
}
