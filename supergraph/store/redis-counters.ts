// Owns counters that replicas share in Redis: each is changed there in one step, so that all replicas together keep to a limit.
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisSettings } from '../foundation/redis-settings.ts';
import type { Counters, Take, Taken } from './counters.ts';
import { createNotice, type StoreLog } from './notice.ts';
import { isRefusal, type RedisClient, reasonOf } from './redis-client.ts';
import type { Reach } from './redis-reach.ts';

export interface RedisCountersOptions {
  client: Pick<RedisClient, 'script'>;
  reach: Pick<Reach, 'ask'>;
  settings: RedisSettings;
  /** Put before every key, so that several programs can share one Redis. */
  prefix: string;
  log: StoreLog;
}

/**
 * Keeps what was taken and has not come back, and when it was looked at. Given are points, seconds and the limit; the clock is
 * that of Redis, because replicas have different ones. Answers as the script of the library does: more than the limit is
 * refused, and beside it stands the time.
 */
const bucketScript = `
local points, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000, tonumber(ARGV[3])
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
local taken = 0
local kept = redis.call('get', KEYS[1])
if kept then
  local before, at = string.match(kept, '^(%S+) (%S+)$')
  taken = math.max(0, tonumber(before) - math.max(0, now - tonumber(at)) * limit / window)
end
local after = taken + points
if after > limit + 0.000001 then
  return {limit + 1, math.ceil((after - limit) * window / limit)}
end
local back = math.ceil(after * window / limit)
redis.call('set', KEYS[1], string.format('%.17g %.17g', after, now), 'px', math.max(1, back))
return {math.ceil(after - 0.000001), back}
`;

/** See Counters; nothing is asked while Redis is away. Closing the connection is another's matter. */
export function createRedisCounters(options: RedisCountersOptions): Counters {
  const { client, reach, settings, prefix, log } = options;
  const notice = createNotice(log, 'Redis counts again.');
  /** By what they allow: of the limits that are declared there are few. */
  const limiters = new Map<string, RateLimiterRedis>();

  function limiterOf({ limit, window, kind }: Take): RateLimiterRedis {
    const terms = `${kind} ${limit} ${window}`;
    const known = limiters.get(terms);
    if (known !== undefined) return known;
    const made = new RateLimiterRedis({
      storeClient: scriptClient(client),
      keyPrefix: `${prefix}rates`,
      points: limit,
      duration: window / 1000,
      ...(kind === 'bucket' && { customIncrTtlLuaScript: bucketScript }),
    });
    limiters.set(terms, made);
    return made;
  }

  async function takeOne(take: Take): Promise<Taken> {
    try {
      return told(take, await limiterOf(take).consume(take.key, take.points));
    } catch (error) {
      // So the library says no.
      if (error instanceof RateLimiterRes) return told(take, error);
      throw error;
    }
  }

  return {
    async take(takes) {
      const taken = await reach.ask(async () => {
        try {
          return await Promise.all(takes.map(takeOne));
        } catch (error) {
          // Who refuses to be written to may well be read: that is no reason to do without it.
          if (!isRefusal(error)) throw error;
          notice.amiss('Redis does not count', reasonOf(error, settings));
          return null;
        }
      });
      if (taken) notice.well();
      return taken ?? undefined;
    },
  };
}

function told({ limit }: Take, { consumedPoints, remainingPoints, msBeforeNext }: RateLimiterRes): Taken {
  return { isAllowed: consumedPoints <= limit, remaining: remainingPoints, wait: Math.max(0, msBeforeNext) };
}

/** The library defines its script under one name for all limiters of a connection, and we have two scripts. */
function scriptClient(client: Pick<RedisClient, 'script'>) {
  let run: ReturnType<RedisClient['script']> | undefined;
  return {
    defineCommand(_name: string, { lua }: { lua: string }): void {
      run = client.script(lua);
    },
    rlflxIncr: ([key = '', ...given]: readonly string[]) => run?.(key, given),
  };
}
