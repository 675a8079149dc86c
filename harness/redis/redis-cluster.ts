/** A Redis Cluster of the harness: shards without replicas on loopback. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { anyFreePort } from "../provision/ports.ts";
import { RedisProcess } from "./redis-server.ts";
import type { RunningRedis } from "./redis-server.ts";

const HOST = "127.0.0.1";
const SLOTS = 16_384;
const SHARDS_MIN = 2;
const NODE_TIMEOUT_MS = "5000";
const READY_ATTEMPTS = 400;
const READY_PAUSE_MS = 25;

export interface RedisClusterOptions {
  /** Must exist; each shard gets a folder in it. */
  readonly directory: string;
  /** At least 2. The 16,384 slots are shared out in equal ranges. */
  readonly shards: number;
}

/** @throws MissingProgram, or EnvironmentError if it does not come up. */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RunningRedis> {
  const { directory } = options;
  if (options.shards < SHARDS_MIN)
    throw new RangeError(`a Cluster has ${SHARDS_MIN} shards or more`);
  const shards: Shard[] = [];
  const all = async (action: (node: RedisProcess) => Promise<void>): Promise<void> => {
    await Promise.all(shards.map(({ node }) => action(node)));
  };
  try {
    for (let i = 0; i < options.shards; i += 1) shards.push(await startShard(directory, i));
    await meet(shards);
    await untilReady(shards);
  } catch (error) {
    await all((node) => node.kill());
    throw error;
  }
  return {
    address: { host: HOST, port: shards[0].node.port, cluster: true },
    get pid() {
      return shards[0].node.pid;
    },
    directory,
    kill: () => all((node) => node.kill()),
    async start() {
      await all((node) => node.restart());
      await untilReady(shards);
    },
    pauseClients: (ms) => all((node) => node.pauseClients(ms)),
    resumeClients: () => all((node) => node.resumeClients()),
    stop: () => all((node) => node.kill()),
  };
}

interface Shard {
  readonly node: RedisProcess;
  /** Where the shards talk to each other. */
  readonly busPort: number;
}

async function startShard(directory: string, number: number): Promise<Shard> {
  const folder = join(directory, `shard-${number}`);
  mkdirSync(folder, { recursive: true });
  // The bus port would be the port plus 10,000, which need not exist, let alone be free.
  const busPort = await anyFreePort();
  const options = { directory: folder, persistence: "everysec" } as const;
  const node = await RedisProcess.start(options, [
    "--cluster-enabled",
    "yes",
    "--cluster-port",
    String(busPort),
    "--cluster-node-timeout",
    NODE_TIMEOUT_MS,
  ]);
  return { node, busPort };
}

/** Gives each shard its range of slots, and makes the shards known to the first. */
async function meet(shards: readonly Shard[]): Promise<void> {
  for (const [i, { node, busPort }] of shards.entries()) {
    const first = Math.floor((SLOTS * i) / shards.length);
    const last = Math.floor((SLOTS * (i + 1)) / shards.length) - 1;
    await node.ask("CLUSTER", "ADDSLOTSRANGE", first, last);
    // Shards with equal epochs would settle the conflict first, which takes its time.
    await node.ask("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    if (i > 0) await shards[0].node.ask("CLUSTER", "MEET", HOST, node.port, busPort);
  }
}

/** Until every shard knows every other and all slots. */
async function untilReady(shards: readonly Shard[]): Promise<void> {
  for (let attempt = 1; attempt <= READY_ATTEMPTS; attempt += 1) {
    const infos = await Promise.all(shards.map(({ node }) => node.ask("CLUSTER", "INFO")));
    const isReady = (infos as string[]).every(
      (info) =>
        info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${shards.length}`),
    );
    if (isReady) return;
    await sleep(READY_PAUSE_MS);
  }
  throw new EnvironmentError("the shards of the Redis Cluster did not find each other");
}
