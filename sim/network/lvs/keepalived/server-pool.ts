/** What keepalived does to an IPVS service when checkers change their opinion. */
import type { RealServerOptions } from "../real-server.ts";
import type { VirtualServer } from "../virtual-server.ts";

export interface PoolServer {
  readonly id: number;
  readonly weight: number;
  readonly options?: RealServerOptions;
  /** Set weight 0 instead of removing, so that old connections go on. Default false. */
  readonly inhibitOnFailure?: boolean;
}

export interface PoolConfig {
  /** In the order of the configuration file. */
  readonly servers: readonly PoolServer[];
  /** Servers start as down, until their first good check. Default false. */
  readonly alpha?: boolean;
  /** Live weight below which the sorry server takes over. Default 1. */
  readonly quorum?: number;
  /** Dead band around the quorum. Default 0. */
  readonly hysteresis?: number;
  readonly sorryServer?: PoolServer;
}

/**
 * The servers of one virtual service as keepalived maintains them.
 *
 * A server that comes back is *added*: it becomes the first in the kernel's list and restarts the
 * walk of `wrr`. With `inhibit_on_failure` it keeps its place, but the edit restarts the walk too.
 * Both recorded.
 *
 * Source: keepalived 2.2.7 `ipwrapper.c` (quorum and sorry server from the source, not recorded).
 */
export class ServerPool {
  readonly #service: VirtualServer;
  readonly #servers: readonly PoolServer[];
  readonly #quorum: number;
  readonly #hysteresis: number;
  readonly #sorryServer: PoolServer | null;
  readonly #alive = new Set<number>();
  #hasQuorum: boolean;
  #sorryInUse = false;

  /** Adds the servers to `service`, which must be empty. */
  constructor(service: VirtualServer, config: PoolConfig, nowNs: number) {
    this.#service = service;
    this.#servers = config.servers;
    this.#quorum = config.quorum ?? 1;
    this.#hysteresis = config.hysteresis ?? 0;
    this.#sorryServer = config.sorryServer ?? null;
    for (const server of config.servers) {
      if (!(config.alpha ?? false)) {
        this.#alive.add(server.id);
        this.#enable(server);
      } else if (server.inhibitOnFailure ?? false) {
        service.addServer(server.id, 0, server.options);
      }
    }
    this.#hasQuorum = this.#liveWeight() >= this.#quorum + this.#hysteresis;
    if (!this.#hasQuorum) this.#startSorryServer(nowNs);
  }

  /** True while the sorry server stands in for the pool. */
  get sorryInUse(): boolean {
    return this.#sorryInUse;
  }

  /** A checker declares the server up. */
  serverUp(id: number, nowNs: number): void {
    const server = this.#find(id);
    if (this.#alive.has(id)) return;
    if (!this.#sorryInUse) this.#enable(server);
    this.#alive.add(id);
    this.#updateQuorum(nowNs);
  }

  /** A checker declares the server down. */
  serverDown(id: number, nowNs: number): void {
    const server = this.#find(id);
    if (!this.#alive.has(id)) return;
    if (!this.#sorryInUse) this.#disable(server, nowNs);
    this.#alive.delete(id);
    this.#updateQuorum(nowNs);
  }

  #find(id: number): PoolServer {
    const server = this.#servers.find((candidate) => candidate.id === id);
    if (server === undefined) throw new RangeError(`no server ${id} in the pool`);
    return server;
  }

  #enable(server: PoolServer): void {
    if (this.#service.server(server.id)?.listed ?? false) {
      this.#service.setWeight(server.id, server.weight);
    } else {
      this.#service.addServer(server.id, server.weight, server.options);
    }
  }

  #disable(server: PoolServer, nowNs: number): void {
    if (server.inhibitOnFailure ?? false) this.#service.setWeight(server.id, 0);
    else this.#service.removeServer(server.id, nowNs);
  }

  #liveWeight(): number {
    let weight = 0;
    for (const server of this.#servers) if (this.#alive.has(server.id)) weight += server.weight;
    return weight;
  }

  #updateQuorum(nowNs: number): void {
    const live = this.#liveWeight();
    if (!this.#hasQuorum && live >= this.#quorum + this.#hysteresis) {
      this.#hasQuorum = true;
      this.#stopSorryServer(nowNs);
    } else if (this.#hasQuorum && (live === 0 || live < this.#quorum - this.#hysteresis)) {
      this.#hasQuorum = false;
      this.#startSorryServer(nowNs);
    }
  }

  #startSorryServer(nowNs: number): void {
    if (this.#sorryServer === null || this.#sorryInUse) return;
    for (const server of this.#servers) {
      if (this.#alive.has(server.id)) this.#disable(server, nowNs);
    }
    this.#enable(this.#sorryServer);
    this.#sorryInUse = true;
  }

  #stopSorryServer(nowNs: number): void {
    if (this.#sorryServer === null || !this.#sorryInUse) return;
    this.#disable(this.#sorryServer, nowNs);
    this.#sorryInUse = false;
    for (const server of this.#servers) if (this.#alive.has(server.id)) this.#enable(server);
  }
}
