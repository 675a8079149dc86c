/**
 * An order worker process: reservations from the outbox into the order book, and expired holds
 * back on sale.
 *
 * SIGTERM ends it when what it has read is recorded and acknowledged. SIGUSR2 makes it die (by
 * SIGKILL) right after its next commit, before the acknowledgement: the moment at which a worker
 * must not lose an order, nor make it twice.
 */
import { readFileSync } from "node:fs";
import type { WorkerConfig } from "../../core/orders/worker.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import type { RedisAddress } from "../redis/address.ts";
import { connectCounter } from "../redis/counter-client.ts";
import { connectOrderStore } from "./store-client.ts";
import type { OrderStoreAddress } from "./store-client.ts";
import { WorkerDriver } from "./worker-driver.ts";

export interface OrderWorkerConfig {
  readonly worker: WorkerConfig;
  readonly redis: RedisAddress;
  readonly saleId: string;
  /** A built-in strategy's name, or the path of a module. */
  readonly strategy: string;
  readonly orderStore: OrderStoreAddress;
  /** The outbox is trimmed this often; 1000 if not given. */
  readonly trimMs?: number;
  /** Die right after the first commit, as SIGUSR2 would have it. */
  readonly diesAfterCommit?: boolean;
}

const TRIM_MS = 1000;

async function main(config: OrderWorkerConfig): Promise<void> {
  const { redis, saleId, worker, trimMs = TRIM_MS } = config;
  const strategy = await loadStrategy(config.strategy);
  const counter = await connectCounter({ address: redis, saleId, strategy });
  const orderStore = await connectOrderStore(config.orderStore);
  let diesAfterCommit = config.diesAfterCommit ?? false;
  const driver = new WorkerDriver(worker, {
    counter,
    orderStore,
    trimMs,
    onCommit: () => {
      if (diesAfterCommit) process.kill(process.pid, "SIGKILL");
    },
  });
  process.on("SIGUSR2", () => (diesAfterCommit = true));
  process.once("SIGTERM", () => {
    driver
      .stop()
      .then(() => Promise.all([counter.close(), orderStore.close()]))
      .catch(fail);
  });
  driver.start();
  console.log(JSON.stringify({ ready: true }));
}

function fail(error: unknown): never {
  console.error((error as Error).message);
  process.exit(1);
}

await main(JSON.parse(readFileSync(process.argv[2], "utf8")) as OrderWorkerConfig).catch(fail);
