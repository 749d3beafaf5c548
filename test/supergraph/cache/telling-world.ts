// Draws small federated worlds whose subgraphs answer with what they were asked, word for word, so that nobody gets another's answer unseen.
import { createHash } from 'node:crypto';
import { type GraphQLResolveInfo, print } from 'graphql';
import { compose } from '../../../supergraph/composition/compose.ts';
import type { CacheRule, CacheRules, CacheScope } from '../../../supergraph/declaration/cache-declaration.ts';
import type { Permissions } from '../../../supergraph/declaration/define-bff.ts';
import { hasScope, isSignedIn } from '../../../supergraph/declaration/rule-words.ts';
import type { Random } from '../../differential/operations/random.ts';
import {
  type Data,
  type FieldResolver,
  type Resolvers,
  startCaseSubgraph,
} from '../../federation/harness/case-subgraph.ts';

export interface TellingWorld {
  supergraphSdl: string;
  /** Each subgraph's, for whoever reads why a draw has failed. */
  sdl: string;
  cache: CacheRules;
  permissions: Permissions;
  /** How many requests subgraphs got since the start. */
  asked: () => number;
  stop: () => void;
}

/** Of a client, forwarded to subgraphs. */
export const flavour = 'x-flavour';
/** By which some rules tell viewers apart. */
export const claim = 'tenant';

/** What one client gets and another may not, in the keys of what is kept: none of it may be mistaken for another. */
export const literals: Record<string, string[]> = {
  ID: ['"1"', '1', '"01"', '"true"'],
  String: ['"1"', '""', '"null"', '"x, y"', '"true"'],
  Int: ['1', '0', '12'],
  Float: ['1', '0', '1.5'],
  Any: ['1', '"1"', 'true', '"true"', '[1]', '["1"]', '[[1]]', '{ a: 1 }', '{ a: "1" }', '{}', '""', '0'],
  'Mutation.a_set.row': ['0', '1', '2', '3'],
  'Mutation.b_set.row': ['0', '1', '2', '3'],
  'Mutation.c_set.row': ['0', '1', '2', '3'],
  'Mutation.set_node.row': ['0', '1', '2', '3'],
};

const names = ['a', 'b', 'c'] as const;
type Name = (typeof names)[number];
const entityOf: Record<Name, string> = { a: 'E0', b: 'E1', c: 'E2' };

/** Ways to name an entity; the values of equal fields are equal in all types. */
const forms = {
  id: { key: 'id', fields: 'id: ID!' },
  n: { key: 'n', fields: 'n: Int!' },
  k: { key: 'k', fields: 'k: Any!' },
  ab: { key: 'a b', fields: 'a: String! b: String!' },
  org: { key: 'org { id zone }', fields: 'org: Org!' },
} as const;
type Form = keyof typeof forms;

const rows: readonly Data[] = [
  { id: '1', n: 1, k: 1, a: 'x,y', b: 'z', org: { id: '1', zone: 'z' } },
  { id: '2', n: 2, k: '1', a: 'x', b: 'y,z', org: { id: '1', zone: null } },
  { id: '1,2', n: 12, k: true, a: 'x', b: '', org: { id: '1', zone: '' } },
  { id: 'true', n: -1, k: 'true', a: '', b: 'x', org: { id: '2', zone: 'null' } },
];
const nodeTypes = ['N0', 'N0', 'N1', 'N1'];
const places = [0, 1, undefined, 2, 0, 3];

const argumentLists = [
  '',
  '',
  '(x: Any)',
  '(b: String, a: String)',
  '(a: String = "1", n: Int)',
  '(filter: Filter)',
  '(ids: [ID], n: Int = 1)',
  '(n: Float, flag: Boolean)',
];

const head = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject"])
  scalar Any
  input Filter { a: Any n: Int = 3 tags: [String] inner: Filter }
  type Org @shareable { id: ID! zone: String }
