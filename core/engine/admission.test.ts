import { describe, expect, test } from "vitest";
import type { ReserveItem } from "../counter/calls.ts";
import { callCounter, FLUSH_SOON, told, tryAgain } from "../testing/effects.ts";
import { buy, EngineScene, START_MS } from "../testing/engine-scene.ts";
import { COUNTER_MS } from "../testing/replies.ts";
import { quickRefusal } from "./admission.ts";

const GRANT = { script: "grant", epoch: 7, server: "s1", liveMs: 2000 } as const;

/** The item of a request for one ticket that is admitted when the stock was heard of just now. */
const ITEM: ReserveItem = {
  id: "a",
  qty: 1,
  buyer: "b1",
  ttlMs: 10_000,
  maxPerBuyer: 4,
  requestDeadlineMs: COUNTER_MS + 3000,
};

/** The quota is spent: 5 tickets are taken. */
function spent(scene: EngineScene): EngineScene {
  scene.buy(99, "big", { qty: 5 });
  return scene;
}

describe("the refusal that needs no call", () => {
  test.each<[number, number, number, "SOLDOUT" | null]>([
    [0, 1, 0, "SOLDOUT"],
    [0, 1, 100, "SOLDOUT"],
    [0, 1, 101, null],
    [1, 1, 0, null],
    [1, 2, 0, "SOLDOUT"],
  ])("%i left, %i wanted, the word %i ms old: %s", (left, qty, ageMs, refusal) => {
    const { state, nowMs } = new EngineScene().opened({ left });
    const before = structuredClone(state);
    expect(quickRefusal(state, qty, nowMs + ageMs)).toBe(refusal);
    expect(state).toEqual(before);
  });

  test("a server that has heard nothing refuses nobody", () => {
    expect(quickRefusal(new EngineScene().state, 1, START_MS)).toBe(null);
  });
});

describe("an open latch and quota left", () => {
  test("spends the slot before the call, and queues the reservation", () => {
    expect(new EngineScene().opened().step(buy(1, "a"))).toEqual({
      effects: [FLUSH_SOON],
      changed: {
        taken: 1,
        flushAsked: true,
        queue: [{ script: "reserve", item: ITEM }],
        attempts: new Map([["a", { item: ITEM, handles: [1] }]]),
      },
    });
  });

  test("one flush serves everyone who comes before it", () => {
    const scene = new EngineScene().opened();
    scene.buy(1, "a");
    const item = { ...ITEM, id: "b", qty: 4, buyer: "b2" };
    expect(scene.step(buy(2, "b", { qty: 4, buyer: "b2" }))).toEqual({
      effects: [],
      changed: {
        taken: 5,
        queue: [
          { script: "reserve", item: ITEM },
          { script: "reserve", item },
        ],
        attempts: new Map([
          ["a", { item: ITEM, handles: [1] }],
          ["b", { item, handles: [2] }],
        ]),
      },
    });
  });

  test.each<[string, number, number, number]>([
    // At the reply, 20 ms after the call was sent, the counter's clock read COUNTER_MS.
    ["at the instant of the reply", 0, COUNTER_MS, COUNTER_MS + 3000],
    ["the clock has gone on since", 50, COUNTER_MS, COUNTER_MS + 3050],
    ["a fraction is rounded up", 50.25, COUNTER_MS, COUNTER_MS + 3051],
    ["no reply has told the time yet", 50, 0, 0],
  ])("the request's deadline in counter time: %s", (_what, afterMs, timeMs, expected) => {
    const scene = new EngineScene();
    scene.give({ type: "start" });
    scene.nowMs += 20;
    scene.replies(1, { timeMs });
    scene.nowMs += afterMs;
    scene.buy(1, "a");
    expect(scene.state.attempts.get("a")!.item.requestDeadlineMs).toBe(expected);
  });
});

describe("quota spent with stock left", () => {
  test("waits for a grant, where quota is refilled", () => {
    expect(spent(new EngineScene().opened()).step(buy(1, "a"))).toEqual({
      effects: [callCounter(2, GRANT)],
      changed: {
        waiting: [buy(1, "a")],
        grantOp: 2,
        nextOp: 3,
        inflight: new Map([[2, { call: GRANT, items: [], sentMs: START_MS }]]),
      },
    });
  });

  test("is not sold out, where it is not refilled", () => {
    expect(spent(new EngineScene({ refill: "off" }).opened()).step(buy(1, "a"))).toEqual({
      effects: [tryAgain(1, "a", "quota")],
      changed: {},
    });
  });

  test("counts the tickets wanted, to the last one", () => {
    const scene = new EngineScene({ refill: "off" }).opened();
    scene.buy(1, "a", { qty: 3 });
    expect(scene.buy(2, "b", { qty: 3 })).toEqual([tryAgain(2, "b", "quota")]);
    expect(scene.buy(3, "c", { qty: 2 })).toEqual([]);
    expect(scene.state.taken).toBe(5);
  });

  test("asks for the counter's word first, if the last one is stale", () => {
    const scene = spent(new EngineScene({ refill: "off" }).opened());
    scene.nowMs += 101;
    expect(scene.buy(1, "a")).toEqual([callCounter(2, GRANT)]);
    expect(scene.replies(2)).toEqual([tryAgain(1, "a", "quota")]);
  });
});

