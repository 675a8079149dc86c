/** The stack that is measured: nginx, one ticket server whose sale is sold out, Redis. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { CounterCall } from "../../core/counter/calls.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { reasonOf } from "../../sim/cli/input-file.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import { EPOCH } from "../../sim/world/process-configs.ts";
import { Nginx } from "../nginx/nginx-process.ts";
import { startChild } from "../processes/child.ts";
import type { Child } from "../processes/child.ts";
import { guardFolder, releaseFolder } from "../processes/guard.ts";
import { freePorts } from "../provision/ports.ts";
import { connectCounter } from "../redis/counter-client.ts";
import { startRedis } from "../redis/redis-server.ts";
import type { RunningRedis } from "../redis/redis-server.ts";
import { readMetrics } from "../session/metrics-page.ts";
import type { TicketServerReady } from "../ticket-server/config.ts";
import { measuredServer } from "../ticket-server/measured.ts";
import type { Sample } from "./measures.ts";
import type { MeasuredStack, RedisCost, Use } from "./measured-stack.ts";
import { OpenLoop } from "./open-loop.ts";

const HOST = "127.0.0.1";
const NGINX_PORT = 8190;
const SALE = "calibration";
const COST_SALE = "calibration-cost";
const TIMEOUT_MS = 5000;
/** Nothing expires and nothing is polled while something is measured. */
const LONG_MS = 86_400_000;
const POLL_MS = 3_600_000;
const PING_GAP_MS = 1;
/** Before that many, V8 has not compiled all of the server for good. */
const WARM_UP_REQUESTS = 5000;
/** Calls of `reserve` whose cost is measured, and the items of the large ones. */
const COST_CALLS = 200;
const COST_ITEMS = 20;

export class RealStack implements MeasuredStack {
  readonly #folder = mkdtempSync(join(tmpdir(), "onceonly-calibrate-"));
  readonly #interrupt: Interrupt;
  #redis: RunningRedis | null = null;
  #admin: Redis | null = null;
  #server: Child<TicketServerReady> | null = null;
  #nginx: Nginx | null = null;
  #load: OpenLoop | null = null;

