// Holds a BFF's permissions: what its rules are asked, what they decide, and that they add to the domains' own.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BffDeclaration } from '../../../supergraph/declaration/define-bff.ts';
import {
  allow,
  and,
  deny,
  hasRole,
  hasScope,
  isSignedIn,
  not,
  or,
  type Rule,
  type RuleContext,
  rule,
} from '../../../supergraph/declaration/rule-words.ts';
import type { Claims } from '../../support/identity.ts';
import { type RuledGraph, startRuledGraph } from './ruled-graph.ts';

type Args = Record<string, unknown>;
const saying = (answer: () => unknown, cache?: 'contextual'): Rule =>
  rule(cache && { cache })(((_parent: unknown, _args: Args, _context: RuleContext) => answer()) as never);

const ada: Claims = { userId: 'u1', roles: ['CLERK'], scopes: ['read'] };
const verdictCases: [name: string, rule: Rule, as: Claims | undefined, isAllowed: boolean][] = [
  ['true', saying(() => true), undefined, true],
  ['a promise of true', saying(async () => true), undefined, true],
  ['false', saying(() => false), ada, false],
  ['something that is not true', saying(() => 'yes'), ada, false],
  ['1', saying(() => 1), ada, false],
  ['nothing', saying(() => undefined), ada, false],
  ['an error', saying(() => new Error('Not on Sundays.')), ada, false],
  [
    'a throw',
    saying(() => {
      throw new Error('secret');
    }),
    ada,
    false,
  ],
  ['a rejection', saying(() => Promise.reject(new Error('secret'))), ada, false],
  ['no answer at all', saying(() => new Promise(() => {})), ada, false],
  ['not of false', not(saying(() => false)), undefined, true],
  [
    'not of a throw',
    not(
      saying(() => {
        throw new Error('secret');
      }),
    ),
    ada,
    false,
  ],
  ['not of no answer', not(saying(() => new Promise(() => {}))), ada, false],
  [
    'and of true and false',
    and(
      saying(() => true),
      saying(() => false),
    ),
    ada,
    false,
  ],
  [
    'or of false and true',
    or(
      saying(() => false),
      saying(() => true),
    ),
    undefined,
    true,
  ],
  ['deny', deny, ada, false],
  ['allow', allow, undefined, true],
  ['isSignedIn of nobody', isSignedIn, undefined, false],
  ['isSignedIn of somebody', isSignedIn, ada, true],
  ['a scope that is there', hasScope('read'), ada, true],
  ['a scope that is not', hasScope('write'), ada, false],
  ['a role that is there', hasRole('CLERK'), ada, true],
  ['a role that is not', hasRole('ADMIN'), ada, false],
];

describe('a rule that says', () => {
  const fields = verdictCases.map((_, index) => `open${index}`);
  let shared: RuledGraph;
  before(async () => {
    shared = await startRuledGraph({
      subgraphs: {
        doors: {
          sdl: `type Query { ${fields.map((field) => `${field}: String`).join(' ')} }`,
          resolvers: { Query: Object.fromEntries(fields.map((field) => [field, () => 'open'])) },
        },
      },
      declaration: {
        permissions: {
          Query: Object.fromEntries(verdictCases.map(([, one], index) => [fields[index] ?? '', one])),
        },
      },
    });
  });
  after(() => shared?.stop());

  for (const [index, [name, , as, isAllowed]] of verdictCases.entries()) {
    test(`${name} ${isAllowed ? 'allows' : 'denies'}`, async () => {
      const field = fields[index] ?? '';
      shared.asked.length = 0;
      const { text, body } = await shared.ask(`{ ${field} }`, as);
      assert.deepEqual(body.data, { [field]: isAllowed ? 'open' : null });
      assert.equal(shared.asked.length, isAllowed ? 1 : 0);
      if (!isAllowed) {
        const code = as ? 'FORBIDDEN' : 'UNAUTHENTICATED';
        assert.deepEqual(
          body.errors?.map(({ path, extensions }) => [path, extensions]),
          [[[field], { code }]],
        );
      }
      assert.ok(!text.includes('secret'));
    });
  }

  test('why in words of its own is quoted', async (t) => {
    const graph = await startRuledGraph({
      declaration: { permissions: { Query: { open: saying(() => new Error('Not on Sundays.')) } } },
    });
    t.after(() => graph.stop());
    const { body } = await graph.ask('{ open }', ada);
    assert.equal(body.errors?.[0]?.message, 'Not on Sundays.');
  });
});

test('a rule gets the coerced arguments and the viewer, once for each of its arguments', async (t) => {
  const asked: unknown[] = [];
  const remembers: Rule = rule()(((_: unknown, args: Args, { viewer }: RuleContext) => {
    asked.push([args, viewer.id]);
    return true;
  }) as never);
  const graph = await startRuledGraph({
    declaration: {
      permissions: { Query: { report: remembers } },
      policies: { auditor: allow, owner: allow, awake: allow },
    },
  });
  t.after(() => graph.stop());
  const { body } = await graph.ask(
    'query ($day: String) { a: report(day: $day) b: report(day: "today") c: report(day: $day) d: report(pages: 2) }',
    ada,
    { day: 'today' },
  );
  assert.deepEqual(body.data, {
    a: '1 pages of today',
    b: '1 pages of today',
    c: '1 pages of today',
    d: '2 pages of undefined',
  });
  assert.deepEqual(asked, [
    [{ day: 'today', pages: 1 }, 'u1'],
    [{ pages: 2 }, 'u1'],
  ]);
});

