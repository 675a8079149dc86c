import { describe, expect, test } from "vitest";
import type { ReserveItem } from "../counter/calls.ts";
import { callCounter, FLUSH_SOON, told, tryAgain } from "../testing/effects.ts";
import { buy, EngineScene, replied, START_MS } from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";
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

describe("the counter has spoken", () => {
  /** Quota 5, 5 taken, and a request that waits for the grant, operation 2. */
  function waitingFor(qty: number): EngineScene {
    const scene = spent(new EngineScene().opened());
    scene.buy(1, "a", { qty });
    return scene;
  }

  test.each<[string, number, { left: number; liveServers: number }, number]>([
    ["quota grows by this server's share, rounded up", 1, { left: 7, liveServers: 2 }, 5 + 4],
    ["at least to what the first in line wants", 3, { left: 90, liveServers: 100 }, 5 + 3],
    ["if that much is left", 3, { left: 2, liveServers: 0 }, 5 + 2],
    ["not at all when nothing is", 1, { left: 0, liveServers: 2 }, 5],
    ["by nothing shared among nobody but what the first wants", 1, { left: 9, liveServers: 0 }, 6],
  ])("%s", (_what, qty, word, quota) => {
    const scene = waitingFor(qty);
    scene.replies(2, { generation: 1, ...word });
    expect(scene.state.quota).toBe(quota);
  });

  test("everyone who waited is decided on, in order, and nobody waits any more", () => {
    const scene = waitingFor(2);
    scene.buy(2, "b", { qty: 9 });
    scene.buy(3, "c");
    scene.buy(4, "d", { qty: 2 });
    const item = { ...ITEM, id: "a", qty: 2 };
    const itemC = { ...ITEM, id: "c" };
    // Of 8 left the share of one in three is 3: "a" takes 2, "c" takes 1, "d" asks for more.
    const { effects, changed } = scene.step(replied(2, { left: 8, liveServers: 3 }));
    expect(effects).toEqual([told(2, "b", "SOLDOUT"), callCounter(3, GRANT)]);
    expect(changed).toEqual({
      quota: 8,
      taken: 8,
      latch: { epoch: 7, generation: 0, left: 8, askedMs: START_MS },
      queue: [
        scene.state.queue[0],
        { script: "reserve", item },
        { script: "reserve", item: itemC },
      ],
      attempts: new Map([
        ["big", scene.state.attempts.get("big")],
        ["a", { item, handles: [1] }],
        ["c", { item: itemC, handles: [3] }],
      ]),
      waiting: [buy(4, "d", { qty: 2 })],
      grantOp: 3,
      nextOp: 4,
      inflight: new Map([[3, { call: GRANT, items: [], sentMs: START_MS }]]),
    });
  });

  test("quota is never taken away, nor granted to whom has enough", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.replies(1, { liveServers: 0 });
    expect([scene.state.quota, scene.state.taken]).toEqual([5, 1]);
  });

  test("without refill quota stays what it is", () => {
    const scene = new EngineScene({ refill: "off" });
    scene.buy(1, "a");
    scene.replies(1, { liveServers: 1 });
    expect([scene.state.quota, scene.state.taken]).toEqual([5, 1]);
  });

  test("when nobody waited, quota stays what it is", () => {
    const scene = new EngineScene();
    scene.give({ type: "start" });
    expect(scene.step(replied(1, { liveServers: 1 }))).toEqual({
      effects: [],
      changed: {
        latch: { epoch: 7, generation: 0, left: 100, askedMs: START_MS },
        counterTimeMs: COUNTER_MS,
        counterHeardMs: START_MS,
        grantOp: 0,
        inflight: new Map(),
      },
    });
  });

  test("a word that was long under way still serves those who waited for it", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.nowMs += 1000;
    expect(scene.replies(1, { left: 0 })).toEqual([told(1, "a", "SOLDOUT")]);
  });

  test("no grant: everyone who waited is told to try again, and the server backs off", () => {
    const scene = waitingFor(1);
    scene.buy(2, "b");
    scene.nowMs += 30;
    expect(scene.step({ type: "counter-failed", op: 2, error: "TIMEOUT" })).toEqual({
      effects: [tryAgain(1, "a", "unreachable"), tryAgain(2, "b", "unreachable")],
      changed: {
        unreachableUntilMs: START_MS + 30 + 100,
        waiting: [],
        grantOp: 0,
        inflight: new Map(),
      },
    });
  });

  test("a reply of any call ends the back-off", () => {
    const scene = new EngineScene().opened();
    scene.reserving("a");
    spent(scene);
    scene.nowMs += 101;
    scene.buy(2, "b", { qty: 5 });
    scene.fails(3, "ECONNREFUSED");
    expect(scene.state.unreachableUntilMs).toBe(START_MS + 201);
    scene.replies(2, { results: [result("OK", HELD)] });
    expect(scene.state.unreachableUntilMs).toBe(Number.NEGATIVE_INFINITY);
  });
});
