/** Persistence templates: which server a client is stuck to, and until when. */
import type { RealServer } from "./real-server.ts";

const NS_PER_SECOND = 1e9;
/** A template whose timer fires while its connections live is put off by this much, for good. */
const PUT_OFF_NS = 60 * NS_PER_SECOND;
/** `ipvsadm -p` without a value, and keepalived's `persistence_timeout`. */
export const PERSISTENCE_SECONDS = 360;

interface Template {
  server: RealServer;
  timeoutNs: number;
  /** When the timer fires. */
  expiryNs: number;
  /** Connections of this client that have not ended. */
  open: number;
  /** When the last entry among those that have ended expires. */
  entriesUntilNs: number;
}

/**
 * One template per client address (or network), kept only while it lives.
 *
 * Source: Linux 6.1 `ip_vs_sched_persist`, `ip_vs_check_template`, recorded on 6.1.176.
 */
export class PersistenceTable {
  readonly #timeoutNs: number;
  readonly #netmask: number;
  readonly #templates = new Map<number, Template>();
  #sweepAtSize = 1024;

  /** @param netmask IPv4 netmask as a number (`ipvsadm -M`): clients of one network share */
  constructor(timeoutSeconds: number, netmask: number) {
    this.#timeoutNs = timeoutSeconds * NS_PER_SECOND;
    this.#netmask = netmask;
  }

  /** Templates in the table, including some that have expired unnoticed. */
  get size(): number {
    return this.#templates.size;
  }

  /**
   * The server that the client must go to, or null if the scheduler is to choose. A removed server
   * does not hold its clients, an overloaded one does, and one of weight 0 does unless
   * `expireQuiescent` (sysctl expire_quiescent_template).
   */
  lookup(clientIp: number, nowNs: number, expireQuiescent: boolean): RealServer | null {
    const key = clientIp & this.#netmask;
    const template = this.#templates.get(key);
    if (template === undefined) return null;
    const server = template.server;
    if (
      !this.#lives(template, nowNs) ||
      !server.listed ||
      (expireQuiescent && server.weight === 0)
    ) {
      this.#templates.delete(key);
      return null;
    }
    return server;
  }

  /** A connection of the client was bound to `server`: makes a template or restarts its timer. */
  opened(clientIp: number, server: RealServer, nowNs: number): void {
    const key = clientIp & this.#netmask;
    const template = this.#templates.get(key);
    if (template !== undefined) {
      template.open += 1;
      template.expiryNs = nowNs + template.timeoutNs;
      return;
    }
    if (this.#templates.size >= this.#sweepAtSize) this.#sweep(nowNs);
    const timeoutNs = this.#timeoutNs;
    const expiryNs = nowNs + timeoutNs;
    this.#templates.set(key, { server, timeoutNs, expiryNs, open: 1, entriesUntilNs: 0 });
  }

  /** A connection of the client to `server` ended; its entry expires at `entryExpiryNs`. */
  ended(clientIp: number, server: RealServer, entryExpiryNs: number): void {
    const template = this.#templates.get(clientIp & this.#netmask);
    // A connection may outlive its template: then another one has taken the place, or none.
    if (template === undefined || template.server !== server || template.open === 0) return;
    template.open -= 1;
    template.entriesUntilNs = Math.max(template.entriesUntilNs, entryExpiryNs);
  }

  /** Lets the timer fire as often as it is due; false once the template is gone. */
  #lives(template: Template, nowNs: number): boolean {
    while (template.expiryNs <= nowNs) {
      if (template.open === 0 && template.entriesUntilNs <= template.expiryNs) return false;
      template.timeoutNs = PUT_OFF_NS;
      template.expiryNs += PUT_OFF_NS;
    }
    return true;
  }

  // Expired templates are only noticed when their client returns. Sweeping whenever the table has
  // doubled keeps it within twice the live ones at a constant cost per connection.
  #sweep(nowNs: number): void {
    for (const [key, template] of this.#templates) {
      if (!this.#lives(template, nowNs)) this.#templates.delete(key);
    }
    this.#sweepAtSize = Math.max(1024, 2 * this.#templates.size);
  }
}