test('a rule may allow some arguments and deny others', async (t) => {
  const few: Rule = rule()(((_: unknown, { pages }: Args) => Number(pages) < 3) as never);
  const graph = await startRuledGraph({
    declaration: { permissions: { Query: { report: few } }, policies: { auditor: allow } },
  });
  t.after(() => graph.stop());
  const query = 'query ($n: Int) { a: report(pages: $n) b: report(pages: 1) }';
  for (const [n, a] of [
    [2, '2 pages of undefined'],
    [5, null],
    [2, '2 pages of undefined'],
  ] as const) {
    const { body } = await graph.ask(query, ada, { n });
    assert.deepEqual(body.data, { a, b: '1 pages of undefined' });
  }
});

interface Added {
  declaration: Partial<BffDeclaration>;
  query: string;
  as?: Claims;
  data: unknown;
}
const added: Record<string, Added> = {
  'what a domain denies, a BFF cannot allow': {
    declaration: { permissions: { Query: { me: allow } } },
    query: '{ me { name } }',
    data: { me: null },
  },
  'what a domain allows, a BFF can deny': {
    declaration: { permissions: { Person: { salary: hasRole('CHIEF') } } },
    query: '{ person(id: "p1") { name salary } }',
    as: { userId: 'u1', scopes: ['hr'] },
    data: { person: { name: 'Ada', salary: null } },
  },
  'a rule for all fields of a type': {
    declaration: { permissions: { Person: { '*': isSignedIn } } },
    query: '{ open person(id: "p1") { name id } }',
    data: { open: 'open', person: null },
  },
  'a rule of an interface holds for its members': {
    declaration: { permissions: { Node: { label: isSignedIn } } },
    query: '{ node(id: "b1") { id ... on Box { label } } }',
    data: { node: { id: 'b1', label: null } },
  },
  'a rule of a member holds where it is asked for by its interface': {
    declaration: { permissions: { Box: { label: isSignedIn } } },
    query: '{ a: node(id: "b1") { id label } b: node(id: "p1") { id label } }',
    data: { a: { id: 'b1', label: null }, b: { id: 'p1', label: null } },
  },
  'a rule of one member leaves the others what a fragment asks of them': {
    declaration: { permissions: { Box: { label: isSignedIn } } },
    query:
      '{ a: node(id: "b1") { label ... on Person { label } } b: node(id: "p1") { label ... on Person { label } } }',
    data: { a: { label: null }, b: { label: 'Ada' } },
  },
  'a policy means what the declaration says': {
    declaration: { policies: { auditor: hasRole('AUDITOR') } },
    query: '{ report(day: "x") }',
    as: { userId: 'u1', roles: ['AUDITOR'] },
    data: { report: '1 pages of x' },
  },
  'of a list of policies all must hold': {
    declaration: { policies: { owner: allow, awake: deny } },
    query: '{ report(day: "x") }',
    as: { userId: 'u1' },
    data: { report: null },
  },
};
describe('beside the domains’ rules', () => {
  for (const [name, { declaration, query, as, data }] of Object.entries(added)) {
    test(name, async (t) => {
      const graph = await startRuledGraph({ declaration });
      t.after(() => graph.stop());
      assert.deepEqual((await graph.ask(query, as)).body.data, data);
    });
  }
});

test('what a rule does to its arguments and its viewer, it does to its own', async (t) => {
  const greedy: Rule = rule()(((_: unknown, args: Args, { viewer }: RuleContext) => {
    const isAllowed = args['day'] === 'today' && !viewer.scopes.has('hr');
    args['day'] = 'yesterday';
    (viewer.scopes as Set<string>).add('hr');
    return isAllowed;
  }) as never);
  const graph = await startRuledGraph({
    declaration: { permissions: { Query: { report: greedy } }, policies: { auditor: allow } },
  });
  t.after(() => graph.stop());
  const query = 'query ($day: String) { report(day: $day) person(id: "p1") { salary } }';
  for (const _ of [1, 2, 3]) {
    const { body } = await graph.ask(query, ada, { day: 'today' });
    assert.deepEqual(body.data, { report: '1 pages of today', person: { salary: null } });
  }
});

describe('a router does not start', () => {
  const remembered = (): Rule => rule('same', { cache: 'contextual' })(() => true);
  const refused: Record<string, [Partial<BffDeclaration>, RegExp]> = {
    'with a permission for a field that is not there': [
      { permissions: { Person: { salery: isSignedIn } } },
      /permissions\.Person\.salery: there is no such field.*salary/,
    ],
    'with a permission for a type that is not there': [
      { permissions: { Persn: { name: isSignedIn } } },
      /permissions\.Persn: there is no such type.*Person/,
    ],
    'with a permission that is no rule': [
      { permissions: { Person: { name: true as never } } },
      /permissions\.Person\.name: must be a rule/,
    ],
    'with two remembered rules of one name': [
      { permissions: { Person: { name: remembered(), label: remembered() } } },
      /two rules that are remembered are called "same"/,
    ],
    'with defaultDeny and fields that have no rule': [
      { defaultDeny: true, permissions: { Query: { '*': allow }, Node: { id: allow } } },
      /defaultDeny: there is no rule for .*Person\.name/,
    ],
  };
  for (const [name, [declaration, message]] of Object.entries(refused)) {
    test(name, async () => {
      await assert.rejects(startRuledGraph({ declaration }), message);
    });
  }

  test('but does with defaultDeny when each field has one', async (t) => {
    const graph = await startRuledGraph({
      declaration: {
        defaultDeny: true,
        permissions: {
          Query: { '*': allow },
          Mutation: { '*': allow },
          Node: { '*': allow },
          Person: { '*': allow },
        },
      },
    });
    t.after(() => graph.stop());
    assert.deepEqual((await graph.ask('{ open }')).body.data, { open: 'open' });
  });
});
