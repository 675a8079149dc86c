/** A Redis for one test, in a directory of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallOf, ReserveItem } from "../../../core/counter/calls.ts";
import { startRedis } from "../redis-server.ts";
import type { Persistence, RunningRedis } from "../redis-server.ts";

export interface RedisOfTest extends RunningRedis {
  /** Ends it and removes its directory. */
  remove(): Promise<void>;
}

export async function redisOfTest(persistence: Persistence = "none"): Promise<RedisOfTest> {
  const directory = mkdtempSync(join(tmpdir(), "redis-of-test-"));
  const redis = await startRedis({ directory, persistence });
  return Object.assign(redis, {
    async remove() {
      await redis.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  });
}

export const EPOCH = 1;

export function reserve(
  ids: readonly string[],
  item: Partial<ReserveItem> = {},
): CallOf<"reserve"> {
  const items = ids.map((id) => ({
    id,
    qty: 1,
    buyer: "",
    ttlMs: 60_000,
    maxPerBuyer: 0,
    requestDeadlineMs: 0,
    ...item,
  }));
  return { script: "reserve", epoch: EPOCH, server: "s1", incarnation: 0, items };
}
