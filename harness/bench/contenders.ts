/** The servers that are measured, each a process of its own, and the Redis behind them. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { article } from "../../core/strategies/article.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { checkScenario } from "../../sim/scenario/load.ts";
import { EPOCH } from "../../sim/world/process-configs.ts";
import { Nginx } from "../nginx/nginx-process.ts";
import { startChild } from "../processes/child.ts";
import type { Child } from "../processes/child.ts";
import { guardFolder, releaseFolder } from "../processes/guard.ts";
import { readProcStat } from "../processes/proc-stat.ts";
import { freePorts } from "../provision/ports.ts";
import { connectCounter } from "../redis/counter-client.ts";
import { startRedis } from "../redis/redis-server.ts";
import type { RunningRedis } from "../redis/redis-server.ts";
import type { TicketServerReady } from "../ticket-server/config.ts";
import { measuredServer } from "../ticket-server/measured.ts";

/** Whom the load reaches directly, and what each must answer, or something else is measured. */
export const DIRECT = {
  bare: "SOLDOUT",
  refusals: "SOLDOUT",
  allRedis: "ACK",
  lock: "ACK",
} as const;
/** Four processes behind nginx. */
export const FRONTED = { nginxRefusals: "SOLDOUT", nginxAllRedis: "ACK" } as const;
const EXPECTED = { ...DIRECT, ...FRONTED };
export type Contender = keyof typeof EXPECTED;

const HOST = "127.0.0.1";
const NGINX_PORT = 8090;
const PROCESSES_BEHIND_NGINX = 4;
const TIMEOUT_MS = 5000;
const HOLD_MS = 900_000_000;
/** More tickets than any run can sell. */
const PLENTY = 900_000_000;
/** Whose sale is which. `sold-out` has one ticket, which nobody gets. */
const SALES = { soldOut: "sold-out", plenty: "plenty", locked: "locked" } as const;

interface Started {
  readonly url: string;
  readonly pid: number;
}

export class Contenders {
  readonly #folder = mkdtempSync(join(tmpdir(), "onceonly-bench-"));
  readonly #children: Child<TicketServerReady>[] = [];
  readonly #nginx: Nginx[] = [];
  readonly #urls = new Map<Contender, string>();
  /** The server processes of each, without nginx and Redis. */
  readonly #pids = new Map<Contender, readonly number[]>();
  #redis: RunningRedis | null = null;