`;

/** What an object knows of how it was asked for. */
interface Told {
  /** The representation, or the root field with its arguments. */
  by: string;
  /** Of all that was selected with it. */
  selection: string;
}

/** What resolvers hand to those within. */
interface Place {
  told: Told;
  type: string;
  /** Of its type. */
  row: number;
  /** The field that a part is of. */
  holder: string;
}

export async function startTellingWorld(random: Random): Promise<TellingWorld> {
  const keysOf = new Map(names.map((name) => [entityOf[name], someForms(random)]));
  const rules = drawRules(random);
  const versions = new Map<string, string>();
  const made = names.map((name) => ({ name, ...makeSubgraph(name, { random, keysOf, rules, versions }) }));
  let asked = 0;
  const started = await Promise.all(
    made.map(({ name, sdl, resolvers }) =>
      startCaseSubgraph(
        name,
        { sdl, resolvers },
        {
          write: () => {
            asked += 1;
          },
          misbehaviour: () => undefined,
        },
      ),
    ),
  );
  return {
    supergraphSdl: compose(started.map(({ schema }) => schema)),
    sdl: made.map(({ name, sdl }) => `# ${name}\n${sdl}`).join('\n'),
    ...rules,
    asked: () => asked,
    stop() {
      for (const { stop } of started) stop();
    },
  };
}

function someForms(random: Random): Form[] {
  const all = Object.keys(forms) as Form[];
  const chosen = all.filter(() => random.chance(0.4));
  return chosen.length > 0 ? chosen : [random.pick(all)];
}

type Rules = Pick<TellingWorld, 'cache' | 'permissions'>;

const protectedFields: Record<string, string[]> = {
  E0: ['a_deep', 'b_deep', 'c_deep'],
  E1: ['a_deep', 'b_deep', 'c_deep'],
  E2: ['a_deep', 'b_deep', 'c_deep'],
  Query: ['a_deep', 'b_deep', 'c_deep'],
};

function drawRules(random: Random): Rules {
  const scope = (): CacheScope => random.pick(['public', 'public', 'viewer', { claim }]);
  const rule = (given = scope()): CacheRule | 'never' =>
    random.chance(0.1)
      ? 'never'
      : {
          scope: given,
          maxAge: random.pick(['2s', '1h']),
          ...(random.chance(0.3) && { staleIfError: '1h' }),
          ...(random.chance(0.3) && { tags: ['some'] }),
        };
  const cache: Record<string, CacheRule | 'never'> = {};
  for (const type of ['E0', 'E1', 'E2']) {
    if (random.chance(0.9)) cache[type] = rule();
    for (const field of ['a_says', 'b_says', 'c_tells']) {
      if (random.chance(0.3)) cache[`${type}.${field}`] = rule();
    }
  }
  // Whatever an interface says holds for all that it can be.
  const ofNodes = rule();
  for (const type of ['Node', 'N0', 'N1']) cache[type] = ofNodes;
  for (const name of names) {
    for (const field of ['all', 'one', 'says']) {
      if (random.chance(0.8)) cache[`Query.${name}_${field}`] = rule();
    }
  }
  for (const field of ['nodes', 'things']) cache[`Query.${field}`] = rule();
  const permissions: Record<string, Record<string, typeof isSignedIn>> = {};
  for (const [type, fields] of Object.entries(protectedFields)) {
    for (const field of fields) {
      cache[`${type}.${field}`] = rule(random.chance(0.7) ? 'viewer' : { claim });
      permissions[type] = {
        ...permissions[type],
        [field]: random.chance(0.5) ? isSignedIn : hasScope('deep'),
      };
    }
  }
  return { cache, permissions };
}

interface Making {
  random: Random;
  keysOf: ReadonlyMap<string, readonly Form[]>;
  rules: Rules;
  versions: Map<string, string>;
}

