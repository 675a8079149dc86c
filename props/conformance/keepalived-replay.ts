/**
 * Replays a keepalived recording: requests through IPVS while servers fail and come back.
 *
 * When keepalived acts depends on the phase of its checks, which is not recorded; *what* it then
 * does, and every pick after it, is the model's. A change of the recorded table therefore tells
 * the model only that a checker's opinion flipped, and must lie within the bounds of the check.
 */
import {
  detectionBounds,
  recoveryBounds,
} from "../../sim/network/lvs/keepalived/health-checker.ts";
import type { Condition } from "../../sim/network/lvs/keepalived/health-checker.ts";
import { ServerPool } from "../../sim/network/lvs/keepalived/server-pool.ts";
import type { PoolConfig } from "../../sim/network/lvs/keepalived/server-pool.ts";
import {
  FIN_BY_CLIENT,
  SYN_REFUSED,
  SYN_UNANSWERED,
} from "../../sim/network/lvs/connection-end.ts";
import { REFUSED } from "../../sim/network/lvs/virtual-server.ts";
import type { VirtualServer } from "../../sim/network/lvs/virtual-server.ts";
import type { DecisionSink } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import { fields, list, number, text } from "./ipvs-fields.ts";
import { buildVirtualServer } from "./ipvs-replay.ts";
import type { BuildVirtualServer } from "./ipvs-replay.ts";
import type { KeepalivedConfig } from "./keepalived-config.ts";

const NS_PER_SECOND = 1e9;
const CLIENT_IP = 0x0a010001;
/** What the recorder's own steps take in the emulated guest. */
const RECORDER_SECONDS = 0.1;

/** The model's parts; deliberately wrong models replace one or another. */
export interface KeepalivedModel {
  readonly build: BuildVirtualServer;
  readonly buildPool: (service: VirtualServer, config: PoolConfig, nowNs: number) => ServerPool;
  readonly detection: typeof detectionBounds;
  readonly recovery: typeof recoveryBounds;
  /** The condition that a request meets at the server that IPVS picked. */
  readonly meet: (condition: Condition) => Condition;
}

export const keepalivedModel: KeepalivedModel = {
  build: buildVirtualServer,
  buildPool: (service, config, nowNs) => new ServerPool(service, config, nowNs),
  detection: detectionBounds,
  recovery: recoveryBounds,
  meet: (condition) => condition,
};

/** A real server's true condition, and what ended by it. */
interface Health {
  condition: Condition;
  sinceSeconds: number;
  /** The last condition that was not "serving". */
  lastFailure: "refused" | "blackhole";
}

export function replayKeepalived(
  config: KeepalivedConfig,
  events: readonly unknown[],
  sink: DecisionSink,
  model: KeepalivedModel,
): void {
  const replay = new KeepalivedReplay(config, sink, model);
  for (const event of events) replay.step(list(event, "event"));
}

class KeepalivedReplay {
  readonly #config: KeepalivedConfig;
  readonly #sink: DecisionSink;
  readonly #model: KeepalivedModel;
  readonly #service: VirtualServer;
  readonly #health: Health[];
  // keepalived starts while the recorder is already asking: until then the service is empty.
  #pool: ServerPool | null = null;
  #recordedTable = "";
  #lastSeconds = 0;
  #nowNs = 0;

