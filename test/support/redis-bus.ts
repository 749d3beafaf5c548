// Owns the bus over which a subgraph of a test tells a Redis what changes, as its process would open it.
import assert from 'node:assert/strict';
import { type RedisVariables, readRedisAddress } from '../../subgraphs/kit/changes/redis-address.ts';
import { openRedisBus, type RedisBus } from '../../subgraphs/kit/changes/redis-bus.ts';

export async function testRedisBus(urls: string, more: Partial<RedisVariables> = {}): Promise<RedisBus> {
  const problems: string[] = [];
  const variables = { urls, mode: undefined, sentinelName: undefined, tls: {}, ...more };
  const address = readRedisAddress(variables, problems);
  assert.deepEqual(problems, []);
  assert.ok(address);
  return openRedisBus(address);
}
