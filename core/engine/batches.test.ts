import { describe, expect, test } from "vitest";
import type { ReserveItem } from "../counter/calls.ts";
import { callCounter, FLUSH_SOON, told } from "../testing/effects.ts";
import { EngineScene, replied, START_MS } from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";
import type { QueuedItem } from "./state.ts";

/** `reserve a`, `confirm a`, `release a` or `settle a`, in the order of the handles. */
function give(scene: EngineScene, ...items: readonly string[]): EngineScene {
  items.forEach((text, i) => {
    const [script, id] = text.split(" ") as [QueuedItem["script"], string];
    const handle = i + 1;
    if (script === "reserve") scene.buy(handle, id);
    else if (script === "confirm") scene.give({ type: "pay", handle, id, paymentId: `pay-${id}` });
    else scene.give({ type: script === "release" ? "cancel" : "query", handle, id });
  });
  return scene;
}

const item = (id: string): ReserveItem => ({
  id,
  qty: 1,
  buyer: "b1",
  ttlMs: 10_000,
  maxPerBuyer: 4,
  requestDeadlineMs: COUNTER_MS + 3000,
});

/** What each call of a flush carries: `script id id`. */
function callsOf(scene: EngineScene): string[] {
  return scene.flush().map((effect) => {
    if (effect.type !== "call-counter" || !("items" in effect.call)) return effect.type;
    return [effect.call.script, ...effect.call.items.map(({ id }) => id)].join(" ");
  });
}

const queuedOf = (scene: EngineScene): string[] =>
  scene.state.queue.map((queued) => `${queued.script} ${queued.item.id}`);

describe("a flush sends", () => {
  test("reservations in the name of this start of this server", () => {
    const scene = give(new EngineScene({}, { incarnation: 3 }), "reserve a", "reserve b");
    // A restarted server has no quota: the two wait for the grant, operation 1.
    scene.replies(1, { liveServers: 1 });
    const a = { ...item("a"), requestDeadlineMs: COUNTER_MS + 3000 };
    const call = {
      script: "reserve",
      epoch: 7,
      server: "s1",
      incarnation: 3,
      items: [a, item("b")],
    } as const;
    const items = [
      { script: "reserve", item: a },
      { script: "reserve", item: item("b") },
    ] as const;
    expect(scene.step({ type: "flush" })).toEqual({
      effects: [callCounter(2, call)],
      changed: {
        flushAsked: false,
        queue: [],
        nextOp: 3,
        inflight: new Map([[2, { call, items, sentMs: START_MS }]]),
      },
    });
  });

  test("payments with the sale's rule for late ones", () => {
    const scene = give(new EngineScene(), "confirm a", "confirm b");
    const items = [
      { id: "a", paymentId: "pay-a" },
      { id: "b", paymentId: "pay-b" },
    ];
    const call = { script: "confirm", epoch: 7, latePayment: "revive", items } as const;
    expect(scene.flush()).toEqual([callCounter(1, call)]);
  });

  test.each(["release", "settle"] as const)("%s by id", (script) => {
    const scene = give(new EngineScene(), `${script} a`);
    const call = { script, epoch: 7, items: [{ id: "a" }] } as const;
    expect(scene.flush()).toEqual([callCounter(1, call)]);
  });

  test("nothing, if nothing waits", () => {
    expect(new EngineScene().step({ type: "flush" })).toEqual({ effects: [], changed: {} });
  });
});

