/** Replays an IPVS recording with the model, and shows every pick and every counter. */
import { FIN_BY_CLIENT, RST_BY_CLIENT, finalState } from "../../sim/network/lvs/connection-end.ts";
import type { ConnectionEnd, TcpState } from "../../sim/network/lvs/connection-end.ts";
import { REFUSED, VirtualServer } from "../../sim/network/lvs/virtual-server.ts";
import type { VirtualServerConfig } from "../../sim/network/lvs/virtual-server.ts";
import { UnknownShape } from "./adapter.ts";
import { readAddress } from "./ipvs-recording.ts";
import type { Client, Conns, IpvsEvent, IpvsScenario } from "./ipvs-recording.ts";

const NS_PER_SECOND = 1e9;
/** The recorder's usual client, where a refused connection's source is not recorded. */
const USUAL_CLIENT: Client = { ip: 0x0a010001, port: null };
const EPHEMERAL_PORTS = { first: 32768, last: 60999 };

/** What a replay shows to whoever looks on. */
export interface IpvsObserver {
  pick(where: string, recorded: string, modelled: string, state: () => string): void;
  /** The counters as the recorder read them, against the model's at that time. */
  counters(where: string, recorded: Conns, modelled: Conns): void;
  /** A whole number of seconds that an entry had left, against what the model's has. */
  secondsLeft(where: string, recorded: number, modelled: number): void;
}

/** How to build the model; deliberately wrong models build it otherwise. */
export type BuildVirtualServer = (config: VirtualServerConfig) => VirtualServer;

// `twos` exists in no recorded kernel, so nothing ever draws.
export const buildVirtualServer: BuildVirtualServer = (config) =>
  new VirtualServer(config, () => {
    throw new UnknownShape("scheduler twos without its draws");
  });

interface Connection {
  readonly server: number;
  readonly client: Client;
  /** What its end left behind; null while it is open. */
  entry: { readonly state: TcpState; readonly expiryNs: number } | null;
}

/** Returns the real servers in the order in which the model's list ends. */
export function replayIpvs(
  scenario: IpvsScenario,
  observer: IpvsObserver,
  build: BuildVirtualServer = buildVirtualServer,
): readonly string[] {
  return new Replay(scenario, observer, build).run();
}

class Replay {
  readonly #scenario: IpvsScenario;
  readonly #observer: IpvsObserver;
  readonly #build: BuildVirtualServer;
  readonly #service: VirtualServer;
  /** Real servers by id: the order in which the recording first names them. */
  readonly #dests: string[] = [];
  readonly #connections = new Map<string, Connection>();
  readonly #connectionOfClient = new Map<string, Connection>();
  #nowNs = 0;

  constructor(scenario: IpvsScenario, observer: IpvsObserver, build: BuildVirtualServer) {
    this.#scenario = scenario;
    this.#observer = observer;
    this.#build = build;
    this.#service = build(scenario.config);
  }

  run(): readonly string[] {
    const { events, samples } = this.#scenario;
    const shiftSeconds = clockShiftSeconds(events);
    for (const event of events) this.#step(event, shiftSeconds);
    for (const sample of samples) {
      const where = `sample at +${sample.seconds} s`;
      const sampleNs = this.#nowNs + Math.round(sample.seconds * NS_PER_SECOND);
      this.#service.advance(sampleNs);
      this.#observer.counters(where, sample.conns, this.#counters());
      this.#compareEntries(where, sample.entries, sampleNs);
    }
    return this.#service.order.map((id) => this.#dests[id]);
  }

  #step(event: IpvsEvent, shiftSeconds: number): void {
    const service = this.#service;
    switch (event.op) {
      case "add":
        service.addServer(this.#idOf(event.dest), event.weight, {
          upper: event.upper,
          lower: event.lower,
          ip: readAddress(event.dest).ip,
        });
        break;
      case "edit":
        service.editServer(this.#idOf(event.dest), event.weight, event);
        break;
      case "del":
        service.removeServer(this.#idOf(event.dest), this.#nowNs);
        break;
      case "open":
        this.#moveTo(event.seconds + shiftSeconds);
        this.#open(event);
        break;
      case "close":
        this.#moveTo(event.seconds);
        this.#close(event.id, event.rst ? RST_BY_CLIENT : FIN_BY_CLIENT);
        break;
      case "sysctl":
        this.#sysctl(event.key, event.value);
        break;
      case "note":
        break;
      default:
        throw new UnknownShape(`event ${JSON.stringify(event)}`);
    }
  }

  #open(event: Extract<IpvsEvent, { op: "open" }>): void {
    this.#service.advance(this.#nowNs);
    if (event.conns !== null) {
      this.#observer.counters(`before ${event.id}`, event.conns, this.#counters());
    }
    const client = event.client ?? USUAL_CLIENT;
    const before = JSON.stringify(this.#counters());
    const id = this.#connect(client);
    const recorded = event.pick ?? "refused";
    const modelled = id === REFUSED ? "refused" : this.#dests[id];
    this.#observer.pick(event.id, recorded, modelled, () => `[active, inactive] ${before}`);
    if (id === REFUSED) return;
    const connection: Connection = { server: id, client, entry: null };
    this.#connections.set(event.id, connection);
    this.#reusePort(client, connection);
  }

