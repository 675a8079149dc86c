import { describe, expect, test } from "vitest";
import {
  ABANDONED,
  FIN_BY_CLIENT,
  FIN_BY_SERVER,
  RST_BY_CLIENT,
  RST_BY_SERVER,
  SYN_REFUSED,
  SYN_UNANSWERED,
} from "./connection-end.ts";
import type { ConnectionEnd, ForwardingMode } from "./connection-end.ts";
import { REFUSED, VirtualServer } from "./virtual-server.ts";
import type { VirtualServerConfig } from "./virtual-server.ts";

const SECOND_NS = 1e9;
const CLIENT = 0x0a010001;

function service(config: Partial<VirtualServerConfig> = {}): VirtualServer {
  return new VirtualServer({ scheduler: "rr", mode: "nat", ...config }, () => 0);
}

function counters(of: VirtualServer, id: number): readonly [number, number] {
  const { active, inactive } = of.server(id)!;
  return [active, inactive];
}

/** Seconds after its end at which a connection's entry is gone. */
function lifetimeSeconds(mode: ForwardingMode, end: ConnectionEnd): number {
  const director = service({ mode });
  director.addServer(1, 1);
  director.connect(CLIENT, 1, 0);
  const expiryNs = director.closed(1, end, 0);
  director.advance(expiryNs - 1);
  expect(director.entries).toBe(1);
  director.advance(expiryNs);
  expect(director.entries).toBe(0);
  return expiryNs / SECOND_NS;
}

test("wrr with weights 1, 2, 3, 4 begins with one round over all servers", () => {
  const director = service({ scheduler: "wrr" });
  for (const weight of [1, 2, 3, 4]) director.addServer(weight, weight);
  const picks = Array.from({ length: 20 }, () => director.connect(CLIENT, 1, 0));
  expect(picks.join("")).toBe("43214434324321443432");
});

test("without an available server the client is refused", () => {
  const director = service();
  expect(director.connect(CLIENT, 1, 0)).toBe(REFUSED);
  director.addServer(1, 0);
  expect(director.connect(CLIENT, 1, 0)).toBe(REFUSED);
  director.setWeight(1, 1);
  expect(director.connect(CLIENT, 1, 0)).toBe(1);
});

test("the same server cannot be listed twice, nor removed or edited while it is not", () => {
  const director = service();
  director.addServer(1, 1);
  expect(() => director.addServer(1, 1)).toThrow(RangeError);
  director.removeServer(1, 0);
  expect(() => director.removeServer(1, 0)).toThrow(RangeError);
  expect(() => director.setWeight(1, 1)).toThrow(RangeError);
  expect(() => director.closed(2, FIN_BY_CLIENT, 0)).toThrow(RangeError);
});

describe("what the director sees decides how long an entry lives", () => {
  test.each([
    ["nat", FIN_BY_CLIENT, 120],
    ["nat", FIN_BY_SERVER, 120],
    ["nat", RST_BY_CLIENT, 10],
    ["nat", RST_BY_SERVER, 10],
    ["nat", SYN_REFUSED, 10],
    ["nat", SYN_UNANSWERED, 60],
    ["nat", ABANDONED, 900],
    ["dr", FIN_BY_CLIENT, 120],
    ["dr", RST_BY_CLIENT, 10],
    ["dr", RST_BY_SERVER, 900],
    ["dr", SYN_REFUSED, 60],
    ["tun", RST_BY_SERVER, 900],
  ] as const)("%s, end %i: %i s", (mode, end, seconds) => {
    expect(lifetimeSeconds(mode, end)).toBe(seconds);
  });

  test("a reset by the server leaves the entry active with direct routing", () => {
    const director = service({ mode: "dr" });
    director.addServer(1, 1);
    director.connect(CLIENT, 1, 0);
    director.closed(1, RST_BY_SERVER, 0);
    expect(counters(director, 1)).toEqual([1, 0]);
  });
});

describe("a removed server", () => {
  test("gets its counters back when it is added again", () => {
    const director = service({ scheduler: "lc" });
    director.addServer(1, 1);
    director.addServer(2, 1);
    for (let port = 0; port < 4; port += 1) director.connect(CLIENT, port, 0);
    director.closed(1, FIN_BY_CLIENT, 0);
    director.removeServer(1, 0);
    director.addServer(1, 1);
    expect(director.order).toEqual([1, 2]);
    expect(counters(director, 1)).toEqual([1, 1]);
    expect(director.connect(CLIENT, 9, SECOND_NS)).toBe(1);
  });

  test("comes back without the entries that have expired meanwhile", () => {
    const director = service();
    director.addServer(1, 1);
    director.connect(CLIENT, 1, 0);
    director.closed(1, FIN_BY_CLIENT, 0);
    director.removeServer(1, 0);
    director.advance(121 * SECOND_NS);
    director.addServer(1, 1);
    expect(counters(director, 1)).toEqual([0, 0]);
  });

  test("does not see its clients close, until it is back and they repeat their FIN", () => {
    const director = service();
    director.addServer(1, 1);
    for (let port = 0; port < 3; port += 1) director.connect(CLIENT, port, 0);
    director.removeServer(1, 0);
    director.closed(1, FIN_BY_CLIENT, SECOND_NS);
    director.closed(1, RST_BY_CLIENT, SECOND_NS);
    expect(counters(director, 1)).toEqual([3, 0]);
    director.addServer(1, 1);
    // The FIN arrives after all; a reset is sent once.
    expect(counters(director, 1)).toEqual([2, 1]);
  });

  test("loses its entries at their next packet with expire_nodest_conn", () => {
    const director = service({ expireNodestConn: true });
    director.addServer(1, 1);
    director.connect(CLIENT, 1, 0);
    director.removeServer(1, 0);
    director.closed(1, FIN_BY_CLIENT, 0);
    expect(director.entries).toBe(0);
  });
});

