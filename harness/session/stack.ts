/**
 * The machines of one sale as real processes: Redis, order database, order workers, ticket servers,
 * nginx, and between them the proxies that the fault plan needs.
 */
import type { Strategy } from "../../core/strategy.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { Randomness } from "../../sim/kernel/random.ts";
import type { RunConfig } from "../../sim/result.ts";
import { slicesOf } from "../../sim/scenario/slices.ts";
import { EPOCH, serverConfig, workerConfig } from "../../sim/world/process-configs.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import type { Topology } from "../../sim/world/topology.ts";
import { noLoadFaults } from "../load/faults.ts";
import { FrontLink } from "../nemesis/front-link.ts";
import { linksNeeded } from "../nemesis/real-faults.ts";
import type { LinksNeeded } from "../nemesis/real-faults.ts";
import { NginxControl } from "../nemesis/nginx-control.ts";
import { RedisControl } from "../nemesis/redis-control.ts";
import { RedisLink } from "../nemesis/redis-link.ts";
import type { RedisWeather } from "../nemesis/redis-link.ts";
import type { Stage, StagedServer, StagedWorker } from "../nemesis/stage.ts";
import { startOrderStore } from "../orders/provision.ts";
import type { RunningOrderStore } from "../orders/provision.ts";
import { Machine } from "../processes/machine.ts";
import type { MachineOptions } from "../processes/machine.ts";
import { Supervisor } from "../processes/supervisor.ts";
import { freePorts } from "../provision/ports.ts";
import type { RedisAddress } from "../redis/address.ts";
import { connectCounter } from "../redis/counter-client.ts";
import type { CounterClient } from "../redis/counter-client.ts";
import { startRedis } from "../redis/redis-server.ts";
import { takeIncarnation } from "../redis/start-count.ts";
import type { TicketServerConfig } from "../ticket-server/config.ts";
import { buildFronts } from "./fronts.ts";
import type { RunFolder } from "./run-folder.ts";

const NGINX_PORT = 8080;
/**
 * Of Redis, and of the proxies between nginx and the servers. Faults let these ports go for a
 * while, so they are none that the system gives to outgoing connections.
 */
const REDIS_PORT = 16_379;
const LINK_PORT = 17_001;
const HOST = "127.0.0.1";
const CALL_TIMEOUT_MS = 5000;
/** A drain takes as long as the slowest call; what hangs longer is killed. */
const END_MS_MAX = 25_000;

const SERVER_ENTRY = new URL("../ticket-server/main.ts", import.meta.url);
const WORKER_ENTRY = new URL("../orders/worker-main.ts", import.meta.url);

export interface StackOptions {
  readonly config: RunConfig;
  readonly strategy: Strategy;
  readonly saleId: string;
  readonly folder: RunFolder;
  /** `auto`, `postgres`, `pglite` or a URL. */
  readonly db: string;
  /** First port of the ticket servers. */
  readonly port: number;
  readonly interrupt: Interrupt;
  /** Somebody else's Redis, on which no fault can happen; absent: one of our own. */
  readonly redis?: RedisAddress;
  /** Demands a Redis that keeps what it acknowledges. */
  readonly production?: boolean;
  /** The published demo's stat.log. */
  readonly statLog?: TicketServerConfig["statLog"];
  /** Without nginx, servers are asked directly. */
  readonly hasNginx?: boolean;
  /** Hears what a person should know: ports that were taken, which database it is. */
  readonly note: (line: string) => void;
}

/** What has been started, in this order; it is stopped in the reverse. */
type Stopper = () => Promise<void> | void;

export class Stack implements Stage {
  readonly #options: StackOptions;
  readonly #stoppers: Stopper[] = [];
  readonly supervisor: Supervisor;
  readonly topology: Topology;
  readonly redisWeather: RedisWeather = {
    requestsLost: 0,
    repliesLost: 0,
    duplicates: 0,
    delayMs: 0,
  };
  readonly load = noLoadFaults();
  /** With which the servers start: 0 but for a sale that others have taken up before. */
  #incarnation = 0;
  /** null if the strategy has no counter, or if Redis is somebody else's. */
  redis: RedisControl | null = null;
  /** null if the strategy has no counter. */
  redisAddress: RedisAddress | null = null;
  orderStore: RunningOrderStore | null = null;
  /** Our own connection to the counter, past every proxy; null if the strategy has none. */
  counter: CounterClient | null = null;
  servers: readonly StagedServer[] = [];
  workers: readonly StagedWorker[] = [];
  nginx: readonly NginxControl[] = [];
  /** Base URLs of the proxies. */
  fronts: readonly string[] = [];
  /** Of the ticket servers, by number. */
  serverPorts: readonly number[] = [];

