// Holds what is registered for this repository's clients against Apollo's own tools: they must make and send the same.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApolloClient, ApolloLink, InMemoryCache, Observable } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { LocalState } from '@apollo/client/local-state';
import { generatePersistedQueryManifest } from '@apollo/generate-persisted-query-manifest';
import {
  createPersistedQueryManifestVerificationLink,
  generatePersistedQueryIdsAtRuntime,
  generatePersistedQueryIdsFromManifest,
} from '@apollo/persisted-query-lists';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { concatAST, parse, print } from 'graphql';
import type * as web from '../../../bff-web/generated/operations.ts';
import { loadBff } from '../../../supergraph/declaration/load-bff.ts';
import {
  type PersistedQueryManifest,
  type RegisteredOperation,
  readManifest,
} from '../../../supergraph/persisted-documents/manifest.ts';

type AnyDocument = TypedDocumentNode<unknown, Record<string, unknown>>;

const root = fileURLToPath(new URL('../../../', import.meta.url));
const manifestPath = (bff: string): string => join(root, bff, 'generated/persisted-query-manifest.json');
const bffs = readdirSync(root).filter((name) => existsSync(manifestPath(name)));
const ownIds = generatePersistedQueryIdsAtRuntime({
  sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
});

test('there are clients whose documents are registered', () => {
  assert.ok(bffs.includes('bff-web'), `${bffs}`);
});

for (const bff of bffs) {
  const manifest = readManifest(readFileSync(manifestPath(bff), 'utf8'), bff);
  const module: object = await import(join(root, bff, 'generated/operations.ts'));
  const documents: ReadonlyMap<string, AnyDocument> = new Map(Object.entries(module));

  describe(bff, () => {
    test('has a typed document for each operation, and none besides', () => {
      const typed = [...documents.keys()].filter((name) => name.endsWith('Document')).sort();
      assert.deepEqual(typed, manifest.operations.map(({ name }) => `${name}Document`).sort());
      assert.ok(typed.length > 0);
    });

    for (const { id, name, type, body } of manifest.operations) {
      test(`Apollo Client sends ${name} by its id, and has its text`, async () => {
        const document = documents.get(`${name}Document`);
        assert.ok(document);
        const expected = { text: body, id, mismatches: [] };
        assert.deepEqual(await send(document, type, manifest, idsOf(manifest)), expected);
        // An app may make ids of its documents itself.
        assert.deepEqual(await send(document, type, manifest, ownIds), expected);
      });
    }

    test("Apollo's generator makes the same manifest of the same documents", async (t) => {
      const { documents } = await loadBff(join(root, bff, 'bff.ts'));
      const folder = mkdtempSync(join(tmpdir(), 'apollo-documents-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      writeDefinitions(join(root, bff, documents?.folder ?? ''), folder);
      assert.deepEqual(
        await generatePersistedQueryManifest({ documents: `${folder}/*.graphql` }, undefined),
        {
          ...manifest,
          operations: manifest.operations.map(({ draft: _, ...operation }) => operation),
        },
      );
    });
  });
}

/** One a file, as Apollo's generator wants them, and without the mark of a draft, which it does not know. */
function writeDefinitions(folder: string, target: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.graphql'),
  );
  const whole = concatAST(files.map((name) => parse(readFileSync(join(folder, name), 'utf8'))));
  for (const [index, definition] of whole.definitions.entries()) {
    writeFileSync(join(target, `${index}.graphql`), print(definition).replace(' @draft', ''));
  }
}

type Ids = ReturnType<typeof generatePersistedQueryIdsFromManifest>;

function idsOf({ operations }: PersistedQueryManifest): Ids {
  return generatePersistedQueryIdsFromManifest({ loadManifest: () => ({ operations: [...operations] }) });
}

/** What the real client hands to the network for a document: the text, the id, and what Apollo's own check says of both. */
async function send(
  document: AnyDocument,
  type: RegisteredOperation['type'],
  { operations }: PersistedQueryManifest,
  ids: Ids,
): Promise<{ text: string; id: unknown; mismatches: string[] }> {
  const sent: { text: string; id: unknown }[] = [];
  const mismatches: string[] = [];
  const verify = createPersistedQueryManifestVerificationLink({
    loadManifest: () => ({ operations: [...operations] }),
    onVerificationFailed: ({ reason }) => mismatches.push(reason),
  });
  const network = new ApolloLink(({ query, extensions }) => {
    sent.push({ text: print(query), id: extensions['persistedQuery']?.sha256Hash });
    return new Observable((observer) => {
      observer.next({ data: null });
      observer.complete();
    });
  });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    localState: new LocalState(),
    // Its types are those of the client for `require`.
    link: ApolloLink.from([verify as unknown as ApolloLink, new PersistedQueryLink(ids), network]),
  });
  if (type === 'mutation') await client.mutate({ mutation: document, fetchPolicy: 'no-cache' });
  else await client.query({ query: document, fetchPolicy: 'no-cache' });
  client.stop();
  assert.equal(sent.length, 1);
  return { text: '', id: undefined, ...sent[0], mismatches };
}

type Variables<Document> =
  Document extends TypedDocumentNode<infer _Data, infer Variables> ? Variables : never;
type Data<Document> = Document extends TypedDocumentNode<infer Data, infer _Variables> ? Data : never;

test('a typed document says what it takes and what it answers with', () => {
  // The compiler is the test: scalars are what JSON has for them, and what may be null is.
  const variables: Variables<typeof web.ProductPageDocument> = { sku: 'TEN-0009', country: 'AT' };
  const nobody: Data<typeof web.CartDocument> = { me: null };
  const total = ({ orderByNumber }: Data<typeof web.OrderDetailDocument>): number | undefined =>
    orderByNumber?.total.amount;
  // @ts-expect-error a number is no text
  const wrong: Variables<typeof web.SearchDocument> = { text: 1 };
  assert.deepEqual(
    [variables.sku, nobody.me, total({ orderByNumber: null }), wrong.text],
    ['TEN-0009', null, undefined, 1],
  );
});