  #connect(client: Client): number {
    const port = client.port ?? this.#portThatIsRefused(client.ip);
    return this.#service.connect(client.ip, port, this.#nowNs);
  }

  /**
   * The port of a refused connection is not recorded. Where picks depend on it, any port that the
   * model refuses explains the recording.
   */
  #portThatIsRefused(ip: number): number {
    if (!(this.#scenario.config.flags?.port ?? false)) return 0;
    const probe = this.#build(this.#scenario.config);
    for (const id of this.#service.order.toReversed()) {
      const server = this.#service.server(id)!;
      probe.addServer(id, server.lastWeight, { ip: server.ip, port: server.port });
      probe.editServer(id, server.weight);
    }
    for (let port = EPHEMERAL_PORTS.first; port <= EPHEMERAL_PORTS.last; port += 1) {
      if (probe.connect(ip, port, 0) === REFUSED) return port;
    }
    return 0;
  }

  #reusePort(client: Client, connection: Connection): void {
    if (client.port === null) return;
    const key = `${client.ip}:${client.port}`;
    const old = this.#connectionOfClient.get(key);
    this.#connectionOfClient.set(key, connection);
    const entry = old?.entry;
    if (old === undefined || entry === undefined) return;
    if (entry === null) throw new UnknownShape(`two open connections from ${key}`);
    if (entry.expiryNs <= this.#nowNs) return;
    // Entries under a persistence template are exempt from conn_reuse_mode.
    if (this.#scenario.config.persistenceSeconds !== undefined) {
      throw new UnknownShape(`reused port ${key} with persistence`);
    }
    this.#service.portReused(old.server, entry.expiryNs, this.#nowNs);
    old.entry = { state: entry.state, expiryNs: this.#nowNs };
  }

  #close(id: string, end: ConnectionEnd): void {
    const connection = this.#connections.get(id);
    // The model refused what the real director accepted: that pick has been reported already.
    if (connection === undefined) return;
    const { server, client } = connection;
    const expiryNs = this.#service.closed(server, end, this.#nowNs, client.ip);
    connection.entry = { state: finalState(this.#scenario.config.mode, end), expiryNs };
  }

  #sysctl(key: string, value: number): void {
    if (key === "expire_quiescent_template") this.#service.expireQuiescentTemplate = value === 1;
    else if (key === "expire_nodest_conn") this.#service.expireNodestConn = value === 1;
    else if (key !== "conn_reuse_mode" || value !== 1) {
      throw new UnknownShape(`sysctl ${key} = ${value}`);
    }
  }

  /** Entries of the same state are told apart by their time left only. */
  #compareEntries(where: string, recorded: readonly (readonly [string, number])[], nowNs: number) {
    const left = new Map<string, number[]>();
    for (const { entry } of this.#connections.values()) {
      if (entry === null || entry.expiryNs <= nowNs) continue;
      const times = left.get(entry.state) ?? [];
      times.push((entry.expiryNs - nowNs) / NS_PER_SECOND);
      left.set(entry.state, times);
    }
    for (const times of left.values()) times.sort((a, b) => a - b);
    for (const [state, seconds] of recorded.toSorted((a, b) => a[1] - b[1])) {
      const modelled = left.get(state)?.shift();
      this.#observer.secondsLeft(`${where}: ${state}`, seconds, modelled ?? 0);
    }
    for (const [state, times] of left) {
      for (const time of times) this.#observer.secondsLeft(`${where}: ${state}, gone`, 0, time);
    }
  }

  #counters(): Conns {
    const conns: Record<string, readonly [number, number]> = {};
    for (const id of this.#service.order) {
      const { active, inactive } = this.#service.server(id)!;
      conns[this.#dests[id]] = [active, inactive];
    }
    return conns;
  }

  #idOf(dest: string): number {
    const known = this.#dests.indexOf(dest);
    return known >= 0 ? known : this.#dests.push(dest) - 1;
  }

  #moveTo(seconds: number): void {
    this.#nowNs = Math.max(this.#nowNs, Math.round(seconds * NS_PER_SECOND));
  }
}

/**
 * One recording stamps its opens and its closes by two clocks that differ by a constant. The list
 * is in true order, so the least shift of the opens that restores this order makes them one.
 */
function clockShiftSeconds(events: readonly IpvsEvent[]): number {
  let shift = 0;
  let lastClose = 0;
  for (const event of events) {
    if (event.op === "close") lastClose = event.seconds;
    else if (event.op === "open") shift = Math.max(shift, lastClose - event.seconds);
  }
  return shift;
}
