/** A real server as the director sees it: its configuration and its connection counters. */
import { ExpiryRing } from "./expiry-ring.ts";

/** Connection thresholds (`ipvsadm -x upper -y lower`); 0 means none. */
export interface Thresholds {
  readonly upper?: number;
  readonly lower?: number;
}

export interface RealServerOptions extends Thresholds {
  /** IPv4 address as a number; read by `mh` only. Default: the id. */
  readonly ip?: number;
  /** Port; read by `mh` only. Default 80. */
  readonly port?: number;
}

/**
 * Source: Linux 6.1 `struct ip_vs_dest` and its binding to connections.
 */
export class RealServer {
  readonly id: number;
  readonly ip: number;
  readonly port: number;
  weight = 0;
  /** The last weight that was not 0, which is what `mh` builds its table from. */
  lastWeight = 0;
  upper = 0;
  lower = 0;
  overloaded = false;
  /** False while removed. The record stays, so that adding it again revives its counters. */
  listed = false;
  active = 0;
  inactive = 0;
  /** Inactive entries, by the time at which they expire. */
  readonly closing: ExpiryRing;
  /** Active entries that will see no further packet. */
  readonly silent: ExpiryRing;
  /** Active entries whose client keeps repeating a FIN that is dropped while we are removed. */
  readonly finDropped: ExpiryRing;

  constructor(id: number, options: RealServerOptions, bucketNs: number, lifetimeNs: number) {
    this.id = id;
    this.ip = options.ip ?? id;
    this.port = options.port ?? 80;
    this.closing = new ExpiryRing(bucketNs, lifetimeNs);
    this.silent = new ExpiryRing(bucketNs, lifetimeNs);
    this.finDropped = new ExpiryRing(bucketNs, lifetimeNs);
  }

  /** What the thresholds are compared with: TIME_WAIT entries included. */
  total(): number {
    return this.active + this.inactive;
  }

  /** A new connection is bound to this server. */
  bind(): void {
    this.active += 1;
    if (this.upper !== 0 && this.total() >= this.upper) this.overloaded = true;
  }

  /** A connection has begun to close: its entry goes on counting, as inactive. */
  deactivate(): void {
    this.active -= 1;
    this.inactive += 1;
  }

  /** Entries are gone. The overload is lifted here only, never while entries merely close. */
  unbind(active: number, inactive: number): void {
    this.active -= active;
    this.inactive -= inactive;
    if (!this.overloaded) return;
    if (this.lower !== 0) {
      if (this.total() < this.lower) this.overloaded = false;
    } else if (this.upper === 0 || this.total() * 4 < this.upper * 3) {
      this.overloaded = false;
    }
  }

  /** Drops the entries that have expired by `nowNs`. */
  drain(nowNs: number): void {
    const inactive = this.closing.drain(nowNs);
    const active = this.silent.drain(nowNs) + this.finDropped.drain(nowNs);
    if (inactive + active > 0) this.unbind(active, inactive);
  }

  /** Takes a configuration, as adding and editing do. */
  configure(weight: number, thresholds: Thresholds, added: boolean): void {
    const upper = thresholds.upper ?? 0;
    if (upper === 0 || upper > this.upper) this.overloaded = false;
    this.upper = upper;
    this.lower = thresholds.lower ?? 0;
    this.weight = weight;
    if (added || weight !== 0) this.lastWeight = weight;
  }
}
