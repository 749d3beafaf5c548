// What the bench measures with: its graphs and operations have the shape that they are said to have, and every peer a start.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Supergraph } from '@apollo/federation-internals';
import { buildSchema, parse, validate } from 'graphql';
import { type GraphName, graphs } from '../../bench/graphs/graphs.ts';
import type { Origin } from '../../bench/graphs/origin.ts';
import { pointAt } from '../../bench/graphs/point-at.ts';
import { gatewayConfig } from '../../bench/peers/hive-config.ts';
import { peers } from '../../bench/peers/peers.ts';
import { stockPlan } from './stock-plan.ts';

const names = Object.keys(graphs) as GraphName[];
const root = new URL('../../', import.meta.url);

function operation(graph: GraphName, name: string): string {
  return graphs[graph].operations[name] ?? assert.fail(`${graph} has no operation ${name}`);
}

describe('the graphs of the bench', () => {
  for (const name of names) {
    it(`${name} is a supergraph that stock takes, and its operations fit`, async () => {
      const schema = Supergraph.build(await graphs[name].supergraph())
        .apiSchema()
        .toGraphQLJSSchema();
      for (const text of Object.values(graphs[name].operations)) {
        assert.deepEqual(validate(schema, parse(text)), []);
      }
    });
  }

  it('the shop is asked for nothing that bff-web keeps from its clients', () => {
    const schema = buildSchema(readFileSync(new URL('bff-web/generated/schema.graphql', root), 'utf8'));
    for (const text of Object.values(graphs.shop.operations)) {
      assert.deepEqual(validate(schema, parse(text)), []);
    }
  });

  for (const [name, fetches, subgraphs] of [
    ['heavy', 16, ['accounts', 'catalog', 'inventory', 'reviews']],
    ['one-fetch', 1, ['catalog']],
  ] as const) {
    it(`stock's plan for ${name} has ${fetches} fetches`, async () => {
      const asked = stockPlan(await graphs.shop.supergraph(), operation('shop', name));
      assert.equal(asked.length, fetches);
      assert.deepEqual([...new Set(asked)].sort(), subgraphs);
    });
  }

  it('no herbarium knows all of a rank, and none alone', async () => {
    const supergraph = await graphs['many-plans'].supergraph();
    const known = [...supergraph.matchAll(/^ {2}(?:name|author|largest|oldest): \S+ (.*)$/gm)];
    assert.equal(known.length, 7 * 2 + 6 * 2);
    for (const [line, where = ''] of known) {
      const many = where.split('@join__field(').length - 1;
      assert.ok(many > 1 && many < 7, line);
    }
  });

  it('a supergraph can be pointed at another address', async () => {
    const moved = pointAt(await graphs.large.supergraph(), 'http://127.0.0.1:1234');
    const urls = [...moved.matchAll(/url: "(http:[^"]*)"/g)].map(([, url]) => url);
    assert.deepEqual(urls, [
      'http://127.0.0.1:1234/forecasts/graphql',
      'http://127.0.0.1:1234/stations/graphql',
    ]);
  });
});

describe('the origins of the small graphs', () => {
  const origins = new Map<GraphName, Origin>();
  before(async () => {
    for (const name of ['large', 'many-plans'] as const) origins.set(name, await graphs[name].startOrigin());
  });
  after(() => Promise.all([...origins.values()].map(({ stop }) => stop())));

  async function ask(graph: GraphName, subgraph: string, body: object): Promise<string> {
    const address = origins.get(graph)?.addresses[subgraph] ?? assert.fail(`no ${subgraph}`);
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    assert.equal(response.status, 200);
    return response.text();
  }

  it('answer 8 MB to the large operation', async () => {
    const body = await ask('large', 'stations', { query: operation('large', 'large') });
    assert.equal(Math.round(Buffer.byteLength(body) / 1e6), 8);
    assert.equal(JSON.parse(body).errors, undefined);
  });

  it('say the same of a plant in every herbarium that knows of it', async () => {
    const said = new Map<string, Set<string>>();
    for (const herbarium of Object.keys(origins.get('many-plans')?.addresses ?? {})) {
      for (const field of ['name', 'author', 'largest { id }', 'oldest { id }']) {
        const body = await ask('many-plans', herbarium, {
          query: `query ($who: [_Any!]!) { _entities(representations: $who) { ... on Family { ${field} } } }`,
          variables: { who: [{ __typename: 'Family', id: '1.2.1.1.2' }] },
        });
        const { data, errors } = JSON.parse(body);
        // A field that this one does not have.
        if (errors !== undefined) continue;
        said.set(field, (said.get(field) ?? new Set()).add(JSON.stringify(data)));
      }
    }
    assert.equal(said.size, 4);
    for (const [field, answers] of said) assert.equal(answers.size, 1, field);
  });
});

describe('the peers of the bench', () => {
  const setup = {
    supergraph: '/tmp/supergraph.graphql',
    port: 4321,
    standIn: 'http://127.0.0.1:1',
    identity: {},
    recording: '/tmp/recording.json',
  };

  for (const peer of peers) {
    it(`${peer.name} is started in production mode with the young generation that helps everybody`, () => {
      const [started = assert.fail('it can do nothing')] = names.flatMap(
        (graph) => peer.command({ ...setup, graph }) ?? [],
      );
      assert.equal(started.env['NODE_ENV'], 'production');
      assert.ok(started.args.includes('--max-semi-space-size=64'));
      assert.ok([...started.args, ...Object.values(started.env)].includes('4321'));
      for (const file of started.args.filter((word) => word.endsWith('.ts'))) {
        assert.ok(existsSync(new URL(file, root)), file);
      }
    });
  }

  it('the one that trusts is there only where a whole answer can pass through', () => {
    const served = names.filter((graph) =>
      peers.some(({ name, command }) => name === 'trusting' && command({ ...setup, graph }) !== undefined),
    );
    assert.deepEqual(served, ['large']);
  });

  it('only what is written for the shop keeps away from other graphs', () => {
    const absent = peers.filter((peer) => peer.command({ ...setup, graph: 'large' }) === undefined);
    assert.deepEqual(
      absent.map(({ name }) => name),
      ['bff-web', 'guarded', 'caching', 'responses', 'floor'],
    );
  });

  it("Hive Gateway shares requests and hands the client's token on, and makes none up", () => {
    const { inboundInflightRequestDeduplication, propagateHeaders } = gatewayConfig;
    assert.equal(inboundInflightRequestDeduplication, true);
    const handedOn = (headers: Record<string, string>) =>
      propagateHeaders.fromClientToSubgraphs({ request: new Request('http://localhost', { headers }) });
    assert.deepEqual(handedOn({ authorization: 'Bearer one' }), { authorization: 'Bearer one' });
    assert.deepEqual(handedOn({}), { authorization: undefined });
  });
});