function makeSubgraph(name: Name, { random, keysOf, rules, versions }: Making) {
  const resolvers: Record<string, Record<string, FieldResolver>> = { Query: {}, Mutation: {} };
  const given = () => random.pick(argumentLists);
  const ofVersion = (type: string, row: number) => versions.get(`${type}:${row}`) ?? 'first';
  const scopeOf = (type: string, field: string) => {
    const rule = rules.cache[`${type}.${field}`] ?? rules.cache[type];
    return rule === undefined || rule === 'never' ? 'viewer' : rule.scope;
  };

  /** All that it was asked for, by whom as far as its rule tells people apart. */
  const says: FieldResolver = (source, args, context, info) => {
    const { told, row, type, holder } = (source ?? {}) as Partial<Place>;
    const { headers } = context as { headers: Record<string, string | undefined> };
    const [of = '', field = ''] = (holder ?? `${info.parentType.name}.${info.fieldName}`).split('.');
    const own = told ?? toldBy(info, args);
    const version = type === undefined || row === undefined ? '' : ofVersion(type, row);
    const who = whoAsks(headers['authorization'], scopeOf(of, field));
    const words = [
      name,
      `${info.parentType}.${info.fieldName}`,
      args,
      own,
      version,
      headers[flavour] ?? null,
    ];
    return JSON.stringify([...words, who]);
  };
  const fails: FieldResolver = (source, args, context, info) => {
    // Of some entities of a list, and not of all.
    if ((source as Partial<Place>).row === 0 && args['x'] === undefined) throw new Error('It fails.');
    return says(source, args, context, info);
  };
  const object = (type: string, row: number | undefined, told: Told): Data | null => {
    if (row === undefined) return null;
    const isNode = type === 'Node';
    return { ...rows[row], __typename: isNode ? nodeTypes[row] : type, type, row, told };
  };
  const partOf: FieldResolver = ({ told }, _args, _context, info) => ({
    told,
    holder: `${info.parentType.name}.${info.fieldName}`,
  });
  const resolveReference =
    (type: string): FieldResolver =>
    (reference, _args, info) => {
      // @apollo/subgraph calls it with the representation, the context and the info.
      const { __typename: _, ...by } = reference;
      const row = rows.findIndex((one) => isNamedBy(one, by));
      // What several fetches ask for may be one request or two: that depends on what else is kept.
      const selected = (info as GraphQLResolveInfo).fieldNodes.map(({ selectionSet }) => selectionSet);
      const selection = hashOf(selected.map((one) => (one ? print(one) : '')).join());
      const isHidden = row < 0 || (row === 3 && entityOf[name] !== type && type !== 'Node');
      return isHidden ? null : object(type, row, { by: JSON.stringify(reference), selection });
    };

  const parts: string[] = [head];
  for (const other of names) {
    const type = entityOf[other];
    const known = keysOf.get(type) ?? [];
    const keys = other === name ? known : known.filter((_, index) => index === 0 || random.chance(0.5));
    const usesBasis = other !== name && random.chance(0.7);
    const target = random.pick(names);
    const fields: [text: string, name: string, resolver: FieldResolver | undefined][] = [
      [`${name}_says${given()}: String`, `${name}_says`, says],
      [`${name}_tells${given()}: String`, `${name}_tells`, says],
      [`${name}_deep${given()}: String`, `${name}_deep`, says],
    ];
    if (other === name) fields.push([`basis: String`, 'basis', says]);
    if (usesBasis) {
      fields.push(['basis: String @external', 'basis', undefined]);
      fields.push([`${name}_built${given()}: String @requires(fields: "basis")`, `${name}_built`, says]);
    }
    if (random.chance(0.5)) fields.push([`${name}_fails(x: Any): String`, `${name}_fails`, fails]);
    if (random.chance(0.5)) fields.push([`${name}_part: Part_${name}`, `${name}_part`, partOf]);
    if (random.chance(0.5)) {
      const of = entityOf[target];
      fields.push([
        `${name}_links${given()}: [${of}]`,
        `${name}_links`,
        ({ told }) => places.map((row) => object(of, row, told as Told)),
      ]);
    }
    const directives = keys.map((form) => `@key(fields: "${forms[form].key}")`).join(' ');
    const keyFields = keys.map((form) => forms[form].fields).join(' ');
    parts.push(`type ${type} ${directives} { ${keyFields} ${fields.map(([text]) => text).join('\n    ')} }`);
    resolvers[type] = {
      __resolveReference: resolveReference(type),
      ...Object.fromEntries(fields.flatMap(([, field, resolver]) => (resolver ? [[field, resolver]] : []))),
    };
  }
  const own = entityOf[name];
  parts.push(`type Part_${name} { text${given()}: String to: ${own} }`);
  resolvers[`Part_${name}`] = { text: says, to: ({ told }) => object(own, 1, told as Told) };
  const roots = [
    `${name}_all${given()}: [${own}]`,
    `${name}_one(row: Int = 1, x: Any): ${own}`,
    `${name}_says${given()}: String`,
    `${name}_deep${given()}: String`,
  ];
  resolvers['Query'] = {
    [`${name}_all`]: (_, args, __, info) => places.map((row) => object(own, row, toldBy(info, args))),
    [`${name}_one`]: (_, args, __, info) =>
      object(own, rows[Number(args['row'])] ? Number(args['row']) : undefined, toldBy(info, args)),
    [`${name}_says`]: says,
    [`${name}_deep`]: says,
  };
  const set =
    (type: string): FieldResolver =>
    (_, args, __, info) => {
      const row = Number(args['row']);
      if (rows[row] === undefined) return null;
      versions.set(`${type}:${row}`, String(args['to']));
      return object(type, row, toldBy(info, args));
    };
  const mutations = [`${name}_set(row: Int!, to: String!): ${own}`];
  resolvers['Mutation'] = { [`${name}_set`]: set(own) };
  const typed = { __resolveType: ({ __typename: type }: Data) => type };
  if (name === 'a') {
    roots.push(`nodes${given()}: [Node]`, `things${given()}: [Thing]`);
    mutations.push('set_node(row: Int!, to: String!): Node');
    parts.push(
      `interface Node @key(fields: "id") { id: ID! heard(x: Any): String }
      type N0 implements Node @key(fields: "id") { id: ID! heard(x: Any): String zero${given()}: String }
      type N1 implements Node @key(fields: "id") { id: ID! heard(x: Any): String one${given()}: String }
      union Thing = E0 | E1 | N0`,
    );
    resolvers['Node'] = { ...typed, __resolveReference: resolveReference('Node') };
    resolvers['N0'] = { heard: says, zero: says, __resolveReference: resolveReference('Node') };
    resolvers['N1'] = { heard: says, one: says, __resolveReference: resolveReference('Node') };
    resolvers['Thing'] = typed;
    Object.assign(resolvers['Query'], {
      nodes: (_, args, __, info) => places.map((row) => object('Node', row, toldBy(info, args))),
      things: (_, args, __, info) =>
        ['E0', 'Node', 'E1', 'E0'].map((type, row) => object(type, row % 2, toldBy(info, args))),
    } satisfies Record<string, FieldResolver>);
    resolvers['Mutation']['set_node'] = set('Node');
  } else if (name === 'b') {
    parts.push(`type Node @key(fields: "id") @interfaceObject { id: ID! noted${given()}: String }`);
    resolvers['Node'] = { noted: says, __resolveReference: resolveReference('Node') };
  } else {
    parts.push(`type N0 @key(fields: "id") { id: ID! extra${given()}: String }`);
    resolvers['N0'] = { extra: says, __resolveReference: resolveReference('Node') };
  }
  parts.push(`type Query { ${roots.join(' ')} }`, `type Mutation { ${mutations.join(' ')} }`);
  return { sdl: parts.join('\n  '), resolvers: resolvers as Resolvers };
}

function toldBy(info: GraphQLResolveInfo, args: Data): Told {
  return {
    by: `${info.fieldName} ${JSON.stringify(args)}`,
    selection: hashOf(info.fieldNodes.map(print).join()),
  };
}

function isNamedBy(row: Data, reference: Data): boolean {
  const given = Object.entries(reference).filter(([name]) => name in row);
  return (
    given.length > 0 && given.every(([name, value]) => JSON.stringify(row[name]) === JSON.stringify(value))
  );
}

/** As much of the token as the rule tells people apart by. */
function whoAsks(authorization: string | undefined, scope: CacheScope): unknown {
  if (scope === 'public' || authorization === undefined) return null;
  const [, payload = ''] = authorization.split('.');
  const { iat: _, exp: __, jti: ___, ...claims } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return typeof scope === 'object' && claims[scope.claim] !== undefined ? claims[scope.claim] : claims;
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url').slice(0, 12);
}
