// Starts several Redis servers that belong together: a cluster, or a master with a copy and a sentinel that watches them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { askRedis, freePort, startRedisServer, startTestRedis, type TestRedis } from './redis.ts';

export interface TestCluster {
  /** With commas between. */
  urls: string;
  nodes: readonly TestRedis[];
  /** Starts a node that was stopped again, on its port and with its slots. */
  restart: (index: number) => Promise<void>;
  stop: () => Promise<void>;
}

const slots = 16_384;
const nodeCount = 3;
const patience = 15_000;

/** Three masters without copies, each with a third of the slots. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-cluster-'));
  const busPorts: number[] = [];
  const start = async (index: number, port?: number): Promise<TestRedis> => {
    // Usually it is 10,000 above the other, where there may be no port.
    const busPort = busPorts[index] ?? (await freePort());
    busPorts[index] = busPort;
    return startTestRedis({
      port,
      flags: [
        ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'],
        ...['--cluster-port', String(busPort), '--dir', folder],
        ...['--cluster-config-file', `nodes-${index}.conf`],
      ],
    });
  };
  const nodes = await Promise.all(Array.from({ length: nodeCount }, (_, index) => start(index)));
  for (const [index, node] of nodes.entries()) {
    const from = Math.ceil((index * slots) / nodeCount);
    const to = Math.ceil(((index + 1) * slots) / nodeCount) - 1;
    await node.tell('cluster', 'addslotsrange', String(from), String(to));
    // Two nodes of the same epoch have to settle that first.
    await node.tell('cluster', 'set-config-epoch', String(index + 1));
  }
  for (const index of [1, 2]) {
    await nodes[0]?.tell('cluster', 'meet', '127.0.0.1', String(nodes[index]?.port), String(busPorts[index]));
  }
  const isWhole = async (): Promise<boolean> => {
    const told = await Promise.all(nodes.map((node) => node.tell('cluster', 'info')));
    return told.every(
      (info) => info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodeCount}`),
    );
  };
  await until('the cluster is whole', isWhole);
  return {
    urls: nodes.map(({ url }) => url).join(','),
    nodes,
    async restart(index) {
      nodes[index] = await start(index, nodes[index]?.port);
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      rmSync(folder, { recursive: true });
    },
  };
}

export interface TestSentinel {
  /** Of the sentinel. */
  url: string;
  master: TestRedis;
  copy: TestRedis;
  stop: () => Promise<void>;
}

/** The sentinel calls the master `shop`, and makes the copy the master when that is gone for half a second. */
export async function startTestSentinel(): Promise<TestSentinel> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-sentinel-'));
  const master = await startTestRedis({ flags: ['--repl-diskless-sync-delay', '0'] });
  const copy = await startTestRedis({ flags: ['--replicaof', '127.0.0.1', String(master.port)] });
  await until('there is a copy', async () =>
    (await copy.tell('info', 'replication')).includes('master_link_status:up'),
  );
  const port = await freePort();
  const config = join(folder, 'sentinel.conf');
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor shop 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds shop 500',
      'sentinel failover-timeout shop 2000',
    ].join('\n'),
  );
  const sentinel = await startRedisServer([config, '--sentinel']);
  await until('the sentinel knows the copy', async () =>
    (await askRedis(port, [], ['sentinel', 'replicas', 'shop'])).includes(String(copy.port)),
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    master,
    copy,
    async stop() {
      sentinel.kill('SIGKILL');
      await Promise.all([master.stop(), copy.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Bounded. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + patience; performance.now() < end; await pause(20)) {
    if (await isSo()) return;
  }
  throw new Error(`It did not come to pass within ${patience} ms that ${what}.`);
}
