// Holds that what is demanded in supergraphs of older composers, and under other names, is demanded by every road.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startRuledGraph } from './ruled-graph.ts';

interface Case {
  change: (sdl: string) => string;
  query: string;
  data: unknown;
  /** For somebody who is signed in. */
  allowed: unknown;
}

const box = '{ found { ... on Box { label } } }';
const boxes = { found: [{}, { label: 'a box' }, {}] };
const noBoxes = { found: [{}, { label: null }, {}] };
const cases: Record<string, Case> = {
  'a directive that somebody wrote on an interface, by its member': {
    change: (sdl) => sdl.replace(/^interface Node$/m, 'interface Node @authenticated'),
    query: box,
    data: noBoxes,
    allowed: boxes,
  },
  'a directive that somebody wrote on a field of an interface, by its member': {
    change: (sdl) => sdl.replace(/(interface Node[^}]*label: String)/, '$1 @authenticated'),
    query: box,
    data: noBoxes,
    allowed: boxes,
  },
  'a directive on a scalar that a field gives': {
    change: (sdl) =>
      `${sdl.replace(/label: String/g, 'label: Secret')}\nscalar Secret @join__type(graph: HOUSE) @authenticated`,
    query: box,
    data: noBoxes,
    allowed: boxes,
  },
  'a directive under another name': {
    change: (sdl) =>
      sdl
        .replaceAll('@authenticated', '@mustSignIn')
        .replace(/@link\(url: "https:\/\/specs.apollo.dev\/authenticated\/v0.1"/, '$&, as: "mustSignIn"'),
    query: '{ me { name } }',
    data: { me: null },
    allowed: { me: { name: 'Ada' } },
  },
  'a directive that is imported under another name': {
    change: (sdl) =>
      sdl
        .replaceAll('@authenticated', '@mustSignIn')
        .replace(
          /@link\(url: "https:\/\/specs.apollo.dev\/authenticated\/v0.1"/,
          '$&, import: [{ name: "@authenticated", as: "@mustSignIn" }]',
        ),
    query: '{ me { name } }',
    data: { me: null },
    allowed: { me: { name: 'Ada' } },
  },
};

describe('a supergraph is believed with', () => {
  for (const [name, { change, query, data, allowed }] of Object.entries(cases)) {
    test(name, async (t) => {
      const graph = await startRuledGraph({
        change: (sdl) => {
          const changed = change(sdl);
          assert.notEqual(changed, sdl);
          return changed;
        },
      });
      t.after(() => graph.stop());
      assert.deepEqual((await graph.ask(query)).body.data, data);
      assert.deepEqual((await graph.ask(query, { userId: 'u1' })).body.data, allowed);
    });
  }
});