  constructor(options: StackOptions) {
    this.#options = options;
    this.supervisor = new Supervisor(options.note);
    this.topology = buildTopology(options.config.scenario);
  }

  /** The ticket servers that would answer now, by base URL, and which process it is. */
  get servingServers(): readonly { readonly url: string; readonly process: string }[] {
    return this.servers.flatMap(({ machine }, i) =>
      machine.isServing
        ? [
            {
              url: `http://${HOST}:${this.serverPorts[i]}`,
              process: `${machine.name}/${machine.incarnation}`,
            },
          ]
        : [],
    );
  }

  /**
   * Starts everything and opens the sale. If it fails, `stop` still has to be called.
   * @throws Interrupted, MissingProgram, EnvironmentError, ChildFailed, NginxFailed, NoFreePort
   */
  async start(openSale: (stack: Stack) => Promise<void>): Promise<void> {
    const { config, interrupt } = this.#options;
    const needed = linksNeeded(config.plan);
    const steps: readonly (() => Promise<void>)[] = [
      () => this.#startStores(),
      () => this.#setUpCounter(),
      () => openSale(this),
      () => this.#buildWorkers(needed),
      () => this.#buildServers(needed),
      () => this.#startProcesses(),
      () => this.#startNginx(),
    ];
    for (const step of steps) {
      interrupt.check();
      await step();
    }
    interrupt.check();
  }

