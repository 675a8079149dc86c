import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FIN_BY_CLIENT } from "../connection-end.ts";
import { REFUSED, VirtualServer } from "../virtual-server.ts";
import type { VirtualServerConfig } from "../virtual-server.ts";
import { SCHEDULER_NAMES } from "./create.ts";
import type { SchedulerName } from "./create.ts";
import { siphash13 } from "./siphash13.ts";

/** Schedulers that refuse clients although some server is available. */
const MAY_REFUSE: ReadonlySet<SchedulerName> = new Set(["ovf", "sh", "dh", "mh"]);
/** Schedulers that may stay with an overloaded server. */
const MAY_OVERLOAD: ReadonlySet<SchedulerName> = new Set(["lblc"]);

const step = fc.oneof(
  fc.record({ kind: fc.constant("connect" as const), client: fc.nat(), port: fc.nat(65535) }),
  fc.record({ kind: fc.constant("close" as const), id: fc.nat(4) }),
  fc.record({ kind: fc.constant("toggle" as const), id: fc.nat(4), weight: fc.nat(9) }),
  fc.record({ kind: fc.constant("weight" as const), id: fc.nat(4), weight: fc.nat(9) }),
);

describe.each(SCHEDULER_NAMES)("%s", (scheduler) => {
  test.each([false, true])("picks available servers only (fallback %s)", (fallback) => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (steps, draws) => {
          const config: VirtualServerConfig = { scheduler, mode: "nat", flags: { fallback } };
          const service = new VirtualServer(config, () => draws.next().value);
          let nowNs = 0;
          for (const it of steps) {
            nowNs += 1e9;
            const server = "id" in it ? service.server(it.id) : undefined;
            const listed = server?.listed ?? false;
            if (it.kind === "toggle" && listed) service.removeServer(it.id, nowNs);
            else if (it.kind === "toggle") service.addServer(it.id, it.weight, { upper: 3 });
            else if (it.kind === "weight" && listed) service.setWeight(it.id, it.weight);
            else if (it.kind === "close" && (server?.active ?? 0) > 0) {
              service.closed(it.id, FIN_BY_CLIENT, nowNs);
            } else if (it.kind === "connect") {
              service.advance(nowNs);
              const available = service.order.filter((id) => {
                const { weight, overloaded } = service.server(id)!;
                return weight > 0 && (!overloaded || MAY_OVERLOAD.has(scheduler));
              });
              const picked = service.connect(it.client, it.port, nowNs);
              if (picked !== REFUSED) expect(available).toContain(picked);
              else if (!MAY_REFUSE.has(scheduler) && !MAY_OVERLOAD.has(scheduler)) {
                expect(available).toEqual([]);
              }
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

function service(config: Partial<VirtualServerConfig>, weights: readonly number[], draw = () => 0) {
  const made = new VirtualServer({ scheduler: "rr", mode: "nat", ...config }, draw);
  for (const [id, weight] of weights.entries()) made.addServer(id, weight);
  return made;
}

test("an unknown scheduler is refused", () => {
  const scheduler = "best" as SchedulerName;
  expect(() => service({ scheduler }, [])).toThrow(RangeError);
});

test("wrr spreads a long run exactly by weight", () => {
  const spread = service({ scheduler: "wrr" }, [3, 6, 9]);
  const picks = [0, 0, 0];
  for (let client = 0; client < 3 + 6 * 100; client += 1) picks[spread.connect(client, 1, 0)] += 1;
  // One round over all servers comes first.
  expect(picks).toEqual([101, 201, 301]);
});

test("dh sends everyone who asks for one address to one server", () => {
  const dh = service({ scheduler: "dh", virtualIp: 0xc0000250 }, [1, 1, 1]);
  const picks = new Set(Array.from({ length: 50 }, (_, client) => dh.connect(client, 1, 0)));
  expect(picks.size).toBe(1);
});

test.each(["sh", "mh"] as const)(
  "%s spreads clients by weight and keeps each in its place",
  (name) => {
    const hashed = service({ scheduler: name }, [1, 2, 1]);
    const counts = [0, 0, 0];
    for (let client = 0; client < 4000; client += 1) {
      const ip = 0x0a000000 + client * 7919;
      const picked = hashed.connect(ip, client % 1000, 0);
      counts[picked] += 1;
      expect(hashed.connect(ip, 1, 0)).toBe(picked);
    }
    for (const [id, share] of [0.25, 0.5, 0.25].entries()) {
      expect(Math.abs(counts[id] / 4000 - share)).toBeLessThan(0.05);
    }
  },
);

/** Share of all clients that change servers although theirs stays, when one of five goes. */
function moved(scheduler: SchedulerName): number {
  const before = service({ scheduler }, [1, 1, 1, 1, 1]);
  const after = service({ scheduler }, [1, 1, 1, 1, 1]);
  after.removeServer(2, 0);
  let count = 0;
  for (let client = 0; client < 2000; client += 1) {
    const ip = 0x0a000000 + client * 7919;
    const picked = before.connect(ip, 1, 0);
    if (picked !== 2 && after.connect(ip, 1, 0) !== picked) count += 1;
  }
  return count / 2000;
}

test("mh moves few clients when a server goes, sh many", () => {
  expect(moved("mh")).toBeLessThan(0.1);
  expect(moved("sh")).toBeGreaterThan(0.5);
});

test("lblc stays with one server until it is crowded while another is half idle", () => {
  const sticky = service({ scheduler: "lblc" }, [4, 4]);
  const picks = Array.from({ length: 8 }, (_, client) => sticky.connect(client, 1, 0));
  expect(picks.join("")).toBe("11111000");
});

test("twos takes the less loaded of two draws", () => {
  const draws = [0, 0.99, 0, 0.99];
  const twos = service({ scheduler: "twos" }, [1, 1], () => draws.shift()!);
  // In list order server 1 comes first. Both idle: the first draw wins; then it is the busier one.
  expect(twos.connect(1, 1, 0)).toBe(1);
  expect(twos.connect(2, 1, 0)).toBe(0);
});

/** SipHash-1-3 of four bytes by the paper, on 64-bit integers. */
function referenceSiphash13(word: number, key0: number, key1: number): number {
  const mask = (1n << 64n) - 1n;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (64n - by))) & mask;
  const v = [
    BigInt(key0) ^ 0x736f6d6570736575n,
    BigInt(key1) ^ 0x646f72616e646f6dn,
    BigInt(key0) ^ 0x6c7967656e657261n,
    BigInt(key1) ^ 0x7465646279746573n,
  ] as [bigint, bigint, bigint, bigint];
  const round = () => {
    v[0] = (v[0] + v[1]) & mask;
    v[1] = rotate(v[1], 13n) ^ v[0];
    v[0] = rotate(v[0], 32n);
    v[2] = (v[2] + v[3]) & mask;
    v[3] = rotate(v[3], 16n) ^ v[2];
    v[0] = (v[0] + v[3]) & mask;
    v[3] = rotate(v[3], 21n) ^ v[0];
    v[2] = (v[2] + v[1]) & mask;
    v[1] = rotate(v[1], 17n) ^ v[2];
    v[2] = rotate(v[2], 32n);
  };
  const block = (4n << 56n) | BigInt(word);
  v[3] ^= block;
  round();
  v[0] ^= block;
  v[2] ^= 0xffn;
  round();
  round();
  round();
  return Number((v[0] ^ v[1] ^ v[2] ^ v[3]) & 0xffffffffn);
}

test("siphash13 on 32-bit halves agrees with 64-bit arithmetic", () => {
  const u32 = fc.nat({ max: 0xffffffff });
  fc.assert(
    fc.property(u32, u32, u32, (word, key0, key1) => {
      expect(siphash13(word, key0, key1)).toBe(referenceSiphash13(word, key0, key1));
    }),
  );
});
