/**
 * One IPVS virtual service on one director: it picks a real server for each new connection and
 * counts the entries in its connection table.
 *
 * ```ts
 * const service = new VirtualServer({ scheduler: "wrr", mode: "nat" }, () => 0);
 * service.addServer(1, 1);
 * service.addServer(2, 3);
 * const id = service.connect(clientIp, clientPort, nowNs); // 2: the newest server comes first
 * service.closed(id, FIN_BY_CLIENT, nowNs + 1e9); // inactive for 120 s
 * ```
 *
 * Source: Linux 6.1 (6.1.176 and 6.1.192), IPVS 1.2.1; the rules are checked pick by pick against
 * recordings in `props/conformance`.
 */
import {
  EndTable,
  FIN_BY_CLIENT,
  TCP_TIMEOUT_SECONDS,
  clientRepeatsFin,
  endWhileRemoved,
} from "./connection-end.ts";
import type { ConnectionEnd, ForwardingMode, TcpTimeouts } from "./connection-end.ts";
import { PersistenceTable } from "./persistence.ts";
import { RealServer } from "./real-server.ts";
import type { RealServerOptions, Thresholds } from "./real-server.ts";
import { createScheduler } from "./schedulers/create.ts";
import type { SchedulerConfig } from "./schedulers/create.ts";
import type { Scheduler } from "./schedulers/scheduler.ts";

/** `connect` found no server: the client gets ICMP port unreachable, "connection refused". */
export const REFUSED = -1;

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
/** How long a client's kernel goes on repeating a FIN (Linux, tcp_orphan_retries 0 = 8 times). */
const FIN_REPEATED_NS = 100 * NS_PER_SECOND;

export interface VirtualServerConfig extends SchedulerConfig {
  readonly mode: ForwardingMode;
  /** `ipvsadm -p`; absent: no persistence. */
  readonly persistenceSeconds?: number;
  /** `ipvsadm -M` as a number; default 255.255.255.255. */
  readonly persistenceNetmask?: number;
  /** In seconds; what is not given is the kernel's default. */
  readonly timeouts?: Partial<TcpTimeouts>;
  /** sysctl: weight 0 breaks persistence. Default false. */
  readonly expireQuiescentTemplate?: boolean;
  /** sysctl: a packet to a removed server drops the entry at once. Default false. */
  readonly expireNodestConn?: boolean;
  /** Entries expire less than this late. Default 100 ms. */
  readonly expiryBucketMs?: number;
}

export class VirtualServer {
  /** Sysctls may change while the service runs. */
  expireQuiescentTemplate: boolean;
  expireNodestConn: boolean;

  /** The kernel's list: newest first. */
  protected readonly servers: RealServer[] = [];
  readonly #mode: ForwardingMode;
  readonly #scheduler: Scheduler;
  readonly #ends: EndTable;
  readonly #persistence: PersistenceTable | null;
  readonly #bucketNs: number;
  // Removed servers stay here, with the counters that adding them again revives.
  readonly #serverOfId = new Map<number, RealServer>();
  #drainNs = 0;
  #nowNs = 0;

  /**
   * @param draw uniform in [0, 1), called by the scheduler `twos` only
   * @throws RangeError for a scheduler that does not exist
   */
  constructor(config: VirtualServerConfig, draw: () => number) {
    this.#mode = config.mode;
    this.#ends = new EndTable(config.mode, { ...TCP_TIMEOUT_SECONDS, ...config.timeouts });
    this.#bucketNs = (config.expiryBucketMs ?? 100) * NS_PER_MS;
    this.expireQuiescentTemplate = config.expireQuiescentTemplate ?? false;
    this.expireNodestConn = config.expireNodestConn ?? false;
    this.#persistence =
      config.persistenceSeconds === undefined
        ? null
        : new PersistenceTable(config.persistenceSeconds, config.persistenceNetmask ?? 0xffffffff);
    this.#scheduler = this.createScheduler(config, draw);
  }

  /** The listed servers' ids in the order in which schedulers see them: newest first. */
  get order(): readonly number[] {
    return this.servers.map((server) => server.id);
  }

  /** A server's state, listed or removed; undefined if it was never added. */
  server(id: number): Readonly<RealServer> | undefined {
    return this.#serverOfId.get(id);
  }