  constructor(config: KeepalivedConfig, sink: DecisionSink, model: KeepalivedModel) {
    this.#config = config;
    this.#sink = sink;
    this.#model = model;
    this.#service = model.build(config.service);
    this.#health = config.addresses.map(() => ({
      condition: "serving",
      sinceSeconds: 0,
      lastFailure: "refused",
    }));
  }

  step(event: readonly unknown[]): void {
    const seconds = number(event[0], "event time");
    const kind = event[1];
    if (kind === "act" && event.length === 3) this.#act(seconds, text(event[2], "act"));
    else if (kind === "ipvs weights" && event.length === 3) {
      this.#table(seconds, fields(event[2], "table"));
    } else if (kind === "req" && event.length === 4) {
      this.#request(seconds, text(event[2], "answer"), number(event[3], "duration"));
    } else throw new UnknownShape(`event ${JSON.stringify(event)}`);
    this.#lastSeconds = seconds;
  }

  /** Recorded times are rounded, so that a request may seem to begin before the last one ended. */
  #moveTo(seconds: number): number {
    this.#nowNs = Math.max(this.#nowNs, Math.round(seconds * NS_PER_SECOND));
    return this.#nowNs;
  }

  #act(seconds: number, act: string): void {
    const match = /^(?:(close|listen|blackhole) (\d+)(?: \(.*\))?|(\d+) (back))$/.exec(act) ?? [];
    const [, verb = match[4], last = match[3]] = match;
    const id = this.#config.addresses.findIndex((address) => address.endsWith(`.${last}`));
    const health = this.#health[id];
    if (health === undefined) throw new UnknownShape(`act ${act}`);
    if (verb === "close") health.condition = health.lastFailure = "refused";
    else if (verb === "blackhole") health.condition = health.lastFailure = "blackhole";
    else health.condition = "serving";
    health.sinceSeconds = seconds;
  }

  /** keepalived's table has been read; where it differs from the model's, opinions have flipped. */
  #table(seconds: number, table: Readonly<Record<string, unknown>>): void {
    const dests = Object.keys(table);
    this.#recordedTable = dests.map((dest) => `${dest}=${String(table[dest])}`).join(" ");
    if (dests.length === 0 && this.#pool === null) return;
    const nowNs = this.#moveTo(seconds);
    this.#pool ??= this.#model.buildPool(this.#service, this.#config.pool, nowNs);
    // The kernel lists the newest first, so what stands last came back first.
    for (const dest of dests.toReversed()) {
      const id = this.#config.addresses.indexOf(dest);
      if (id < 0) throw new UnknownShape(`server ${dest} in the table`);
      if (table[dest] !== 0 && !this.#isInPool(id)) this.#flipUp(id, seconds);
    }
    for (const [id, dest] of this.#config.addresses.entries()) {
      if ((table[dest] ?? 0) === 0 && this.#isInPool(id)) this.#flipDown(id, seconds);
    }
  }

  #flipDown(id: number, seconds: number): void {
    const health = this.#health[id];
    // Only a failing server can go down: otherwise the tables stay apart, and requests show it.
    if (health.condition === "serving") return;
    const check = this.#config.checks[id];
    if (check === undefined) return;
    this.#bound(
      `${this.#config.addresses[id]} down`,
      id,
      seconds,
      this.#model.detection(check, health.condition),
    );
    this.#pool?.serverDown(id, this.#nowNs);
  }

  #flipUp(id: number, seconds: number): void {
    const health = this.#health[id];
    if (health.condition !== "serving") return;
    const check = this.#config.checks[id];
    if (check === undefined) return;
    // Before any failure it is the start-up under `alpha`, whose first check has no known time.
    if (health.sinceSeconds > 0) {
      this.#bound(
        `${this.#config.addresses[id]} up`,
        id,
        seconds,
        this.#model.recovery(check, health.lastFailure),
      );
    }
    this.#pool?.serverUp(id, this.#nowNs);
  }

  /** The change came at some time between this reading of the table and the one before. */
  #bound(
    where: string,
    id: number,
    seconds: number,
    bounds: ReturnType<typeof detectionBounds>,
  ): void {
    const unseenSeconds = seconds - this.#lastSeconds + RECORDER_SECONDS;
    this.#sink.bound(
      where,
      seconds - this.#health[id].sinceSeconds,
      bounds.lowSeconds,
      bounds.highSeconds + unseenSeconds,
    );
  }

  #request(seconds: number, answer: string, durationSeconds: number): void {
    const table = this.#modelledTable();
    const modelled = this.#answer(seconds, durationSeconds);
    this.#sink.decision(
      `request at ${seconds} s`,
      `${answer} of {${this.#recordedTable}}`,
      `${modelled} of {${table}}`,
      () =>
        this.#health
          .map((health, id) => `${this.#config.addresses[id]} ${health.condition}`)
          .join(", "),
    );
  }

  #answer(seconds: number, durationSeconds: number): string {
    const nowNs = this.#moveTo(seconds);
    const id = this.#service.connect(CLIENT_IP, 0, nowNs);
    if (id === REFUSED) return "ConnectionRefusedError";
    switch (this.#model.meet(this.#health[id].condition)) {
      case "refused":
        this.#service.closed(id, SYN_REFUSED, nowNs, CLIENT_IP);
        return "ConnectionRefusedError";
      case "blackhole":
        this.#service.closed(id, SYN_UNANSWERED, nowNs, CLIENT_IP);
        return "TimeoutError";
      default:
        this.#service.closed(id, FIN_BY_CLIENT, this.#moveTo(seconds + durationSeconds), CLIENT_IP);
        return this.#config.addresses[id].replace(/^.*\./, "");
    }
  }

  #isInPool(id: number): boolean {
    const server = this.#service.server(id);
    return server !== undefined && server.listed && server.weight > 0;
  }

  #modelledTable(): string {
    const entries = this.#service.order.map(
      (id) => `${this.#config.addresses[id]}=${this.#service.server(id)!.weight}`,
    );
    return entries.join(" ");
  }
}
