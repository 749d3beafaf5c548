// Owns saying how far one operation may go at a BFF, who may read its schema, and who says so.
import type { BffDeclaration } from '../declaration/define-bff.ts';
import { usualLimits } from '../declaration/limits-declaration.ts';
import type { Environment } from '../foundation/environment.ts';

type Row = readonly [key: string, value: string, from: string];

const keys = [
  'body',
  'tokens',
  'depth',
  'introspectionDepth',
  'aliases',
  'rootFields',
  'directives',
  'selections',
  'listItems',
  'variableDepth',
  'fetches',
  'errors',
  'answer',
] as const;
/** What @apollo/gateway does by itself is not for us to stop. */
const ownEngineAlone: ReadonlySet<string> = new Set(['fetches', 'errors', 'answer']);

/** Rows of what is said, and of where it comes from. */
export function explainOperationLimits(
  { limits = {}, clients = {} }: BffDeclaration,
  { engine, production }: Environment,
): Row[] {
  const rows = keys.map((key): Row => {
    if (engine === 'apollo' && ownEngineAlone.has(key)) return [`limits.${key}`, 'not bounded', 'ENGINE'];
    const said = limits[key];
    return [`limits.${key}`, String(said ?? usualLimits[key]), said === undefined ? 'default' : 'declared'];
  });
  const { introspection } = limits;
  const readers = introspection ?? usualLimits.introspection;
  const inProduction = production ? 'nobody' : 'everybody, because NODE_ENV is not production';
  const whose = { always: 'everybody', never: 'nobody', development: inProduction }[readers];
  const own = Object.entries(clients).flatMap(([name, client]): Row[] =>
    client.introspection === undefined
      ? []
      : [[`clients.${name} reads the schema`, String(client.introspection), 'declared']],
  );
  return [
    ...rows,
    ['limits.introspection', `${readers}: ${whose}`, introspection === undefined ? 'default' : 'declared'],
    ...own,
  ];
}
