/** The counters against a table that stores every entry by itself. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  CONNECTION_ENDS,
  FIN_BY_CLIENT,
  TCP_TIMEOUT_SECONDS,
  clientRepeatsFin,
  endWhileRemoved,
  finalState,
  isActiveState,
} from "./connection-end.ts";
import type { ConnectionEnd, ForwardingMode } from "./connection-end.ts";
import { REFUSED, VirtualServer } from "./virtual-server.ts";

const NS_PER_MS = 1e6;
const SERVERS = [1, 2, 3];

interface Entry {
  readonly server: number;
  active: boolean;
  /** Infinity while the connection is open. */
  expiryMs: number;
  /** The client repeats its FIN until then. */
  finUntilMs: number;
}

class EntryTable {
  readonly #mode: ForwardingMode;
  readonly #removed = new Set<number>();
  #entries: Entry[] = [];

  constructor(mode: ForwardingMode) {
    this.#mode = mode;
  }

  open(server: number): void {
    this.#entries.push({ server, active: true, expiryMs: Infinity, finUntilMs: 0 });
  }

  /** Ends one open connection of the server, if there is one. */
  end(server: number, end: ConnectionEnd, nowMs: number): boolean {
    const entry = this.#entries.find((it) => it.server === server && it.expiryMs === Infinity);
    if (entry === undefined) return false;
    const removed = this.#removed.has(server);
    this.#apply(entry, removed ? endWhileRemoved(this.#mode, end) : end, nowMs);
    if (removed && clientRepeatsFin(this.#mode, end)) entry.finUntilMs = nowMs + 100_000;
    return true;
  }

  remove(server: number): void {
    this.#removed.add(server);
  }

  add(server: number, nowMs: number): void {
    this.#removed.delete(server);
    for (const entry of this.#entries) {
      if (entry.server !== server || entry.finUntilMs < nowMs || entry.finUntilMs === 0) continue;
      this.#apply(entry, FIN_BY_CLIENT, nowMs);
      entry.finUntilMs = 0;
    }
  }

  counters(server: number, nowMs: number): readonly [number, number] {
    this.#entries = this.#entries.filter((entry) => entry.expiryMs > nowMs);
    const own = this.#entries.filter((entry) => entry.server === server);
    const active = own.filter((entry) => entry.active).length;
    return [active, own.length - active];
  }

  #apply(entry: Entry, end: ConnectionEnd, nowMs: number): void {
    const state = finalState(this.#mode, end);
    entry.active = isActiveState(state);
    entry.expiryMs = nowMs + TCP_TIMEOUT_SECONDS[state] * 1000;
  }
}

const step = fc.record({
  pauseMs: fc.oneof(fc.nat(500), fc.nat(200_000)),
  server: fc.constantFrom(...SERVERS),
  kind: fc.constantFrom("connect", "connect", "connect", "end", "end", "toggle"),
  end: fc.nat(CONNECTION_ENDS - 1).map((end) => end as ConnectionEnd),
});

test.each(["nat", "dr", "tun"] as const)("%s", (mode) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const service = new VirtualServer({ scheduler: "rr", mode, expiryBucketMs: 1 }, () => 0);
      const table = new EntryTable(mode);
      for (const server of SERVERS) service.addServer(server, 1);
      let nowMs = 0;
      for (const { pauseMs, server, kind, end } of steps) {
        nowMs += pauseMs;
        const nowNs = nowMs * NS_PER_MS;
        service.advance(nowNs);
        for (const id of SERVERS) {
          const { active, inactive } = service.server(id)!;
          expect([active, inactive]).toEqual(table.counters(id, nowMs));
        }
        if (kind === "connect") {
          const picked = service.connect(1, 1, nowNs);
          if (picked !== REFUSED) table.open(picked);
        } else if (kind === "end") {
          if (table.end(server, end, nowMs)) service.closed(server, end, nowNs);
        } else if (service.server(server)!.listed) {
          service.removeServer(server, nowNs);
          table.remove(server);
        } else {
          service.addServer(server, 1);
          table.add(server, nowMs);
        }
      }
    }),
  );
});
