// Owns the list of processes a local Tributary is made of: which file each runs and where it listens.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Part {
  /** What people call the process. */
  name: string;
  /** The file it runs, relative to the project's folder. */
  file: string;
  /** What it says it is ready with, one message each: its own name, or those of the subgraphs inside it. */
  serves: { name: string; url: string }[];
  /** Where else it listens, and the variable that says so. */
  besides: { name: string; url: string; chosenBy: string }[];
  /** What it is told besides the environment of `npm start`. */
  environment: Record<string, string>;
  /** For Node, beside those every part gets. */
  nodeFlags: readonly string[];
  /** Whether the others can go on without it. */
  mayDie: boolean;
}

export interface Layout {
  /** The embedded database; none when DATABASE_URL names a server. */
  data: Part | undefined;
  subgraphs: Part[];
  bffs: Part[];
}

export interface LayoutOptions {
  /** Every subgraph a process of its own. */
  separate: boolean;
  /** Whether the embedded database is one of the parts. */
  embedded: boolean;
  /** Where the first BFF listens; all others keep their distance to it, and so do the subgraphs. */
  port?: number;
  /** The address at which the processes find each other. */
  host?: string;
  /** Where keys are that check tokens; accounts has them unless it is said. */
  jwksUrl?: string;
  /** By which subgraphs know their routers; calls are not signed without it. */
  callerSecret?: string;
  /** Where the BFFs keep their query plans; an empty text where they shall keep none. */
  planFolder?: string;
  /** Where they write down what their clients use; an empty text where they shall not. */
  usageFolder?: string;
  /** Where the first BFF serves its admin port, the next one above it, and so on. */
  adminPort?: number;
  /** Where the first BFF serves its metrics, and the others in the same way. */
  metricsPort?: number;
}

// What is not measured for speed on this machine should leave it memory: Node 24 lets the young generation grow to
// 32 MB and more in each process.
const smallYoungGeneration = ['--max-semi-space-size=8'];
// What lives for one request should die before it is copied; without requests it never grows to that.
const largeYoungGeneration = ['--max-semi-space-size=64'];
const usualPort = 4000;
const usualHost = '127.0.0.1';
const usualPlanFolder = fileURLToPath(new URL('../node_modules/.cache/tributary/plans', import.meta.url));
const usualUsageFolder = fileURLToPath(new URL('../.data/usage', import.meta.url));

/** The processes of `npm start`. */
export function layout(options: LayoutOptions): Layout {
  const { separate, embedded, jwksUrl, callerSecret, adminPort, metricsPort } = options;
  const { port = usualPort, host = usualHost } = options;
  const { planFolder = usualPlanFolder, usageFolder = usualUsageFolder } = options;
  const subgraphs = declaredSubgraphs(port - usualPort, host);
  // Both sides of a fetch are told where it goes, so that moving everything needs no change of a file.
  const moved = Object.fromEntries([
    ...subgraphs.map(({ name, url }) => [`SUBGRAPH_${name.toUpperCase()}_URL`, url]),
    ...subgraphs
      .filter(({ name }) => name === 'accounts')
      .map(({ url }) => ['JWKS_URL', new URL('/.well-known/jwks.json', url).href]),
  ]);
  const environment = {
    ...(callerSecret !== undefined && { CALLER_SECRET: callerSecret }),
    ...(port === usualPort && host === usualHost ? {} : moved),
    ...(jwksUrl !== undefined && { JWKS_URL: jwksUrl }),
  };
  return {
    data: embedded
      ? {
          name: 'postgres',
          file: 'subgraphs/kit/database/embedded-main.ts',
          serves: [],
          besides: [],
          environment,
          nodeFlags: smallYoungGeneration,
          mayDie: false,
        }
      : undefined,
    subgraphs: separate
      ? subgraphs.map((one) => ({
          name: one.name,
          file: `subgraphs/${one.name}/main.ts`,
          serves: [one],
          besides: [],
          environment: { ...environment, PORT: new URL(one.url).port },
          nodeFlags: smallYoungGeneration,
          mayDie: true,
        }))
      : [
          {
            name: 'subgraphs',
            file: 'subgraphs/main.ts',
            serves: subgraphs,
            besides: [],
            environment,
            nodeFlags: smallYoungGeneration,
            mayDie: false,
          },
        ],
    bffs: declaredBffs(port - usualPort).map(({ name, port }, index) => ({
      name,
      file: `${name}/main.ts`,
      serves: [{ name, url: `http://${host}:${port}/graphql` }],
      besides: [
        ...beside(host, adminPort, index, {
          name: `admin port of ${name}`,
          path: '/cache',
          chosenBy: 'ADMIN_PORT',
        }),
        ...beside(host, metricsPort, index, {
          name: `metrics of ${name}`,
          path: '/metrics',
          chosenBy: 'METRICS_PORT',
        }),
      ],
      environment: {
        ...environment,
        PORT: String(port),
        PLAN_FOLDER: planFolder,
        USAGE_FOLDER: usageFolder,
        ...(adminPort !== undefined && { ADMIN_PORT: String(adminPort + index) }),
        ...(metricsPort !== undefined && { METRICS_PORT: String(metricsPort + index) }),
      },
      nodeFlags: largeYoungGeneration,
      mayDie: false,
    })),
  };
}

/** None for what is no port: that is for the BFF to refuse. */
function beside(
  host: string,
  first: number | undefined,
  index: number,
  { path, ...named }: { name: string; path: string; chosenBy: string },
): Part['besides'] {
  const port = (first ?? 0) + index;
  const isPort = first !== undefined && Number.isInteger(port) && port > 0 && port <= 65_535;
  return isPort ? [{ ...named, url: `http://${host}:${port}${path}` }] : [];
}

function declaredSubgraphs(offset: number, host: string): { name: string; url: string }[] {
  const file = new URL('../subgraphs/subgraphs.json', import.meta.url);
  const declared: Record<string, { url: string }> = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(declared).map(([name, { url }]) => {
    const moved = new URL(url);
    moved.hostname = host;
    moved.port = String(Number(moved.port) + offset);
    return { name, url: moved.href };
  });
}

/** Every folder `bff-*` with a `main.ts`, by port: what its `bff.ts` says, read as text because running it takes a second. */
function declaredBffs(offset: number): { name: string; port: number }[] {
  const root = new URL('../', import.meta.url);
  return readdirSync(root)
    .filter((name) => name.startsWith('bff-') && existsSync(new URL(`${name}/main.ts`, root)))
    .map((name) => {
      const declaration = readFileSync(new URL(`${name}/bff.ts`, root), 'utf8');
      const port = /^ {2}port: (\d+),$/m.exec(declaration)?.[1];
      if (port === undefined) throw new Error(`${name}/bff.ts has no line such as "  port: 4000,".`);
      return { name, port: Number(port) + offset };
    })
    .sort((one, other) => one.port - other.port);
}
