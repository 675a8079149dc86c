/** What every IPVS scheduler is: it looks at the servers of one service and picks one. */
import type { RealServer } from "../real-server.ts";

/**
 * `servers` is always the kernel's list: newest first. A scheduler must not keep it, only what it
 * derives from it.
 */
export interface Scheduler {
  /** The server at `index` has just been added. */
  added(servers: readonly RealServer[], index: number): void;
  /** The server that stood at `index` has just been removed. */
  removed(servers: readonly RealServer[], index: number): void;
  /** A weight or threshold has changed. */
  edited(servers: readonly RealServer[]): void;
  /** The server for a new connection, or null if none is available. Must not allocate. */
  pick(servers: readonly RealServer[], clientIp: number, clientPort: number): RealServer | null;
}

/** For schedulers that keep nothing between picks. */
export abstract class StatelessScheduler implements Scheduler {
  added(): void {}
  removed(): void {}
  edited(): void {}
  abstract pick(servers: readonly RealServer[]): RealServer | null;
}

/** For schedulers whose tables are rebuilt after any change of the list. */
export abstract class TableScheduler implements Scheduler {
  abstract rebuild(servers: readonly RealServer[]): void;
  added(servers: readonly RealServer[]): void {
    this.rebuild(servers);
  }
  removed(servers: readonly RealServer[]): void {
    this.rebuild(servers);
  }
  edited(servers: readonly RealServer[]): void {
    this.rebuild(servers);
  }
  abstract pick(
    servers: readonly RealServer[],
    clientIp: number,
    clientPort: number,
  ): RealServer | null;
}

/** True if a scheduler may send a connection there. */
export function isAvailable(server: RealServer): boolean {
  return server.weight > 0 && !server.overloaded;
}

export function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