  constructor(interrupt: Interrupt) {
    this.#interrupt = interrupt;
    guardFolder(this.#folder);
    // nginx runs as another user, and must reach what is its own below.
    chmodSync(this.#folder, 0o711);
  }

  /** If it throws, `stop` still has to be called. */
  async start(spinUs: number): Promise<void> {
    this.#redis = await startRedis({ directory: this.#folder, persistence: "none" });
    const { host, port } = this.#redis.address;
    this.#admin = new Redis({ host, port, maxRetriesPerRequest: 0, retryStrategy: null });
    await this.#openSale(SALE, 1);
    await this.#reserve(SALE, 0, 1, 1);
    this.#interrupt.check();
    this.#server = await startChild<TicketServerReady>({
      name: "ticket-server",
      entry: new URL("../ticket-server/main.ts", import.meta.url),
      config: measuredServer({
        name: "ticket-server",
        saleId: SALE,
        tickets: 1,
        holdMs: LONG_MS,
        redis: this.#redis.address,
        pollMs: POLL_MS,
        spinUs,
      }),
      directory: this.#folder,
    });
    this.#interrupt.check();
    const [nginxPort] = await freePorts(NGINX_PORT, 1);
    const { nginx } = checkScenario(
      { nginx: { max_fails: 0, proxyReadTimeoutMs: POLL_MS } },
      "calibration",
    );
    const { ready } = this.#server;
    const servers = [
      { server: 0, address: `${ready.host}:${ready.port}`, weight: 1, elsewhere: false },
    ];
    const listen = `${HOST}:${nginxPort}`;
    this.#nginx = new Nginx("nginx", {
      folder: join(this.#folder, "nginx"),
      listen,
      nginx,
      servers,
    });
    await this.#nginx.start();
    this.#load = new OpenLoop(`http://${listen}`, this.#interrupt);
    await this.#load.warmUp(WARM_UP_REQUESTS);
  }

  send(dueMs: readonly number[]): Promise<Sample> {
    return this.#load!.send(dueMs);
  }

  async use(): Promise<Use> {
    const { host, port } = this.#server!.ready;
    const page = await readMetrics(`http://${host}:${port}`);
    return {
      serverBusyUs: page.sum("onceonly_event_loop_busy_seconds_total") * 1e6,
      nginxUs: this.#nginx!.workers().reduce((sum, pid) => sum + processorUs(pid), 0),
    };
  }

  async pings(count: number): Promise<number[]> {
    const tripsMs: number[] = [];
    for (let i = 0; i < count; i += 1) {
      await sleep(PING_GAP_MS);
      this.#interrupt.check();
      const startMs = performance.now();
      await this.#admin!.ping();
      tripsMs.push(performance.now() - startMs);
    }
    return tripsMs;
  }

  /** Of calls with one item and with many, which tells the two parts of the cost apart. */
  async redisCost(): Promise<RedisCost> {
    await this.#openSale(COST_SALE, 2 * COST_CALLS * (1 + COST_ITEMS));
    // The first calls compile nothing, but find memory that was never touched.
    await this.#reserve(COST_SALE, 0, COST_CALLS, 1);
    const one = await this.#costOf(COST_CALLS, COST_CALLS, 1);
    const many = await this.#costOf(2 * COST_CALLS, COST_CALLS, COST_ITEMS);
    const itemUs = Math.max(0, (many - one) / (COST_ITEMS - 1));
    return { callUs: Math.max(0, one - itemUs), itemUs };
  }

  async stop(): Promise<void> {
    this.#load?.close();
    await this.#nginx?.stop();
    this.#server?.signal("SIGKILL");
    await this.#server?.exited;
    this.#admin?.disconnect();
    await this.#redis?.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    releaseFolder(this.#folder);
  }

  async #openSale(saleId: string, total: number): Promise<void> {
    const { address } = this.#redis!;
    const counter = await connectCounter({ address, saleId, strategy: preDeduct });
    await counter.call({ script: "init", total, epoch: EPOCH }, TIMEOUT_MS);
    await counter.call({ script: "open", epoch: EPOCH }, TIMEOUT_MS);
    await counter.close();
  }

  /** One call after the other, each for so many tickets under ids of their own. */
  async #reserve(saleId: string, first: number, calls: number, items: number): Promise<void> {
    const { address } = this.#redis!;
    const counter = await connectCounter({ address, saleId, strategy: preDeduct });
    for (let call = first; call < first + calls; call += 1) {
      this.#interrupt.check();
      await counter.call(reserveCall(call, items), TIMEOUT_MS);
    }
    await counter.close();
  }

  /** Microseconds of Redis' processor time for a call. */
  async #costOf(first: number, calls: number, items: number): Promise<number> {
    const beforeUs = processorUs(this.#redis!.pid);
    await this.#reserve(COST_SALE, first, calls, items);
    return (processorUs(this.#redis!.pid) - beforeUs) / calls;
  }
}

function reserveCall(call: number, count: number): CounterCall {
  const items = Array.from({ length: count }, (_, i) => ({
    id: `r-${call}-${i}`,
    qty: 1,
    buyer: "",
    maxPerBuyer: 0,
    ttlMs: LONG_MS,
    requestDeadlineMs: 0,
  }));
  return { script: "reserve", epoch: EPOCH, server: "nobody", incarnation: 0, items };
}

/** Time that the main thread of a process has run so far: Linux counts it in nanoseconds. */
function processorUs(pid: number): number {
  const file = `/proc/${pid}/schedstat`;
  try {
    const [ranNs] = readFileSync(file, "utf8").split(" ", 1);
    return Number(ranNs) / 1000;
  } catch (error) {
    throw new EnvironmentError(
      `${file}: ${reasonOf(error)}; a calibration needs Linux with CONFIG_SCHED_INFO`,
    );
  }
}
