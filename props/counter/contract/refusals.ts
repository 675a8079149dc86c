/** Malformed calls, calls of another epoch, calls to no sale: the code, and nothing written. */
import { describe, expect, test } from "vitest";
import type { CallOf, CounterCall, LatePayment, ReserveItem } from "../../../core/counter/calls.ts";
import type { NewScene } from "../contract.ts";
import { EPOCH, reserveItem, START_MS } from "../scene.ts";

const epoch = EPOCH;
const good = reserveItem("new");

/** One well-formed call of each script that a wrong epoch fences off. */
const CALLS: readonly Exclude<CounterCall, CallOf<"init" | "audit">>[] = [
  { script: "open", epoch },
  { script: "reserve", epoch, server: "s1", incarnation: 1, items: [good, reserveItem("new2")] },
  { script: "confirm", epoch, latePayment: "lazy", items: [{ id: "held", paymentId: "p" }] },
  { script: "release", epoch, items: [{ id: "held" }] },
  { script: "refund", epoch, items: [{ id: "paid" }] },
  { script: "settle", epoch, items: [{ id: "new" }] },
  { script: "grant", epoch, server: "s9", liveMs: 1000 },
  { script: "sweep", epoch, limit: 10, graceMs: 0, retainMs: 0 },
  { script: "resize", epoch, newTotal: 6, expectedTotal: 5 },
];

const NOT_QUANTITIES = [0, -1, 1.5, 1_000_000_000, Number.NaN, Number.POSITIVE_INFINITY];
const NOT_COUNTS = [-1, 0.5, 1_000_000_000_000_000, Number.NaN];
const NOT_NAMES = ["", "a b", "a|b", "é", "a\n", "\u0000", "x".repeat(129)];

function reserveOf(item: Partial<ReserveItem>): CounterCall {
  // The bad item comes second: nothing of the first may be written.
  return {
    script: "reserve",
    epoch,
    server: "s1",
    incarnation: 1,
    items: [good, { ...good, ...item }],
  };
}

const MALFORMED: readonly (readonly [error: string, calls: readonly CounterCall[]])[] = [
  ["BADTOTAL", NOT_QUANTITIES.map((total) => ({ script: "init", total, epoch }))],
  ["BADARG", NOT_COUNTS.map((epoch) => ({ script: "init", total: 5, epoch }))],
  ["BADARG", NOT_COUNTS.flatMap((epoch) => CALLS.map((call) => ({ ...call, epoch })))],
  ["BADQTY", NOT_QUANTITIES.map((qty) => reserveOf({ qty }))],
  ["BADTTL", NOT_QUANTITIES.map((ttlMs) => reserveOf({ ttlMs }))],
  ["BADARG", NOT_COUNTS.map((maxPerBuyer) => reserveOf({ maxPerBuyer }))],
  ["BADARG", NOT_COUNTS.map((requestDeadlineMs) => reserveOf({ requestDeadlineMs }))],
  ["BADARG", NOT_NAMES.map((id) => reserveOf({ id }))],
  ["BADARG", NOT_NAMES.filter((name) => name !== "").map((buyer) => reserveOf({ buyer }))],
  [
    "BADARG",
    NOT_NAMES.map((server) => ({
      script: "reserve",
      epoch,
      server,
      incarnation: 1,
      items: [good],
    })),
  ],
  [
    "BADARG",
    NOT_COUNTS.map((incarnation) => ({
      script: "reserve",
      epoch,
      server: "s1",
      incarnation,
      items: [good],
    })),
  ],
  [
    "BADARG",
    NOT_NAMES.flatMap((name) => [
      confirmOf({ id: name, paymentId: "p" }),
      confirmOf({ id: "held", paymentId: name }),
    ]),
  ],
  [
    "BADARG",
    [{ ...confirmOf({ id: "held", paymentId: "p" }), latePayment: "never" as LatePayment }],
  ],
  [
    "BADARG",
    NOT_NAMES.flatMap((id) =>
      (["release", "refund", "settle"] as const).map((script) => ({
        script,
        epoch,
        items: [{ id: "held" }, { id }],
      })),
    ),
  ],
  [
    "BADARG",
    [
      { script: "reserve", epoch, server: "s1", incarnation: 1, items: [] },
      { script: "confirm", epoch, latePayment: "lazy", items: [] },
      { script: "release", epoch, items: [] },
      { script: "refund", epoch, items: [] },
      { script: "settle", epoch, items: [] },
    ],
  ],
  [
    "BADARG",
    // No reason at all is one.
    NOT_NAMES.filter((reason) => reason !== "").flatMap((reason) => [
      { script: "release", epoch, reason, items: [{ id: "held" }] },
      { script: "refund", epoch, reason, items: [{ id: "paid" }] },
    ]),
  ],
  ["BADARG", NOT_NAMES.map((server) => ({ script: "grant", epoch, server, liveMs: 1 }))],
  ["BADARG", NOT_QUANTITIES.map((liveMs) => ({ script: "grant", epoch, server: "s", liveMs }))],
  [
    "BADARG",
    [...NOT_QUANTITIES, 1001].map((limit) => ({
      script: "sweep",
      epoch,
      limit,
      graceMs: 0,
      retainMs: 0,
    })),
  ],
  [
    "BADARG",
    NOT_COUNTS.flatMap((ms) => [
      { script: "sweep", epoch, limit: 1, graceMs: ms, retainMs: 0 },
      { script: "sweep", epoch, limit: 1, graceMs: 0, retainMs: ms },
    ]),
  ],
  [
    "BADTOTAL",
    NOT_QUANTITIES.flatMap((total) => [
      { script: "resize", epoch, newTotal: total, expectedTotal: 5 },
      { script: "resize", epoch, newTotal: 6, expectedTotal: total },
    ]),
  ],
];