  constructor() {
    guardFolder(this.#folder);
    // nginx runs as another user, and must reach what is its own below.
    chmodSync(this.#folder, 0o711);
  }

  /** If it throws, `stop` still has to be called. */
  async start(): Promise<void> {
    this.#redis = await startRedis({ directory: this.#folder, persistence: "none" });
    await this.renewSales();
    const lock = { redis: this.#redis.address, saleId: SALES.locked, tickets: PLENTY };
    await this.#startAlone("bare", () => this.#startProcess("bare", "bare-server.ts", {}));
    await this.#startAlone("lock", () => this.#startProcess("lock", "lock-server.ts", lock));
    await this.#startAlone("refusals", () => this.#startTicketServer("refusals", SALES.soldOut));
    await this.#startAlone("allRedis", () => this.#startTicketServer("all-redis", SALES.plenty));
    await this.#startBehindNginx("nginxRefusals", SALES.soldOut);
    await this.#startBehindNginx("nginxAllRedis", SALES.plenty);
  }

  urlOf(contender: Contender): string {
    return `${this.#urls.get(contender)!}/buy/ticket`;
  }

  /** Processor time that its server processes have had so far, in microseconds. */
  cpuUsOf(contender: Contender): number {
    return this.#pids.get(contender)!.reduce((sum, pid) => sum + cpuUsOf(pid), 0);
  }

  /** @throws EnvironmentError if it does not answer what is to be measured */
  async check(contender: Contender): Promise<void> {
    const answer = await (await fetch(this.urlOf(contender))).text();
    if (!answer.includes(`"result":"${EXPECTED[contender]}"`))
      throw new EnvironmentError(`${contender} answers ${answer}, not ${EXPECTED[contender]}`);
  }

  /**
   * Empties Redis and opens every sale anew, so that nobody is measured on what the rounds before
   * have left. To the servers the new counters look as the old ones did at the start.
   */
  async renewSales(): Promise<void> {
    const { host, port } = this.#redis!.address;
    const admin = new Redis({ host, port, maxRetriesPerRequest: 0, retryStrategy: null });
    await admin.flushall();
    admin.disconnect();
    await this.#openSale(SALES.soldOut, 1, preDeduct);
    await this.#openSale(SALES.plenty, PLENTY, preDeduct);
    await this.#openSale(SALES.locked, PLENTY, article);
  }

  async stop(): Promise<void> {
    for (const nginx of this.#nginx) await nginx.stop();
    for (const child of this.#children) child.signal("SIGTERM");
    await Promise.all(this.#children.map(({ exited }) => exited));
    await this.#redis?.stop();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    releaseFolder(this.#folder);
  }

  async #openSale(saleId: string, total: number, strategy: Strategy): Promise<void> {
    const { address } = this.#redis!;
    const counter = await connectCounter({ address, saleId, strategy });
    await counter.call({ script: "init", total, epoch: EPOCH }, TIMEOUT_MS);
    await counter.call({ script: "open", epoch: EPOCH }, TIMEOUT_MS);
    if (saleId === SALES.soldOut) {
      const whose = { server: "nobody", incarnation: 0 };
      const buyer = { id: "all", qty: 1, buyer: "", maxPerBuyer: 0 };
      const items = [{ ...buyer, ttlMs: HOLD_MS, requestDeadlineMs: 0 }];
      await counter.call({ script: "reserve", epoch: EPOCH, ...whose, items }, TIMEOUT_MS);
    }
    await counter.close();
  }

  async #startAlone(contender: Contender, start: () => Promise<Started>): Promise<void> {
    const { url, pid } = await start();
    this.#urls.set(contender, url);
    this.#pids.set(contender, [pid]);
  }

  async #startBehindNginx(contender: Contender, saleId: string): Promise<void> {
    const names = Array.from({ length: PROCESSES_BEHIND_NGINX }, (_, i) => `${contender}-${i}`);
    const started = await Promise.all(names.map((name) => this.#startTicketServer(name, saleId)));
    const [port] = await freePorts(NGINX_PORT + this.#nginx.length, 1);
    const nginx = new Nginx(contender, {
      folder: join(this.#folder, contender),
      listen: `${HOST}:${port}`,
      nginx: checkScenario({}, "defaults").nginx,
      servers: started.map(({ url }, server) => ({
        server,
        address: url.slice("http://".length),
        weight: 1,
        elsewhere: false,
      })),
    });
    this.#nginx.push(nginx);
    await nginx.start();
    this.#urls.set(contender, `http://${HOST}:${port}`);
    this.#pids.set(
      contender,
      started.map(({ pid }) => pid),
    );
  }

  #startTicketServer(name: string, saleId: string): Promise<Started> {
    const config = measuredServer({
      name,
      saleId,
      tickets: PLENTY,
      holdMs: HOLD_MS,
      redis: this.#redis!.address,
    });
    return this.#startProcess(name, "../ticket-server/main.ts", config);
  }

  async #startProcess(name: string, module: string, config: unknown): Promise<Started> {
    const child = await startChild<TicketServerReady>({
      name,
      entry: new URL(module, import.meta.url),
      config,
      directory: this.#folder,
    });
    this.#children.push(child);
    return { url: `http://${child.ready.host}:${child.ready.port}`, pid: child.pid };
  }
}

/** Of a tick, in microseconds. */
const US_PER_TICK = 10_000;

function cpuUsOf(pid: number): number {
  return (readProcStat(pid)?.cpuTicks ?? 0) * US_PER_TICK;
}