describe("batches", () => {
  test.each<[string, string[], string[], string[]]>([
    [
      "hold at most batchMax items",
      ["reserve a", "reserve b", "reserve c", "reserve d"],
      ["reserve a b c", "reserve d"],
      [],
    ],
    [
      "are runs of one script, in order",
      ["confirm a", "confirm b", "release a", "release c"],
      ["confirm a b", "release a c"],
      [],
    ],
    [
      "are at most inflightMax under way: the rest waits",
      ["reserve a", "confirm x", "reserve b", "reserve c"],
      ["reserve a", "confirm x"],
      ["reserve b", "reserve c"],
    ],
  ])("%s", (_what, items, calls, left) => {
    const scene = give(new EngineScene().opened(), ...items);
    expect(callsOf(scene)).toEqual(calls);
    expect(queuedOf(scene)).toEqual(left);
  });

  test("a call that is over makes room: what waits asks for a flush, once", () => {
    const scene = give(new EngineScene().opened(), "reserve a", "release x", "reserve b");
    scene.flush();
    expect(scene.flush()).toEqual([]);
    expect(scene.replies(2, { results: [result("OK", HELD)] })[0]).toEqual(FLUSH_SOON);
    expect(scene.replies(3, { results: [result("DUP")] })).not.toContainEqual(FLUSH_SOON);
    expect(callsOf(scene)).toEqual(["reserve b"]);
    expect(scene.replies(4, { results: [result("SOLDOUT")] })).not.toContainEqual(FLUSH_SOON);
  });

  test("while no call may begin, what is queued asks for no flush", () => {
    const scene = new EngineScene({ inflightMax: 1 }).opened();
    expect(scene.buy(1, "a")).toEqual([FLUSH_SOON]);
    scene.flush();
    expect(scene.buy(2, "b")).toEqual([]);
    expect(queuedOf(scene)).toEqual(["reserve b"]);
    expect(scene.replies(2, { results: [result("OK", HELD)] })[0]).toEqual(FLUSH_SOON);
  });

  test("a call that failed makes room too", () => {
    const scene = give(new EngineScene().opened(), "reserve a", "release x", "reserve b");
    scene.flush();
    expect(scene.fails(2, "TIMEOUT")[0]).toEqual(FLUSH_SOON);
  });

  test("calls are numbered and remember when they were sent", () => {
    const scene = give(new EngineScene({ batchMax: 1 }).opened(), "release a", "release b");
    scene.nowMs += 5;
    scene.flush();
    const sent = [...scene.state.inflight].map(([op, { sentMs }]) => [op, sentMs]);
    expect(sent).toEqual([
      [2, START_MS + 5],
      [3, START_MS + 5],
    ]);
  });

  test("a grant is a call under way like any other, but waits for none", () => {
    const scene = give(new EngineScene().opened({ left: 0 }), "confirm a", "release b");
    scene.flush();
    scene.nowMs += 101;
    expect(scene.buy(3, "c")).toHaveLength(1);
    scene.give({ type: "cancel", handle: 4, id: "d" });
    expect(callsOf(scene)).toEqual([]);
    scene.replies(2, { left: 0, results: [result("OK")] });
    expect(callsOf(scene)).toEqual([]);
    scene.replies(4, { left: 0 });
    expect(callsOf(scene)).toEqual(["release d"]);
  });
});

describe("stock that ran out while reservations queued", () => {
  /** `x` is under way as operation 2; `a` (2 tickets) and `b` (1) wait behind it, with a release. */
  function queued(): EngineScene {
    const scene = new EngineScene({ inflightMax: 1 }).opened().reserving("x");
    scene.buy(2, "a", { qty: 2 });
    scene.buy(3, "b");
    scene.give({ type: "cancel", handle: 4, id: "c" });
    scene.flush();
    return scene;
  }

  test("refuses those who want more than is left, and gives their slots back", () => {
    const scene = queued();
    scene.buy(5, "a", { qty: 2 });
    scene.step(replied(2, { left: 1, results: [result("OK", HELD)] }));
    scene.nowMs += 100;
    const call = {
      script: "reserve",
      epoch: 7,
      server: "s1",
      incarnation: 0,
      items: [item("b")],
    } as const;
    const b = scene.state.attempts.get("b")!;
    const items = [{ script: "reserve", item: item("b") }] as const;
    expect(scene.step({ type: "flush" })).toEqual({
      effects: [told(2, "a", "SOLDOUT"), told(5, "a", "SOLDOUT"), callCounter(3, call)],
      changed: {
        flushAsked: false,
        taken: 2,
        queue: [{ script: "release", item: { id: "c" }, handle: 4 }],
        attempts: new Map([["b", b]]),
        nextOp: 4,
        inflight: new Map([[3, { call, items, sentMs: START_MS + 100 }]]),
      },
    });
  });

  test("refuses nobody on a word older than pollMs: the counter is asked", () => {
    const scene = queued();
    scene.replies(2, { left: 0, results: [result("OK", HELD)] });
    scene.nowMs += 101;
    expect(callsOf(scene)).toEqual(["reserve a b"]);
  });

  test("refuses a single one that waits", () => {
    const scene = new EngineScene({ inflightMax: 1 }).opened().reserving("x");
    scene.buy(2, "a");
    scene.replies(2, { left: 0, results: [result("OK", HELD)] });
    expect(scene.flush()).toEqual([told(2, "a", "SOLDOUT")]);
  });

  test("refuses also when no call may be sent", () => {
    const scene = new EngineScene({ inflightMax: 1 }).opened({ left: 5 }).reserving("x");
    scene.buy(2, "a", { qty: 3 });
    // Its quota is spent: the word comes with a grant, while the first call is still under way.
    scene.buy(3, "b", { qty: 2 });
    expect(scene.replies(3, { left: 2 })).toEqual([FLUSH_SOON]);
    expect(scene.flush()).toEqual([told(2, "a", "SOLDOUT")]);
    expect(queuedOf(scene)).toEqual(["reserve b"]);
  });
});
