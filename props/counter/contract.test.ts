import { afterAll, beforeAll } from "vitest";
import type { Cluster, Redis } from "ioredis";
import { counterContract } from "./contract.ts";
import { createRedisSubject } from "./redis-subject.ts";
import type { TestRedis } from "./redis.ts";
import { startCluster, startRedis } from "./redis.ts";
import { createTwinSubject } from "./twin-subject.ts";

let redis: TestRedis<Redis>;
let cluster: TestRedis<Cluster>;
let sales = 0;

beforeAll(async () => {
  [redis, cluster] = await Promise.all([startRedis(), startCluster()]);
});

afterAll(() => Promise.all([redis.stop(), cluster.stop()]));

counterContract("the twin", createTwinSubject);
counterContract("Lua on Redis", () => createRedisSubject(redis.client, `sale${(sales += 1)}`));
counterContract("Lua on a Redis Cluster", () =>
  createRedisSubject(cluster.client, `sale${(sales += 1)}`),
);
