// Owns what is told of the machine and of the versions that were measured, and what the bench needs of it.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Machine } from './report/result.ts';
import { findProgram } from './stand-in/stand-in.ts';

const run = promisify(execFile);

/** What is missing here, in words; empty when the bench can run. */
export function missingHere(): string[] {
  return [
    ...(platform() === 'linux' ? [] : ['Linux, because processor time and cores are read from it']),
    ...(availableParallelism() >= 2 ? [] : ['two cores: one for the gateway, one for the load']),
    ...['wrk', 'cc', 'taskset'].filter((program) => findProgram(program) === undefined),
  ];
}

export function describeMachine(): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? 'an unknown processor',
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
}

/** Of the repository: the short hash, with "+" when what is measured is not what was committed. */
export async function describeRevision(root: string): Promise<string> {
  try {
    const { stdout: hash } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
    const measured = ['supergraph', 'bff-web', 'package-lock.json'];
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--', ...measured], { cwd: root });
    return `${hash.trim()}${changes === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}

const ours = ['@apollo/gateway', '@apollo/server', '@apollo/query-planner', 'graphql', 'fastify', 'undici'];
const theirs = ['@graphql-hive/gateway', '@graphql-hive/router-runtime'];

/** Installed versions by package; whatever is not installed is left out. */
export function describeVersions(root: string): Record<string, string> {
  const found = [
    ...ours.map((name) => [name, versionBelow(root, name)]),
    ...theirs.map((name) => [name, versionBelow(join(root, 'bench'), name)]),
  ];
  return Object.fromEntries(found.filter(([, version]) => version !== undefined));
}

function versionBelow(folder: string, name: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
