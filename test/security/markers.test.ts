// Holds that what belongs to one user is in nobody else's answer, in no line of a log and in no key or value of a store.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { GraphQLError } from 'graphql';
import { Redis } from 'ioredis';
import { decodeJwt } from 'jose';
import { compose } from '../../supergraph/composition/compose.ts';
import {
  type CaseSubgraph,
  type FieldResolver,
  startCaseSubgraph,
} from '../federation/harness/case-subgraph.ts';
import { startChild } from '../supergraph/fixtures/child-process.ts';
import { startTestIdentity } from '../support/identity.ts';
import { leaveOut } from '../support/left-out.ts';
import { redisBinary, startTestRedis } from '../support/redis.ts';

const marker = (user: string): string => `marker-of-${user}-end`;
const userOf = (context: unknown): string => {
  const { headers } = context as { headers: { authorization?: string } };
  const { sub } = headers.authorization ? decodeJwt(headers.authorization.slice('Bearer '.length)) : {};
  return sub ?? 'nobody';
};
const own: FieldResolver = (_, __, context) => marker(userOf(context));

const subgraphs: Record<string, CaseSubgraph> = {
  notes: {
    sdl: `
      type Query { me: Person @authenticated mine: String complaint: String }
      type Mutation { keep(text: String!): String @authenticated }
      type Person @key(fields: "id") { id: ID! note: String @authenticated }
    `,
    resolvers: {
      Query: {
        me: (_, __, context) => ({ id: userOf(context) }),
        mine: own,
        complaint: (_, __, context) => {
          throw new GraphQLError(`Not today, ${marker(userOf(context))}.`, {
            extensions: { code: 'CONFLICT' },
          });
        },
      },
      Mutation: { keep: (_, { text }) => text },
      Person: { note: own },
    },
  },
  diaries: {
    sdl: 'type Person @key(fields: "id") { id: ID! diary: [String!] @authenticated }',
    resolvers: {
      Person: {
        __resolveReference: (reference) => reference,
        diary: (_, __, context) => [marker(userOf(context)), marker(userOf(context))],
      },
    },
  },
};

const operations: { query: string; variables?: (user: string) => object }[] = [
  { query: '{ me { note diary } mine }' },
  { query: '{ a: me { note } b: me { diary } }' },
  { query: 'query ($yes: Boolean! = true) { mine @include(if: $yes) me { id diary } }' },
  { query: '{ complaint mine }' },
  {
    query: 'mutation ($text: String!) { keep(text: $text) }',
    variables: (user) => ({ text: marker(user) }),
  },
];

const users = Array.from({ length: 20 }, (_, index) => `user${index}`);
const rounds = 15;

test('a thousand requests of twenty users at once', async (t) => {
  if (redisBinary() === undefined) return leaveOut('users’ data in Redis', 'Redis is not installed');
  const redis = await startTestRedis();
  const identity = await startTestIdentity();
  const running = await Promise.all(
    Object.entries(subgraphs).map(([name, subgraph]) =>
      startCaseSubgraph(name, subgraph, { write: () => {}, misbehaviour: () => undefined }),
    ),
  );
  const folder = mkdtempSync(join(tmpdir(), 'markers-'));
  writeFileSync(join(folder, 'supergraph.graphql'), compose(running.map(({ schema }) => schema)));
  const child = startChild(new URL('../../supergraph/main.ts', import.meta.url), {
    args: ['--supergraph', join(folder, 'supergraph.graphql'), '--port', '0'],
    environment: {
      LOG_LEVEL: 'trace',
      REDIS_URL: redis.url,
      TOKEN_ISSUER: identity.issuer,
      TOKEN_AUDIENCE: identity.audience,
      JWKS_URL: identity.jwksUrl,
    },
  });
  t.after(async () => {
    child.process.kill('SIGKILL');
    for (const { stop } of running) stop();
    await identity.stop();
    await redis.stop();
    rmSync(folder, { recursive: true });
  });
  const [, origin] = await child.says(/router answers on (http:\/\/\S+)\/graphql/);

  const ask = async (token: string | undefined, body: object): Promise<string> => {
    const response = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  const people = await Promise.all(
    users.map(async (user) => ({ user, token: await identity.tokenFor({ userId: user }) })),
  );
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      [...people, { user: 'nobody', token: undefined }].flatMap(({ user, token }) =>
        operations.map(async ({ query, variables }) => {
          const text = await ask(token, { query, ...(variables && { variables: variables(user) }) });
          const found = [...text.matchAll(/marker-of-(\w+)-end/g)].map(([, name]) => name);
          const strangers = found.filter((name) => name !== user);
          assert.deepEqual(strangers, [], text);
          if (token !== undefined) assert.ok(found.length > 0, text);
        }),
      ),
    );
  }

  const client = new Redis(redis.url);
  t.after(() => client.disconnect());
  for (const key of await client.keys('*')) {
    assert.doesNotMatch(key, /marker-of|user\d/);
    assert.doesNotMatch(String(await client.get(key)), /marker-of/);
  }
  child.process.kill('SIGTERM');
  await child.ended;
  assert.doesNotMatch(child.output(), /marker-of/);
});
