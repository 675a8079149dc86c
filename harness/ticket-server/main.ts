/** The ticket server as a process of its own: `main.ts CONFIG.json`. */
import { readFileSync } from "node:fs";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { connectOrderStore } from "../orders/store-client.ts";
import { connectCounter } from "../redis/counter-client.ts";
import type { RedisAddress } from "../redis/address.ts";
import { CounterCallError } from "../redis/call-error.ts";
import { requireSafeRedis } from "../redis/safety.ts";
import type { TicketServerConfig, TicketServerReady } from "./config.ts";
import { exitCodeOfFailure, exitOnSignals } from "./process-end.ts";
import { startTicketServer } from "./server.ts";
import { StatLog } from "./stat-log.ts";

/** Each waits for some seconds. */
const CHECKS_MAX = 3;

try {
  await serve(JSON.parse(readFileSync(process.argv[2], "utf8")) as TicketServerConfig);
} catch (error) {
  // Connections that are open already would keep the process alive.
  process.exit(exitCodeOfFailure(error));
}

/** The counter may be out of reach for a moment, as any server's may that starts again. */
async function checkRedis(redis: RedisAddress, production: boolean): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await requireSafeRedis(redis, production);
      return;
    } catch (error) {
      if (!(error instanceof CounterCallError) || tries === CHECKS_MAX) throw error;
    }
  }
}

async function serve(config: TicketServerConfig): Promise<void> {
  const { redis, orderStore, server, production, statLog, calibrationSpinUs = 0 } = config;
  if (production && calibrationSpinUs > 0)
    throw new UsageError("calibrationSpinUs: makes every purchase slow; not for production");
  const strategy = await loadStrategy(config.strategy);
  if (redis !== null) await checkRedis(redis, production);
  const { saleId } = server.sale;
  const counter =
    redis === null ? null : await connectCounter({ address: redis, saleId, strategy });
  const database = orderStore === null ? null : await connectOrderStore(orderStore);
  const running = await startTicketServer({
    host: config.host,
    port: config.port,
    config: server,
    strategy,
    counter,
    database,
    statLog: statLog === null ? null : new StatLog(statLog.file, statLog.form),
    calibrationSpinUs,
  });
  exitOnSignals(running, async () => {
    await counter?.close();
    await database?.close();
  });
  const ready: TicketServerReady = { ready: true, host: running.host, port: running.port };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}