function confirmOf(item: { id: string; paymentId: string }): CallOf<"confirm"> {
  return { script: "confirm", epoch, latePayment: "lazy", items: [item] };
}

const NOTHING_SAID = {
  code: "OK",
  epoch: 0,
  generation: 0,
  left: 0,
  timeMs: 0,
  results: [],
  swept: [],
  liveServers: 0,
  audit: null,
};

export function refusalContract(newScene: NewScene): void {
  /** A sale in which each of CALLS would change something. */
  async function livelyScene() {
    const scene = newScene();
    await scene.init(5);
    await scene.open();
    await scene.reserve("held", { ttlMs: 5 });
    await scene.reserve("paid");
    await scene.confirm("paid", "pp");
    scene.nowMs += 10;
    return scene;
  }

  describe("a refused call", () => {
    test("that is malformed says what is wrong and writes nothing", async () => {
      const scene = await livelyScene();
      const before = await scene.snapshot();
      for (const [error, calls] of MALFORMED) {
        for (const call of calls) {
          expect(await scene.call(call), JSON.stringify(call)).toEqual({ ...NOTHING_SAID, error });
        }
      }
      expect(await scene.snapshot()).toEqual(before);
    });

    test("takes the longest names, the largest and the smallest numbers", async () => {
      const scene = await livelyScene();
      const name = `~!{}${"x".repeat(124)}`;
      scene.server = name;
      scene.incarnation = 0;
      expect((await scene.reserve(name, { buyer: name, ttlMs: 1 })).code).toBe("OK");
      expect((await scene.confirm(name, name)).code).toBe("OK");
      expect((await scene.sweep(1000, 999_999_999_999_999, 999_999_999_999_999)).error).toBe(null);
      expect((await scene.sweep(1, 0, 0)).error).toBe(null);
      expect((await scene.grant(name, 999_999_999)).liveServers).toBe(2);
      expect((await scene.grant(name, 1)).liveServers).toBe(1);
    });

    test("names the first thing that is wrong", async () => {
      const scene = newScene();
      const both = reserveOf({ qty: 0, ttlMs: 0 });
      expect((await scene.call(both)).error).toBe("BADQTY");
      expect((await scene.call({ script: "init", total: 0, epoch: -1 })).error).toBe("BADTOTAL");
    });

    test.each(CALLS.map((call) => [call.script, call] as const))(
      "of another epoch is FENCED and writes nothing: %s",
      async (_script, call) => {
        const scene = await livelyScene();
        const before = await scene.snapshot();
        for (const other of [epoch - 1, epoch + 1]) {
          const reply = await scene.call({ ...call, epoch: other });
          const fenced = {
            code: "FENCED",
            state: "",
            deadlineMs: 0,
            server: "",
            incarnation: 0,
            qty: 0,
          };
          expect(reply).toEqual({
            ...NOTHING_SAID,
            error: null,
            code: "FENCED",
            epoch,
            left: 3,
            timeMs: START_MS + 10,
            results: "items" in call ? call.items.map(() => fenced) : [],
          });
        }
        expect(await scene.snapshot()).toEqual(before);
        // The same call of this epoch does change something, so the above says something.
        expect((await scene.call(call)).code).not.toBe("FENCED");
        expect(await scene.snapshot()).not.toEqual(before);
      },
    );

    test.each([...CALLS, { script: "audit" } as const].map((call) => [call.script, call] as const))(
      "to no sale is NOEVENT, and creates none: %s",
      async (_script, call) => {
        const scene = newScene();
        const before = await scene.snapshot();
        expect(await scene.call(call)).toEqual({ ...NOTHING_SAID, error: "NOEVENT" });
        expect(await scene.snapshot()).toEqual(before);
      },
    );
  });
}