describe("thresholds", () => {
  test("a burst of short connections keeps a server out until enough entries expire", () => {
    const director = service();
    director.addServer(1, 1, { upper: 4 });
    for (let port = 0; port < 4; port += 1) {
      expect(director.connect(CLIENT, port, port * SECOND_NS)).toBe(1);
      director.closed(1, FIN_BY_CLIENT, port * SECOND_NS);
    }
    expect(director.connect(CLIENT, 9, 119 * SECOND_NS)).toBe(REFUSED);
    // The default lower threshold is three quarters: total 3 is not below it, 2 is.
    expect(director.connect(CLIENT, 9, 120 * SECOND_NS)).toBe(REFUSED);
    expect(director.connect(CLIENT, 9, 121 * SECOND_NS)).toBe(1);
  });

  test("raising the upper threshold lifts an overload at once, the same one does not", () => {
    const director = service();
    director.addServer(1, 1, { upper: 1 });
    director.connect(CLIENT, 1, 0);
    director.setWeight(1, 2);
    expect(director.connect(CLIENT, 2, 0)).toBe(REFUSED);
    director.editServer(1, 1, { upper: 2 });
    expect(director.connect(CLIENT, 2, 0)).toBe(1);
  });
});

function persistent(config: Partial<VirtualServerConfig> = {}): VirtualServer {
  const director = service({ persistenceSeconds: 10, ...config });
  director.addServer(1, 1);
  director.addServer(2, 1);
  return director;
}

describe("persistence", () => {
  test("each connection restarts the timer; silence ends it", () => {
    const director = persistent();
    const at = (seconds: number) => {
      const id = director.connect(CLIENT, seconds, seconds * SECOND_NS);
      director.closed(id, RST_BY_CLIENT, seconds * SECOND_NS, CLIENT);
      return id;
    };
    expect([at(0), at(9), at(18)]).toEqual([2, 2, 2]);
    // Fires at 28 s with no entry left: the next connection is scheduled.
    expect(at(30)).toBe(1);
  });

  test("a timer that fires while entries live is put off by 60 s", () => {
    const director = persistent();
    director.connect(CLIENT, 1, 0);
    director.closed(2, FIN_BY_CLIENT, 0, CLIENT);
    // Fires at 10 s and at 70 s, while TIME_WAIT lasts to 120 s, and at 130 s for good.
    expect(director.connect(CLIENT, 2, 129 * SECOND_NS)).toBe(2);
    const other = persistent();
    other.connect(CLIENT, 1, 0);
    other.closed(2, FIN_BY_CLIENT, 0, CLIENT);
    expect(other.connect(CLIENT, 2, 130 * SECOND_NS)).toBe(1);
  });

  test("weight 0 holds its clients, unless told otherwise; removal does not", () => {
    const director = persistent();
    director.connect(CLIENT, 1, 0);
    director.setWeight(2, 0);
    expect(director.connect(CLIENT, 2, 0)).toBe(2);
    director.expireQuiescentTemplate = true;
    expect(director.connect(CLIENT, 3, 0)).toBe(1);
    director.removeServer(1, 0);
    expect(director.connect(CLIENT, 4, 0)).toBe(REFUSED);
  });

  test("a netmask makes neighbours share", () => {
    const director = persistent({ persistenceNetmask: 0xffffff00 });
    expect(director.connect(0x0a010101, 1, 0)).toBe(2);
    expect(director.connect(0x0a010201, 1, 0)).toBe(1);
    expect(director.connect(0x0a010102, 1, 0)).toBe(2);
  });

  test("templates of clients that never return are swept", () => {
    const director = persistent({ persistenceSeconds: 1 });
    for (let client = 0; client < 20_000; client += 1) {
      const nowNs = client * 1e7;
      const id = director.connect(client, 1, nowNs);
      director.closed(id, RST_BY_CLIENT, nowNs, client);
    }
    // 100 clients/s, each held for 61 s.
    expect(director.templates).toBeLessThan(2 * 6200);
  });
});

test("a reused port drops the old entry, after the new connection was scheduled", () => {
  const director = service({ scheduler: "wlc" });
  director.addServer(1, 1);
  director.connect(CLIENT, 1, 0);
  const expiryNs = director.closed(1, FIN_BY_CLIENT, 0);
  const id = director.connect(CLIENT, 1, SECOND_NS);
  expect(counters(director, 1)).toEqual([1, 1]);
  director.portReused(id, expiryNs, SECOND_NS);
  expect(counters(director, 1)).toEqual([1, 0]);
});

test("a million closed entries take no memory of their own", () => {
  const director = service({ scheduler: "wlc" });
  for (let id = 0; id < 10; id += 1) director.addServer(id, 1 + id);
  for (let client = 0; client < 1_000_000; client += 1) {
    const nowNs = client * 20_000;
    director.closed(director.connect(client, 1, nowNs), FIN_BY_CLIENT, nowNs);
  }
  expect(director.entries).toBe(1_000_000);
  director.advance(140 * SECOND_NS);
  expect(director.entries).toBe(0);
});
