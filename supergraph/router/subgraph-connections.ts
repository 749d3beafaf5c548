// Owns over which connections each subgraph is reached: where it is, who is believed to be there, and the files that say so.
import type { Agent, Dispatcher } from 'undici';
import type { BffDeclaration, SubgraphTls } from '../declaration/define-bff.ts';
import type { Environment } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { readTlsFiles, type TlsFiles, type WatchOptions, watchTlsFiles } from '../foundation/tls-files.ts';
import { createConnector } from '../transport/create-connector.ts';
import { createConnections } from '../transport/http-client.ts';

interface Options {
  bff: BffDeclaration;
  /** Of the supergraph: name and address of each. */
  subgraphs: ReadonlyMap<string, string>;
  environment: Environment;
  log: WatchOptions['log'] & { warn: (message: string) => void };
}

export interface SubgraphConnections {
  /** For addresses of which nothing is said. */
  usual: Dispatcher;
  routeTo: (subgraph: string) => Route;
  /** Ends what is under way. */
  close: () => Promise<void>;
}

interface Route {
  url: string;
  dispatcher: Dispatcher;
}

/** How subgraphs are known over TLS, and the router to them. */
interface Terms {
  files: TlsFiles;
  serverName: string | undefined;
}

/**
 * Subgraphs on the same terms share connections, and each new connection takes what the files hold by then. Throws a
 * StartupProblem where addresses or files cannot be used.
 */
export async function openSubgraphConnections(options: Options): Promise<SubgraphConnections> {
  const addresses = [...options.subgraphs.keys()].map((name) => ({ name, ...addressOf(name, options) }));
  const distinct = new Map(addresses.flatMap(({ terms }) => (terms ? [[keyOf(terms), terms]] : [])));
  const readings = await readAll(distinct);

  const usual = createConnections();
  const agents = new Map<string, Agent>();
  const unwatch: (() => void)[] = [];
  for (const { key, texts, files, serverName } of readings) {
    let connector = createConnector({ texts, serverName });
    agents.set(key, createConnections({ connector: () => connector }));
    const replaced: WatchOptions['replaced'] = (texts) => {
      connector = createConnector({ texts, serverName });
    };
    unwatch.push(watchTlsFiles({ files, texts, replaced, log: options.log }));
  }
  const routes = new Map<string, Route>(
    addresses.map(({ name, url, terms }) => {
      const dispatcher = terms && agents.get(keyOf(terms));
      return [name, { url, dispatcher: dispatcher ?? usual }];
    }),
  );
  return {
    usual,
    routeTo(subgraph) {
      const route = routes.get(subgraph);
      if (route === undefined) throw new Error(`There is no subgraph ${subgraph}.`);
      return route;
    },
    async close() {
      for (const stop of unwatch) stop();
      await Promise.all([usual, ...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** All that is wrong with any of the files is told at once. */
async function readAll(distinct: ReadonlyMap<string, Terms>) {
  const problems = new Set<string>();
  const readings = await Promise.all(
    [...distinct].map(async ([key, terms]) => {
      const texts = await readTlsFiles(terms.files).catch(
        (problem: Error) => void problems.add(problem.message),
      );
      return texts ? [{ ...terms, key, texts }] : [];
    }),
  );
  if (problems.size > 0) throw new StartupProblem([...problems].join('\n'));
  return readings.flat();
}

/** Without terms where nothing is said, or where there is no TLS to which they could apply. */
function addressOf(name: string, options: Options): { url: string; terms: Terms | undefined } {
  const { bff, subgraphs, environment, log } = options;
  const url = environment.subgraphUrl(name) ?? subgraphs.get(name) ?? '';
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new StartupProblem(`The subgraph "${name}" has no usable address ("${url}").`);
  }
  const terms = termsFor(name, bff, environment);
  if (terms === undefined || new URL(url).protocol === 'https:') return { url, terms };
  if (!environment.production) {
    log.warn(`The subgraph "${name}" is reached without TLS: its address starts with http://.`);
    return { url, terms: undefined };
  }
  throw new StartupProblem(
    `The subgraph "${name}" is at an address that starts with http://, and in production nothing less than https:// will do where ${saidBy(terms)} says how it is known.`,
  );
}

/**
 * What is said of this subgraph alone comes first, then the environment, which speaks of all, then the declaration of all. Who
 * has a CA of its own belongs to others, and is not shown the certificate that is meant for ours.
 */
function termsFor(name: string, { subgraphs }: BffDeclaration, { subgraphTls }: Environment) {
  const own: SubgraphTls | undefined = subgraphs?.[name]?.tls;
  const every = subgraphs?.every?.tls;
  const common: TlsFiles = { ...declaredFiles(every, 'subgraphs.every.tls'), ...subgraphTls };
  const files: TlsFiles = {
    ...(own?.ca === undefined && common),
    ...declaredFiles(own, `subgraphs.${name}.tls`),
  };
  const serverName = own?.serverName ?? every?.serverName;
  const isSaid = Object.keys(files).length > 0 || serverName !== undefined;
  return isSaid ? { files, serverName } : undefined;
}

function declaredFiles(tls: SubgraphTls | undefined, at: string): TlsFiles {
  const { ca, cert, key } = tls ?? {};
  return {
    ...(ca !== undefined && { ca: { path: ca, namedBy: `${at}.ca` } }),
    ...(cert !== undefined && { cert: { path: cert, namedBy: `${at}.cert` } }),
    ...(key !== undefined && { key: { path: key, namedBy: `${at}.key` } }),
  };
}

function keyOf({ files: { ca, cert, key }, serverName }: Terms): string {
  return JSON.stringify([ca?.path, cert?.path, key?.path, serverName].map((part) => part ?? null));
}

function saidBy({ files }: Terms): string {
  return Object.values(files)[0]?.namedBy ?? 'its serverName';
}
