// Starts the web's router, as a process of its own in production, over subgraphs that answer everything they are asked.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { type Dispatcher, Pool } from 'undici';
import { errorRow } from '../../supergraph/foundation/errors.ts';
import { startCaseSubgraph } from '../federation/harness/case-subgraph.ts';
import { generatedResolvers } from '../security/shop/generated-answers.ts';
import { readBff } from '../supergraph/fixtures/bff-on-disk.ts';
import { startChild } from '../supergraph/fixtures/child-process.ts';
import { startTestIdentity } from '../support/identity.ts';

export interface Sent {
  method: Dispatcher.HttpMethod;
  path: string;
  headers: Record<string, string>;
  body: Buffer | string | undefined;
}

export interface FuzzReport {
  asked: number;
  /** Of the answers: how many had each status. */
  statuses: Record<string, number>;
  /** Of the errors in them: how often each code came. */
  codes: Record<string, number>;
  /** What no answer may be, with what was sent. */
  wrong: { why: string; sent: Sent }[];
  /** Milliseconds for which the router's thread did nothing but work, at most. */
  longestGap: number;
}

export interface FuzzedRouter {
  /** What its clients see. */
  clientSchema: GraphQLSchema;
  /** Some at a time. */
  sendAll: (requests: Iterable<Sent>) => Promise<FuzzReport>;
  stop: () => Promise<void>;
}

const root = new URL('../../', import.meta.url);
const atOnce = 4;
/** These say that the mistake is ours. */
const ours = new Set(['INTERNAL_SERVER_ERROR', 'PLANNING_FAILED']);

/** `lifetime`: milliseconds after which it is ended whatever happens. */
export async function startFuzzedRouter(lifetime: number): Promise<FuzzedRouter> {
  const stops: (() => unknown)[] = [];
  const environment: Record<string, string> = {};
  const names = Object.keys(JSON.parse(readFileSync(new URL('subgraphs/subgraphs.json', root), 'utf8')));
  for (const name of names) {
    const sdl = readFileSync(new URL(`subgraphs/${name}/schema.graphql`, root), 'utf8');
    const resolvers = generatedResolvers(buildSubgraphSchema({ typeDefs: parse(sdl) }));
    const subgraph = await startCaseSubgraph(
      name,
      { sdl, resolvers },
      { write: () => {}, misbehaviour: () => undefined },
    );
    stops.push(subgraph.stop);
    environment[`SUBGRAPH_${name.toUpperCase()}_URL`] = subgraph.schema.url;
  }
  const { issuer, audience, jwksUrl, stop: stopIdentity } = await startTestIdentity();
  stops.push(stopIdentity);
  const child = startChild(new URL('supergraph/main.ts', root), {
    args: ['--bff', fileURLToPath(new URL('bff-web/bff.ts', root)), '--port', '0'],
    environment: {
      ...environment,
      ...{ NODE_ENV: 'production', LOG_LEVEL: 'silent', CALLER_SECRET: 'x'.repeat(40) },
      ...{ TOKEN_ISSUER: issuer, TOKEN_AUDIENCE: audience, JWKS_URL: jwksUrl },
    },
    preload: [new URL('loop-gap.mjs', import.meta.url).href],
    lifetime,
  });
  const [, origin = ''] = await child.says(/answers on (http:\/\/\S+)\/graphql/);
  // A connection for each: some answers end theirs.
  const pool = new Pool(origin, { connections: atOnce, pipelining: 0 });
  stops.push(() => pool.destroy());

  async function gap(): Promise<number> {
    const before = child.output().length;
    child.process.kill('SIGUSR2');
    const [, milliseconds = ''] = await child.says(new RegExp(`[^]{${before},}longest gap ([\\d.]+) ms`));
    return Number(milliseconds);
  }

  // Nothing is compiled yet in a process that has just started.
  await pool.request({ method: 'GET', path: '/health/live' }).then(({ body }) => body.dump());
  await gap();
  return {
    clientSchema: readBff('bff-web').clientSchema,
    async sendAll(requests) {
      const report: FuzzReport = { asked: 0, statuses: {}, codes: {}, wrong: [], longestGap: 0 };
      const queue = requests[Symbol.iterator]();
      const work = async (): Promise<void> => {
        for (let next = queue.next(); !next.done; next = queue.next()) {
          const sent = next.value;
          report.asked += 1;
          const why = await judge(pool, sent, report);
          if (why !== undefined) report.wrong.push({ why, sent });
          if (report.wrong.length > 20) return;
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      report.longestGap = await gap();
      return report;
    },
    async stop() {
      child.process.kill('SIGTERM');
      await child.ended;
      for (const stop of stops.reverse()) await stop();
    },
  };
}

/** What is wrong with the answer, if anything is. */
async function judge(pool: Pool, sent: Sent, report: FuzzReport): Promise<string | undefined> {
  const { method, path, headers, body = null } = sent;
  let status = 0;
  let text = '';
  try {
    const answer = await pool.request({ method, path, headers, body });
    status = answer.statusCode;
    text = unpacked(Buffer.from(await answer.body.arrayBuffer()), answer.headers['content-encoding']);
  } catch (error) {
    return `no answer: ${error}`;
  }
  report.statuses[status] = (report.statuses[status] ?? 0) + 1;
  if (status >= 500) return `status ${status}: ${text.slice(0, 300)}`;
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return text === '' || text.startsWith('<!') ? undefined : `no JSON: ${text.slice(0, 300)}`;
  }
  for (const code of codesIn(said)) {
    report.codes[code] = (report.codes[code] ?? 0) + 1;
    if (errorRow(code) === undefined) return `the code ${code}: ${text.slice(0, 300)}`;
    if (ours.has(code)) return `${code}: ${text.slice(0, 300)}`;
  }
  return undefined;
}

function unpacked(bytes: Buffer, encoding: string | string[] | undefined): string {
  const unpack = typeof encoding === 'string' ? unpackers[encoding] : undefined;
  return (unpack ? unpack(bytes) : bytes).toString();
}

const unpackers: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
};

interface Answer {
  errors?: { extensions?: { code?: string } }[];
}

function codesIn(said: unknown): string[] {
  const answers = (Array.isArray(said) ? said : [said]) as (Answer | null)[];
  return answers.flatMap((answer) => answer?.errors ?? []).map((error) => error.extensions?.code ?? 'none');
}
