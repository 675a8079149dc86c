import { afterAll, beforeAll } from "vitest";
import { counterContract } from "./contract.ts";
import type { LoadedScripts } from "./redis-subject.ts";
import { createRedisSubject, loadSteeredScripts } from "./redis-subject.ts";
import type { RunningRedis } from "./redis.ts";
import { startRedis } from "./redis.ts";
import { createTwinSubject } from "./twin-subject.ts";

let redis: RunningRedis;
let scripts: LoadedScripts;
let sales = 0;

beforeAll(async () => {
  redis = await startRedis();
  scripts = await loadSteeredScripts(redis.client);
});

afterAll(() => redis.stop());

counterContract("the twin", createTwinSubject);
counterContract("Lua on Redis", () =>
  createRedisSubject(redis.client, scripts, `sale${(sales += 1)}`),
);
