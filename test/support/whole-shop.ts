// Starts all domains of the shop on one database, for routers of a test; tells which of them were asked.

import { allSubgraphs } from '../../subgraphs/all-subgraphs.ts';
import type { ChangeBus } from '../../subgraphs/kit/changes/publish-changes.ts';
import { demoPassword } from '../../subgraphs/kit/demo/people.ts';
import { type RunningSubgraph, serveSubgraph } from '../../subgraphs/kit/serve-subgraph.ts';
import type { Environment } from '../../supergraph/foundation/environment.ts';
import { oneDatabaseEngine, type TestDatabase } from './databases.ts';
import { quickAccounts } from './quick-accounts.ts';

export interface WholeShop {
  /** For routers: where the domains are, and how they are asked. */
  environment: Partial<Environment>;
  /** By domain: how many SQL statements it ran since this was emptied, which nobody's health check causes. */
  statements: Map<string, number>;
  tokenOf: (email: string) => Promise<string>;
  /** Ends one domain. */
  end: (domain: string) => Promise<void>;
  stop: () => Promise<void>;
}

const callerSecret = 'thirty-two characters, at least it is';

export async function startWholeShop({ changes }: { changes?: ChangeBus } = {}): Promise<WholeShop> {
  const [engine] = oneDatabaseEngine();
  if (engine === undefined) throw new Error('There is always an engine.');
  const database: TestDatabase = await engine.start();
  const running = new Map<string, RunningSubgraph>();
  const statements = new Map<string, number>();
  const stop = async () => {
    for (const one of running.values()) await one.stop();
    await database.stop();
  };
  try {
    let jwksUrl = '';
    for (const definition of allSubgraphs) {
      const { name } = definition;
      const isAccounts = name === 'accounts';
      const subgraph = await serveSubgraph(isAccounts ? quickAccounts : definition, {
        host: '127.0.0.1',
        port: 0,
        database,
        jwksUrl,
        issuer: 'tributary-accounts',
        audience: 'tributary',
        callerSecret,
        changes,
        logLevel: 'silent',
        onStatement: (sql) => {
          if (isSomebodys(sql)) statements.set(name, (statements.get(name) ?? 0) + 1);
        },
      });
      running.set(name, subgraph);
      if (isAccounts) jwksUrl = new URL('/.well-known/jwks.json', subgraph.url).href;
    }
    const keys = [jwksUrl];
    const accountsUrl = running.get('accounts')?.url ?? '';
    return {
      environment: {
        callerSecret,
        identity: { issuers: [], audiences: [], keys, prefixes: [], hostsWithoutTls: [] },
        subgraphUrl: (name) => running.get(name)?.url,
      },
      statements,
      tokenOf: (email) => signIn(accountsUrl, email),
      end: async (domain) => running.get(domain)?.stop(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Not a look after health, nor accounts' for erasures that are due. */
function isSomebodys(sql: string): boolean {
  return !sql.startsWith('select 1') && !sql.startsWith('with "due"');
}

async function signIn(url: string, email: string): Promise<string> {
  const query = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }';
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input: { email, password: demoPassword } } }),
  });
  const { data } = (await response.json()) as { data: { signIn: { token: string | null } } };
  if (data.signIn.token === null) throw new Error(`${email} cannot sign in.`);
  return data.signIn.token;
}