describe("a closed latch", () => {
  test("refuses on a word of this poll, without a call", () => {
    const scene = new EngineScene().opened({ left: 0 });
    scene.nowMs += 100;
    expect(scene.step(buy(1, "a"))).toEqual({
      effects: [told(1, "a", "SOLDOUT")],
      changed: {},
    });
  });

  test("is closed only for more than is left", () => {
    const scene = new EngineScene().opened({ left: 1 });
    expect(scene.buy(1, "a", { qty: 2 })).toEqual([told(1, "a", "SOLDOUT")]);
    expect(scene.buy(2, "b")).toEqual([FLUSH_SOON]);
  });

  test("asks once for everyone, when the word is stale", () => {
    const scene = new EngineScene().opened({ left: 0 });
    scene.nowMs += 101;
    expect(scene.buy(1, "a")).toEqual([callCounter(2, GRANT)]);
    expect(scene.step(buy(2, "b"))).toEqual({
      effects: [],
      changed: { waiting: [buy(1, "a"), buy(2, "b")] },
    });
  });
});

describe("who cannot wait is told so", () => {
  test("while the counter is out of reach, for one poll", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.fails(1, "TIMEOUT");
    scene.nowMs += 99.5;
    expect(scene.step(buy(2, "b"))).toEqual({
      effects: [tryAgain(2, "b", "unreachable")],
      changed: {},
    });
    scene.nowMs += 0.5;
    expect(scene.buy(3, "c")).toEqual([callCounter(2, GRANT)]);
  });

  test("when waitingMax wait for the counter's word", () => {
    const scene = new EngineScene();
    for (let i = 1; i <= 5; i += 1) scene.buy(i, `w${i}`);
    expect(scene.state.waiting).toHaveLength(5);
    expect(scene.step(buy(6, "a"))).toEqual({
      effects: [tryAgain(6, "a", "overload")],
      changed: {},
    });
  });

  test("when waitingMax items queue for the next flush", () => {
    const scene = new EngineScene().opened();
    for (let i = 1; i <= 4; i += 1) scene.give({ type: "cancel", handle: i, id: `c${i}` });
    expect(scene.buy(5, "a")).toEqual([]);
    expect(scene.step(buy(6, "b"))).toEqual({
      effects: [tryAgain(6, "b", "overload")],
      changed: {},
    });
  });

  test("when the server drains, before anything else", () => {
    const scene = new EngineScene().opened({ left: 0 }).reserving();
    scene.give({ type: "drain" });
    expect(scene.step(buy(1, "a"))).toEqual({
      effects: [tryAgain(1, "a", "draining")],
      changed: {},
    });
  });
});

describe("the same id again, while the first is under way", () => {
  test("shares its attempt: one slot, two answers", () => {
    const scene = new EngineScene().opened().reserving("a");
    expect(scene.step(buy(2, "a"))).toEqual({
      effects: [],
      changed: { attempts: new Map([["a", { item: ITEM, handles: [1, 2] }]]) },
    });
  });

  test.each([
    ["another quantity", { qty: 2 }],
    ["another buyer", { buyer: "b2" }],
  ])("with %s it is another request: the id is spent", (_what, other) => {
    const scene = new EngineScene().opened().reserving("a");
    expect(scene.step(buy(2, "a", other))).toEqual({
      effects: [tryAgain(2, "a", "id-spent")],
      changed: {},
    });
  });

  test("is UNKNOWN while the outcome is, for any arguments", () => {
    const scene = new EngineScene().opened().unresolved("a");
    for (const other of [{}, { qty: 2 }])
      expect(scene.step(buy(2, "a", other))).toEqual({
        effects: [told(2, "a", "UNKNOWN")],
        changed: {},
      });
  });

  test("comes before the queue's limit", () => {
    const scene = new EngineScene({ waitingMax: 1 }).opened();
    scene.buy(1, "a");
    expect(scene.buy(2, "a")).toEqual([]);
    expect(scene.buy(3, "b")).toEqual([tryAgain(3, "b", "overload")]);
  });
});
