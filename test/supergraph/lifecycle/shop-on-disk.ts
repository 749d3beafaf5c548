// Owns a small repository with a BFF for tests of the lifecycle's commands: schemas, registered documents, usage, git.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, Kind, parse } from 'graphql';
import { createUsage } from '../../../supergraph/usage/create-usage.ts';
import { nodeFlags } from '../../support/node-flags.ts';

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

// Not by the door of BFFs, which loads a whole router.
const door = new URL('../../../supergraph/declaration/define-bff.ts', import.meta.url).href;

/** Runs one of the commands as a process of its own. */
export function runCommand(command: 'usage-main' | 'check-schema-main', cwd: string, ...args: string[]): Run {
  const main = fileURLToPath(new URL(`../../../supergraph/lifecycle/${command}.ts`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeFlags, main, ...args], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

export class ShopOnDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'lifecycle-'));

  write(path: string, content: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** A declaration, and what its clients see. */
  bff(folder: string, schema: string, contract = '{}'): void {
    this.write(
      `${folder}/bff.ts`,
      `import { defineBff } from '${door}';
       export const bff = defineBff({ name: '${folder}', port: 1, contract: ${contract} });`,
    );
    this.schema(folder, schema);
  }

  schema(folder: string, schema: string): void {
    this.write(`${folder}/generated/schema.graphql`, schema);
  }

  /** Registers operations by their texts. */
  register(folder: string, ...texts: string[]): void {
    const operations = texts.map((body) => {
      const [node] = parse(body).definitions;
      const name = node?.kind === Kind.OPERATION_DEFINITION ? node.name?.value : undefined;
      return { id: createHash('sha256').update(body).digest('hex'), name, type: 'query', body };
    });
    const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
    this.write(`${folder}/generated/persisted-query-manifest.json`, JSON.stringify(manifest));
  }

  /** As routers would have written it. */
  async use(
    bff: string,
    schema: string,
    uses: readonly [client: string, version: string, text: string, times: number][],
  ) {
    const usage = createUsage({
      bff,
      folder: join(this.folder, '.data/usage'),
      log: { warn: (details) => Promise.reject(details) },
      now: () => Date.parse('2026-11-22T12:00:00.000Z'),
    });
    for (const [name, version, text, times] of uses) {
      const document = parse(text);
      const [operation] = document.definitions;
      if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(text);
      const used = { name: operation.name?.value, document, operation, schema: buildSchema(schema) };
      for (let time = 0; time < times; time += 1) usage.used({ name, version }, used);
    }
    await usage.stop();
  }

  git(...args: string[]): string {
    const identity = [
      '-c',
      'user.name=test',
      '-c',
      'user.email=test@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    return execFileSync('git', [...identity, ...args], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
  }

  commit(): void {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', 'as it is');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
