/** Connections to Redis that never send a command twice. */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { textOfAddress } from "./address.ts";
import type { RedisAddress } from "./address.ts";
import { callErrorOf, CounterCallError } from "./call-error.ts";

export type RedisConnection = Redis | Cluster;

/** The first connection must be there within this time; later ones are tried for ever. */
const FIRST_CONNECTION_MS = 5000;
const READY_POLL_MS = 2;
/** How long a connection that is being closed may keep the process alive. */
export const DISCONNECT_TIMEOUT_MS = 100;
const RETRY_MS_MAX = 500;

/**
 * By default ioredis sends a command again when its connection broke, and the stock is deducted
 * twice. Without the second setting it would leave the command pending for ever instead. Without
 * the third, a command given while there is no connection would be sent long after its caller
 * has given up.
 */
const ONCE_ONLY = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
} as const satisfies RedisOptions;

const TIMEOUTS = {
  connectTimeout: 2000,
  /** A connection on which a command waits this long for any byte is given up for a new one. */
  socketTimeout: 15_000,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
} as const satisfies RedisOptions;

/**
 * Connects, and reconnects in the background for as long as the connection is not closed.
 * @throws CounterCallError with code CONNECTION
 */
export async function connectRedis(address: RedisAddress): Promise<RedisConnection> {
  const connection = address.cluster ? createCluster(address) : createSingle(address);
  let lastError = "it does not answer";
  connection.on("error", (error: Error) => (lastError = error.message));
  const untilMs = performance.now() + FIRST_CONNECTION_MS;
  while (!isReady(connection) && performance.now() < untilMs) await sleep(READY_POLL_MS);
  if (isReady(connection)) return connection;
  connection.disconnect();
  throw new CounterCallError(
    "CONNECTION",
    `cannot reach Redis at ${textOfAddress(address)}: ${lastError}`,
  );
}

/** A Cluster calls itself ready when it has asked one node for the others. */
function isReady(connection: RedisConnection): boolean {
  const nodes = connection instanceof Cluster ? connection.nodes("master") : [];
  return [connection, ...nodes].every(({ status }) => status === "ready");
}

function retryMs(attempt: number): number {
  return Math.min(25 * attempt, RETRY_MS_MAX);
}

function createSingle({ host, port }: RedisAddress): Redis {
  return new Redis({
    host,
    port,
    ...ONCE_ONLY,
    ...TIMEOUTS,
    retryStrategy: retryMs,
  });
}

function createCluster({ host, port }: RedisAddress): Cluster {
  const cluster = new Cluster([{ host, port }], {
    enableOfflineQueue: false,
    // It would ask any one node, mostly before that one's connection is open, and without a queue
    // that is a failure upon which it begins anew. `isReady` waits for all of them instead.
    enableReadyCheck: false,
    // A command on a connection that broke may have run: never to another node, or again.
    retryDelayOnFailover: 0,
    clusterRetryStrategy: retryMs,
    clusterNodeRetryStrategy: retryMs,
    redisOptions: { ...ONCE_ONLY, ...TIMEOUTS },
  });
  // Else each node's connection would begin with the first command for it, and the second, which
  // finds it not yet open, would fail.
  cluster.on("+node", (node: Redis) => {
    if (node.status === "wait") node.connect().catch(() => {});
  });
  return cluster;
}

/**
 * One command, its arguments as they stand.
 * @throws CounterCallError; TIMEOUT if there is no reply within `timeoutMs`. A later one is dropped.
 */
export function command(
  connection: RedisConnection,
  timeoutMs: number,
  name: string,
  ...parameters: (string | number)[]
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CounterCallError("TIMEOUT", `${name} without a reply for ${timeoutMs} ms`));
    }, timeoutMs);
    connection.call(name, parameters).then(
      (reply) => {
        clearTimeout(timer);
        resolve(reply);
      },
      (error: Error) => {
        clearTimeout(timer);
        reject(callErrorOf(error));
      },
    );
  });
}
