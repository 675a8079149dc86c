/** A real Redis for one test file, single or a Cluster: its own processes, its own directory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster, Redis } from "ioredis";
import { connectRedis } from "../../harness/redis/connection.ts";
import type { RedisConnection } from "../../harness/redis/connection.ts";
import { startRedisCluster } from "../../harness/redis/redis-cluster.ts";
import { startRedis as startServer } from "../../harness/redis/redis-server.ts";
import type { RunningRedis } from "../../harness/redis/redis-server.ts";

export interface TestRedis<Client extends RedisConnection> {
  readonly client: Client;
  stop(): Promise<void>;
}

const SHARDS = 2;

export function startRedis(): Promise<TestRedis<Redis>> {
  return start((directory) => startServer({ directory, persistence: "none" }));
}

export function startCluster(): Promise<TestRedis<Cluster>> {
  return start((directory) => startRedisCluster({ directory, shards: SHARDS }));
}

async function start<Client extends RedisConnection>(
  startIn: (directory: string) => Promise<RunningRedis>,
): Promise<TestRedis<Client>> {
  const directory = mkdtempSync(join(tmpdir(), "counter-redis-"));
  const redis = await startIn(directory);
  const client = (await connectRedis(redis.address)) as Client;
  return {
    client,
    async stop() {
      client.disconnect();
      await redis.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