  /** Entries in the connection table, of removed servers too. */
  get entries(): number {
    let entries = 0;
    for (const server of this.#serverOfId.values()) entries += server.active + server.inactive;
    return entries;
  }

  /** Persistence templates in the table, including some that have expired unnoticed. */
  get templates(): number {
    return this.#persistence?.size ?? 0;
  }

  /**
   * Puts a server at the head of the list. If it was removed earlier, its entries that still live
   * count again.
   *
   * @param weight 0 to 65535
   * @throws RangeError if the server is listed already
   */
  addServer(id: number, weight: number, options: RealServerOptions = {}): void {
    let server = this.#serverOfId.get(id);
    if (server === undefined) {
      server = this.createServer(id, options);
      this.#serverOfId.set(id, server);
      // A server that joins late must not look for expiries from time 0 on.
      server.drain(this.#nowNs);
    }
    if (server.listed) throw new RangeError(`server ${id} is listed already`);
    server.listed = true;
    server.configure(weight, options, true);
    this.#admitRepeatedFins(server);
    const place = this.placeOfNew();
    this.servers.splice(place, 0, server);
    this.#scheduler.added(this.servers, place);
  }

  /** Takes a server out of the list. Its entries live on, and its clients' packets are dropped. */
  removeServer(id: number, nowNs: number): void {
    this.advance(nowNs);
    const server = this.#listed(id);
    const place = this.servers.indexOf(server);
    this.servers.splice(place, 1);
    server.listed = false;
    this.#scheduler.removed(this.servers, place);
  }

  /** Weight 0 takes no new connections, but leaves the old ones and persistence alone. */
  setWeight(id: number, weight: number): void {
    const { upper, lower } = this.#listed(id);
    this.editServer(id, weight, { upper, lower });
  }

  /** As `ipvsadm -e`: thresholds that are not given again are cleared. */
  editServer(id: number, weight: number, thresholds: Thresholds = {}): void {
    this.#listed(id).configure(weight, thresholds, false);
    this.#scheduler.edited(this.servers);
  }

  /**
   * A SYN without an entry: picks a server's id, or REFUSED, and counts the connection as active.
   *
   * @param clientIp unsigned 32-bit
   * @param nowNs virtual time; never less than in an earlier call, whatever that was
   */
  connect(clientIp: number, clientPort: number, nowNs: number): number {
    this.advance(nowNs);
    let server: RealServer | null;
    if (this.#persistence === null) {
      server = this.#scheduler.pick(this.servers, clientIp, clientPort);
      if (server === null) return REFUSED;
    } else {
      server = this.#persistence.lookup(clientIp, nowNs, this.expireQuiescentTemplate);
      server ??= this.#scheduler.pick(this.servers, clientIp, clientPort);
      if (server === null) return REFUSED;
      this.#persistence.opened(clientIp, server, nowNs);
    }
    server.bind();
    return server.id;
  }

  /**
   * A connection to server `id` ended. Its entry lives on for the timeout of the state that the
   * director leaves it in.
   *
   * @param clientIp the client's address; needed if the service is persistent
   * @returns when the entry expires
   * @throws RangeError if the server has no open connection
   */
  closed(id: number, end: ConnectionEnd, nowNs: number, clientIp = 0): number {
    this.advance(nowNs);
    const server = this.#serverOfId.get(id);
    if (server === undefined || server.active === 0) {
      throw new RangeError(`server ${id} has no open connection`);
    }
    const expiryNs = server.listed
      ? this.#end(server, end, nowNs)
      : this.#endWhileRemoved(server, end, nowNs);
    if (this.#persistence !== null) this.#persistence.ended(clientIp, server, expiryNs);
    return expiryNs;
  }

  /**
   * The client has opened a new connection (`connect`) from the address and port of an entry in
   * TIME_WAIT or CLOSE, which makes that entry go at once (sysctl conn_reuse_mode 1).
   *
   * @param expiryNs what `closed` returned for the old connection
   */
  portReused(id: number, expiryNs: number, nowNs: number): void {
    this.advance(nowNs);
    const server = this.#serverOfId.get(id);
    if (server !== undefined && server.closing.remove(expiryNs)) server.unbind(0, 1);
  }

  /**
   * Brings the counters up to `nowNs`; every other call does so by itself.
   *
   * @throws RangeError if time runs backwards
   */
  advance(nowNs: number): void {
    if (nowNs < this.#nowNs) throw new RangeError(`${nowNs} ns after ${this.#nowNs} ns`);
    this.#nowNs = nowNs;
    if (nowNs < this.#drainNs) return;
    for (const server of this.#serverOfId.values()) server.drain(nowNs);
    this.#drainNs = (Math.floor(nowNs / this.#bucketNs) + 1) * this.#bucketNs;
  }

  protected createScheduler(config: VirtualServerConfig, draw: () => number): Scheduler {
    return createScheduler(config, draw);
  }

  protected createServer(id: number, options: RealServerOptions): RealServer {
    return new RealServer(id, options, this.#bucketNs, this.#ends.longestNs);
  }

  /** Where in the list a server is added: the kernel prepends. */
  protected placeOfNew(): number {
    return 0;
  }

  #listed(id: number): RealServer {
    const server = this.#serverOfId.get(id);
    if (server === undefined || !server.listed) throw new RangeError(`server ${id} is not listed`);
    return server;
  }

  #end(server: RealServer, end: ConnectionEnd, nowNs: number): number {
    const expiryNs = nowNs + this.#ends.lifetimeNs[end];
    if (this.#ends.staysActive[end] === 1) {
      server.silent.add(expiryNs);
    } else {
      server.deactivate();
      server.closing.add(expiryNs);
    }
    return expiryNs;
  }

  #endWhileRemoved(server: RealServer, end: ConnectionEnd, nowNs: number): number {
    const seenEnd = endWhileRemoved(this.#mode, end);
    if (seenEnd !== end && this.expireNodestConn) {
      server.unbind(1, 0);
      return nowNs;
    }
    if (!clientRepeatsFin(this.#mode, end)) return this.#end(server, seenEnd, nowNs);
    const expiryNs = nowNs + this.#ends.lifetimeNs[seenEnd];
    server.finDropped.add(expiryNs);
    return expiryNs;
  }

  // Clients repeat their FIN at doubling intervals, so after a server comes back the director soon
  // sees those that were dropped; we let it see them at once. Without this the server would carry
  // phantom active connections for 900 s, and wlc would starve it.
  #admitRepeatedFins(server: RealServer): void {
    const silentNs = this.#ends.lifetimeNs[endWhileRemoved(this.#mode, FIN_BY_CLIENT)];
    const repeated = server.finDropped.takeFrom(this.#nowNs + silentNs - FIN_REPEATED_NS);
    for (let fin = 0; fin < repeated; fin += 1) this.#end(server, FIN_BY_CLIENT, this.#nowNs);
  }
}
