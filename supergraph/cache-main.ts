// Owns `npm run cache`: what routers hold of something, how old it is and why it is there; and having it dropped.
import { parseArgs } from 'node:util';
import { type Change, everything, tagMark } from './cache/changes.ts';
import { readAdminAccess } from './foundation/environment.ts';
import { isRecord } from './foundation/is-record.ts';
import { StartupProblem } from './foundation/startup-problem.ts';
import {
  type HeldByBff,
  heldReport,
  isTold,
  mostShown,
  plain,
  purgeReport,
  type Wanted,
} from './lifecycle/cache-report.ts';

const usage = `Usage: npm run cache -- [<Type>:<key>] [--type <type>] [--tag <tag>] [--all] [--purge] [--url <address>] [--json]
  <Type>:<key>  an entity, such as Product:p1
  --type        all of a type (Product), or of a field (Query.products)
  --tag         all that has a tag
  --all         all that is held
  --purge       drops it, on all replicas; several of the above may be given
  --url         where the admin port is (ADMIN_URL, or http://127.0.0.1:<ADMIN_PORT>)
  --json        prints what the admin port answers
  --help        prints this
The variable ADMIN_TOKEN is the token of the port.`;

interface Flags {
  /** One, unless it is to be dropped. */
  wanted: readonly Wanted[];
  change: Change;
  purge: boolean;
  json: boolean;
  url: string;
  token: string;
}

const patience = 10_000;

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') console.log(usage);
  else await (flags.purge ? purge(flags) : look(flags));
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof StartupProblem ? error.message : error);
}

async function look(flags: Flags): Promise<void> {
  for (const wanted of flags.wanted) {
    const answer = await ask(
      flags,
      `cache?${new URLSearchParams({ mark: wanted.mark, most: `${mostShown}` })}`,
    );
    if (!hasHeld(answer)) throw new StartupProblem(noAdminPort(flags.url));
    tellDoubts(answer);
    console.log(flags.json ? JSON.stringify(answer, null, 2) : heldReport(wanted, answer.bffs));
  }
}

async function purge(flags: Flags): Promise<void> {
  const answer = await ask(flags, 'cache/purge', flags.change);
  const { dropped, told } = isRecord(answer) ? answer : {};
  if (!isRecord(answer) || typeof dropped !== 'number' || !isTold(told)) {
    throw new StartupProblem(noAdminPort(flags.url));
  }
  tellDoubts(answer);
  if (flags.json) console.log(JSON.stringify(answer, null, 2));
  else console.log(purgeReport(dropped, told));
  if (told !== 'unsure') return;
  process.exitCode = 1;
  console.error('It is not certain that the other replicas were told: they may still hold it. Try again.');
}

/** Beside what is printed for programs. */
function tellDoubts({ doubts }: Record<string, unknown>): void {
  for (const doubt of Array.isArray(doubts) ? doubts : []) console.error(plain(String(doubt)));
}

/** Throws a StartupProblem for whatever is no answer of an admin port. */
async function ask({ url, token }: Flags, path: string, body?: object): Promise<unknown> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${url}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body ? JSON.stringify(body) : null,
      // The token is for this address alone.
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw new StartupProblem(unanswered(url, error));
  }
  if (status === 401) throw new StartupProblem(`ADMIN_TOKEN is not the token of ${url}.`);
  const answer = readJson(text);
  if (status === 200) return answer;
  const [error] = isRecord(answer) && Array.isArray(answer['errors']) ? answer['errors'] : [];
  const reason = status === 404 || !isRecord(error) ? undefined : error['message'];
  throw new StartupProblem(
    typeof reason === 'string'
      ? `${url} refused: ${plain(reason)}`
      : `${noAdminPort(url)} It answers ${status}.`,
  );
}

function unanswered(url: string, error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `${url} does not answer within ${patience / 1000} seconds.`;
  }
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  const reason = isRecord(cause) ? (cause['code'] ?? cause['message']) : cause;
  return `${url} cannot be reached (${reason}). A router has an admin port where ADMIN_PORT and ADMIN_TOKEN are given.`;
}

function noAdminPort(url: string): string {
  return `What is at ${url} is no admin port of a router.`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasHeld(answer: unknown): answer is { bffs: HeldByBff; doubts?: unknown } {
  if (!isRecord(answer) || !isRecord(answer['bffs'])) return false;
  return Object.values(answer['bffs']).every((held) => Array.isArray(held) && held.every(isRecord));
}

function readFlags(args: string[]): Flags | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const { type: types = [], tag: tags = [], all = false, purge = false, json = false } = values;
  const wanted = [
    ...positionals.map(entity),
    ...types.map(typeOrField),
    ...tags.map((tag) => named(tagMark(tag), `The tag "${tag}"`, ` with the tag "${tag}"`)),
    ...(all ? [named(everything, 'Everything', '')] : []),
  ];
  if (wanted.length === 0) throw new StartupProblem(`Which entity, type or tag?\n${usage}`);
  if (tags.includes('')) throw new StartupProblem(`--tag needs a value.\n${usage}`);
  if (all && wanted.length > 1)
    throw new StartupProblem(`--all is everything: leave the rest out.\n${usage}`);
  if (!purge && wanted.length > 1) {
    throw new StartupProblem(`Look at one thing at a time; --purge takes several.\n${usage}`);
  }
  return { wanted, change: { keys: positionals, types, tags, all }, purge, json, ...access(values.url) };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        type: { type: 'string', multiple: true },
        tag: { type: 'string', multiple: true },
        all: { type: 'boolean' },
        purge: { type: 'boolean' },
        url: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new StartupProblem(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

function named(mark: string, title = mark, of = ` of ${mark}`): Wanted {
  return { mark, title, of };
}

function entity(key: string): Wanted {
  const [, type, value] = /^([_a-z]\w*)(?::(.*))?$/is.exec(key) ?? [];
  const instead = type === undefined ? '' : `, or --type ${type} for all of them`;
  if (value && value !== '*') return named(key);
  throw new StartupProblem(`"${key}" is no entity: write ${type ?? 'Product'}:<key>${instead}.\n${usage}`);
}

function typeOrField(type: string): Wanted {
  if (/^[_a-z]\w*(\.[_a-z]\w*)?$/i.test(type)) return named(type);
  throw new StartupProblem(
    `"${type}" is no type: write one such as Product, or a field such as Query.products.\n${usage}`,
  );
}

function access(asked: string | undefined): { url: string; token: string } {
  const { url = '', token } = readAdminAccess();
  const from = asked === undefined ? 'ADMIN_URL' : '--url';
  const given = asked ?? url;
  if (given === '') throw new StartupProblem(`Where is the admin port? Give ADMIN_PORT, ADMIN_URL or --url.`);
  const { protocol, username, password } = URL.canParse(given) ? new URL(given) : {};
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') {
    // It is not repeated: it may have a password in it.
    throw new StartupProblem(
      `${from} must be an address that starts with http:// or https://, without a password.`,
    );
  }
  if (token === undefined) throw new StartupProblem('ADMIN_TOKEN is not given: the admin port asks for it.');
  const { origin, pathname } = new URL(given);
  return { url: `${origin}${pathname}`.replace(/\/+$/, ''), token };
}
