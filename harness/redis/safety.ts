/** Whether a Redis may hold the stock: one that forgets tickets by design is refused at start. */
import { Cluster } from "ioredis";
import type { Redis } from "ioredis";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { textOfAddress } from "./address.ts";
import type { RedisAddress } from "./address.ts";
import { command, connectRedis } from "./connection.ts";
import type { RedisConnection } from "./connection.ts";
import { REDIS_MAJOR_MIN } from "./redis-server.ts";

const TIMEOUT_MS = 5000;

/**
 * Asks every server of that address.
 * @param production whether the stock must outlive a restart of Redis
 * @throws EnvironmentError that names each fault of the first unsafe server, with the setting that
 * mends it; CounterCallError if it cannot be reached
 */
export async function requireSafeRedis(address: RedisAddress, production: boolean): Promise<void> {
  const connection = await connectRedis(address);
  try {
    for (const server of serversOf(connection)) {
      const info = (await command(server, TIMEOUT_MS, "info", "everything")) as string;
      const faults = faultsOf(parseInfo(info), address.cluster, production);
      if (faults.length === 0) continue;
      throw new EnvironmentError(`unsafe Redis at ${textOfAddress(address)}: ${faults.join("; ")}`);
    }
  } finally {
    connection.disconnect();
  }
}

function serversOf(connection: RedisConnection): readonly Redis[] {
  return connection instanceof Cluster ? connection.nodes("master") : [connection];
}

/** INFO's fields: it is open where CONFIG is closed, as on managed servers. */
type Info = ReadonlyMap<string, string>;

function parseInfo(text: string): Info {
  const fields = text.split("\r\n").filter((line) => line.includes(":"));
  return new Map(fields.map((line) => [line.split(":", 1)[0], line.slice(line.indexOf(":") + 1)]));
}

/** What is wrong with it, in words; nothing if it is safe. */
export function faultsOf(info: Info, isCluster: boolean, production: boolean): string[] {
  const faults: string[] = [];
  const version = info.get("redis_version") ?? "unknown";
  if (!(Number.parseInt(version, 10) >= REDIS_MAJOR_MIN)) {
    faults.push(`its version is ${version}; the scripts need Redis ${REDIS_MAJOR_MIN} or newer`);
  }
  if (info.get("role") !== "master") {
    faults.push("it is a replica; give the address of its master");
  }
  if ((info.get("redis_mode") === "cluster") !== isCluster) {
    faults.push(isCluster ? "it is not a Cluster" : "it is a node of a Cluster; address it as one");
  }
  const policy = info.get("maxmemory_policy");
  if (policy !== "noeviction") {
    faults.push(
      `maxmemory-policy is ${policy}, so that it may delete sold tickets when memory is short; ` +
        "run: CONFIG SET maxmemory-policy noeviction",
    );
  }
  if (production && info.get("aof_enabled") !== "1") {
    faults.push(
      "appendonly is no, so that a restart loses sold tickets; run: CONFIG SET appendonly yes",
    );
  }
  return faults;
}