  async #startProcesses(): Promise<void> {
    const machines = [...this.workers, ...this.servers].map(({ machine }) => machine);
    // All of them first, so that none is left starting when another has failed.
    const started = await Promise.allSettled(machines.map((machine) => machine.start()));
    for (const outcome of started) if (outcome.status === "rejected") throw outcome.reason;
  }

  /** Ends everything, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stoppers.splice(0).toReversed()) await stop();
  }

  stallDatabase(isStalled: boolean): void {
    if (isStalled) this.orderStore?.stall();
    else this.orderStore?.resume();
  }

  async #startStores(): Promise<void> {
    const { config, strategy, saleId, folder, db, note } = this.#options;
    const { sale, orders } = config.scenario;
    const usesCounter = strategy.authority === "counter";
    // Without an outbox there are no orders, unless they are the stock itself.
    const usesOrders = !usesCounter || strategy.counter.outbox !== null;
    if (usesCounter && this.#options.redis !== undefined) {
      this.redisAddress = this.#options.redis;
    } else if (usesCounter) {
      // A restart must find what was acknowledged a moment before it.
      const restarts = config.plan.episodes.some(({ kind }) => kind === "redis-restart");
      const [port] = await freePorts(REDIS_PORT, 1);
      const redis = await startRedis({
        port,
        directory: folder.folder("redis"),
        persistence: restarts ? "always" : "everysec",
      });
      this.redis = new RedisControl(redis);
      this.redisAddress = redis.address;
      this.#stoppers.push(() => redis.stop());
    }
    if (usesOrders) {
      this.orderStore = await startOrderStore({
        db,
        saleId,
        tickets: sale.tickets,
        directory: folder.folder("orders"),
        connections: orders.connections,
        queueLimit: orders.queueLimit,
      });
      const { orderStore } = this;
      this.#stoppers.push(() => orderStore.stop());
      note(`order database: ${orderStore.describe}`);
    }
  }

  async #setUpCounter(): Promise<void> {
    if (this.redisAddress === null) return;
    const { config, strategy, saleId } = this.#options;
    const counter = await connectCounter({ address: this.redisAddress, saleId, strategy });
    this.counter = counter;
    this.#stoppers.push(() => counter.close());
    const { tickets } = config.scenario.sale;
    const init = { script: "init", total: tickets, epoch: EPOCH } as const;
    const { code } = await counter.call(init, CALL_TIMEOUT_MS);
    if (code === "CONFLICT")
      throw new EnvironmentError(
        `the sale ${saleId} is on in this Redis with another number of tickets than ${tickets}; ` +
          "set sale.tickets to that, or take another name",
      );
    // In a Redis of our own no sale was on before.
    if (this.#options.redis !== undefined)
      this.#incarnation = await takeIncarnation(this.redisAddress, saleId, code === "OK");
  }

  async #buildServers(needed: LinksNeeded): Promise<void> {
    const { config, strategy, saleId, port: wanted, note } = this.#options;
    const shares = slicesOf(config.scenario);
    const count = this.topology.servers.length;
    this.serverPorts = await freePorts(wanted, count);
    if (this.serverPorts[count - 1] !== wanted + count - 1)
      note(`ports from ${wanted} on are taken in part: servers use ${this.serverPorts.join(", ")}`);
    const linkPorts = await freePorts(LINK_PORT, count, this.serverPorts);
    this.servers = await Promise.all(
      this.serverPorts.map(async (port, server) => {
        const name = this.topology.servers[server];
        const redisLink = await this.#redisLink(name, needed.redisOfServer(server));
        const frontLink = needed.frontOfServer(server)
          ? new FrontLink({ host: HOST, port }, linkPorts[server])
          : null;
        await frontLink?.open();
        const configOf = (incarnation: number): TicketServerConfig => ({
          host: HOST,
          port,
          server: serverConfig(config.scenario, saleId, {
            name,
            incarnation: this.#incarnation + incarnation,
            slice: shares[server],
          }),
          strategy: config.strategy,
          redis: this.#redisThrough(redisLink),
          orderStore: strategy.authority === "database" ? this.orderStore!.address : null,
          production: this.#options.production ?? false,
          statLog: this.#options.statLog ?? null,
        });
        const machine = this.#machine({ name, entry: SERVER_ENTRY, configOf });
        return { machine, redisLink, frontLink };
      }),
    );
    this.#stoppers.push(async () => {
      await Promise.all(this.servers.map(({ machine }) => machine.end(END_MS_MAX)));
      for (const { frontLink } of this.servers) frontLink?.close();
    });
  }

  async #buildWorkers(needed: LinksNeeded): Promise<void> {
    const { config, strategy } = this.#options;
    if (strategy.counter.outbox === null || this.orderStore === null) return;
    const orderStore = this.orderStore.address;
    this.workers = await Promise.all(
      this.topology.workers.map(async (name) => {
        const redisLink = await this.#redisLink(name, needed.redisOfWorkers);
        const configOf = (): unknown => ({
          worker: workerConfig(config.scenario, name),
          redis: this.#redisThrough(redisLink),
          saleId: this.#options.saleId,
          strategy: config.strategy,
          orderStore,
        });
        const machine = this.#machine({ name, entry: WORKER_ENTRY, configOf });
        return { machine, armAfterCommit: () => machine.signal("SIGUSR2") };
      }),
    );
    this.#stoppers.push(async () => {
      await Promise.all(this.workers.map(({ machine }) => machine.end(END_MS_MAX)));
    });
  }

  #machine(options: Pick<MachineOptions, "name" | "entry" | "configOf">): Machine {
    return new Machine({
      ...options,
      directory: this.#options.folder.folder("processes"),
      onUnplannedDeath: (machine, death) => this.supervisor.died(machine, death),
    });
  }

  async #startNginx(): Promise<void> {
    const { config, folder, note, hasNginx = true } = this.#options;
    const { topology } = this;
    if (!hasNginx) return;
    const ports = await freePorts(NGINX_PORT, topology.nginx.length, this.serverPorts);
    const proxies = buildFronts({
      scenario: config.scenario,
      topology,
      folder,
      servers: this.serverPorts.map(
        (port, server) => this.servers[server].frontLink?.address ?? { host: HOST, port },
      ),
      listens: ports.map((port) => `${HOST}:${port}`),
    });
    this.nginx = proxies.map((nginx) => new NginxControl(nginx));
    this.fronts = proxies.map(({ listen }) => `http://${listen}`);
    for (const nginx of proxies) {
      this.#stoppers.push(() => nginx.stop());
      await nginx.start();
    }
    if (ports[0] !== NGINX_PORT) note(`port ${NGINX_PORT} is taken: nginx listens on ${ports[0]}`);
  }

  async #redisLink(name: string, isNeeded: boolean): Promise<RedisLink | null> {
    if (!isNeeded || this.redisAddress === null) return null;
    const draws = new Randomness(this.#options.config.seed).stream(`harness/redis/${name}`);
    const link = new RedisLink(this.redisAddress, this.redisWeather, draws);
    await link.open();
    this.#stoppers.push(() => link.close());
    return link;
  }

  #redisThrough(link: RedisLink | null): RedisAddress | null {
    return link === null ? this.redisAddress : { ...link.address, cluster: false };
  }
}
