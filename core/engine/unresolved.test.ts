import { describe, expect, test } from "vitest";
import type { ItemResult } from "../counter/calls.ts";
import { ack, callCounter, FLUSH_SOON, told, tryAgain } from "../testing/effects.ts";
import { EngineScene, replied } from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";

const TIMER = { type: "timer", timer: "settle", afterMs: 250 } as const;
const FIRES = { type: "timer", timer: "settle" } as const;
const settleOf = (id: string) => ({ script: "settle", item: { id }, handle: -1 }) as const;

/** `a` and `b` are unresolved and asked about: the settle is operation 3. */
function asked(): EngineScene {
  const scene = new EngineScene().opened().unresolved("a", "b");
  scene.give(FIRES);
  scene.flush();
  return scene;
}

describe("the timer", () => {
  test("asks for every unresolved id, and is set again", () => {
    const scene = new EngineScene().opened().unresolved("a", "b");
    expect(scene.step(FIRES)).toEqual({
      effects: [FLUSH_SOON, TIMER],
      changed: { flushAsked: true, queue: [settleOf("a"), settleOf("b")] },
    });
    const call = { script: "settle", epoch: 7, items: [{ id: "a" }, { id: "b" }] } as const;
    expect(scene.flush()).toEqual([callCounter(3, call)]);
  });

  test("is set once, however many calls fail", () => {
    const scene = new EngineScene().opened().unresolved("a");
    scene.buy(2, "b");
    scene.flush();
    expect(scene.fails(3, "TIMEOUT")).toEqual([told(2, "b", "UNKNOWN")]);
  });

  test("asks no second time while the first question waits for its turn", () => {
    const scene = new EngineScene({ inflightMax: 1 }).opened().unresolved("a");
    scene.give({ type: "cancel", handle: 9, id: "x" });
    scene.flush();
    scene.give(FIRES);
    expect(scene.step(FIRES)).toEqual({ effects: [TIMER], changed: {} });
    scene.replies(3, { results: [result("OK")] });
    expect(scene.flush()).toHaveLength(1);
    expect(scene.step(FIRES)).toEqual({ effects: [TIMER], changed: { queue: [settleOf("a")] } });
  });

  test("asks although a buyer's question waits: that is not the server's own", () => {
    const scene = new EngineScene({ inflightMax: 1 }).opened().unresolved("a");
    scene.give({ type: "cancel", handle: 9, id: "x" });
    scene.flush();
    scene.give({ type: "query", handle: 7, id: "y" });
    scene.flush();
    const question = { script: "settle", item: { id: "y" }, handle: 7 } as const;
    expect(scene.step(FIRES)).toEqual({
      effects: [TIMER],
      changed: { queue: [question, settleOf("a")] },
    });
  });

  test("ends when there is nothing to ask about, and can be set anew", () => {
    const scene = asked();
    scene.replies(3, { results: [result("OK", HELD), result("OK", HELD)] });
    expect(scene.step(FIRES)).toEqual({ effects: [], changed: { settleTimerSet: false } });
    scene.buy(3, "c");
    scene.flush();
    expect(scene.fails(4, "TIMEOUT")).toEqual([told(3, "c", "UNKNOWN"), TIMER]);
  });
});

describe("what the counter says became of it", () => {
  test.each<[string, ItemResult, number]>([
    ["held by this start of this server: the slot is kept", result("OK", HELD), 2],
    ["paid: kept", result("OK", { ...HELD, state: "C" }), 2],
    ["held through another server", result("OK", { ...HELD, server: "s2" }), 1],
    ["held through an earlier start", result("OK", { ...HELD, incarnation: 1 }), 1],
    ["expired", result("OK", { ...HELD, state: "X" }), 1],
    ["released", result("OK", { ...HELD, state: "L" }), 1],
    ["refunded", result("OK", { ...HELD, state: "R" }), 1],
    ["it never arrived, and never may: a tombstone", result("OK", { state: "D" }), 1],
  ])("%s", (_what, itemResult, taken) => {
    const scene = asked();
    const b = scene.state.attempts.get("b")!;
    const { effects, changed } = scene.step(
      replied(3, { results: [itemResult, result("FENCED")] }),
    );
    expect(effects).toEqual([]);
    expect(changed).toEqual({
      ...(taken === 2 ? { kept: new Set(["a"]) } : { taken }),
      inflight: new Map(),
      attempts: new Map([["b", b]]),
      unresolved: new Map([["b", b]]),
    });
  });

  test.each<[string, (scene: EngineScene) => void]>([
    ["was acknowledged", (scene) => scene.replies(2, { results: [result("OK", HELD)] })],
    [
      "was settled",
      (scene) => {
        scene.fails(2, "TIMEOUT");
        scene.give({ type: "query", handle: 7, id: "a" });
        scene.flush();
        scene.replies(3, { results: [result("OK", HELD)] });
      },
    ],
  ])("held since an earlier attempt here that %s: one slot for the one row", (_what, earlier) => {
    const scene = new EngineScene().opened().reserving("a");
    earlier(scene);
    expect(scene.state).toMatchObject({ taken: 1, kept: new Set(["a"]) });
    scene.buy(8, "a");
    scene.flush();
    expect(scene.state.taken).toBe(2);
    scene.fails(scene.state.nextOp - 1, "TIMEOUT");
    scene.give({ type: "query", handle: 9, id: "a" });
    scene.flush();
    scene.replies(scene.state.nextOp - 1, { results: [result("OK", HELD)] });
    expect(scene.state.taken).toBe(1);
  });

  test("gives back all the tickets of the slot", () => {
    const scene = new EngineScene().opened();
    scene.buy(1, "a", { qty: 3 });
    scene.flush();
    scene.fails(2, "TIMEOUT");
    scene.give(FIRES);
    scene.flush();
    scene.replies(3, { results: [result("OK", { state: "D" })] });
    expect(scene.state.taken).toBe(0);
  });

  test("a second settle of the same id changes nothing", () => {
    const scene = asked();
    scene.give(FIRES);
    scene.flush();
    const tombstones = { results: [result("OK", { state: "D" }), result("OK", { state: "D" })] };
    scene.replies(3, tombstones);
    expect(scene.step(replied(4, tombstones))).toEqual({
      effects: [],
      changed: { inflight: new Map() },
    });
    expect(scene.state.taken).toBe(0);
  });

  test("a settle that fails is asked again by the timer, and nobody hears of it", () => {
    const scene = asked();
    for (const error of ["TIMEOUT", "OOM"]) {
      const op = scene.state.nextOp - 1;
      expect(scene.step({ type: "counter-failed", op, error })).toEqual({
        effects: [],
        changed: { inflight: new Map() },
      });
      expect(scene.give(FIRES)).toEqual([FLUSH_SOON, TIMER]);
      expect(scene.flush()).toHaveLength(1);
    }
    expect(scene.state.taken).toBe(2);
  });
});

describe("a query of an unresolved id", () => {
  test("settles it, tells the one who asked, and frees the slot", () => {
    const scene = new EngineScene().opened().unresolved("a");
    expect(scene.step({ type: "query", handle: 7, id: "a" })).toEqual({
      effects: [FLUSH_SOON],
      changed: {
        flushAsked: true,
        queue: [{ script: "settle", item: { id: "a" }, handle: 7 }],
      },
    });
    scene.flush();
    expect(scene.replies(3, { results: [result("OK", { state: "D" })] })).toEqual([
      tryAgain(7, "a", "id-spent"),
    ]);
    expect(scene.state).toMatchObject({ taken: 0, attempts: new Map(), unresolved: new Map() });
  });

  test("whose ticket is held: it is ours, and the buyer's", () => {
    const scene = new EngineScene().opened().unresolved("a");
    scene.give({ type: "query", handle: 7, id: "a" });
    scene.flush();
    expect(scene.replies(3, { results: [result("OK", HELD)] })).toEqual([
      ack(7, "a", { deadlineMs: COUNTER_MS + 10_000 }),
    ]);
    expect(scene.state).toMatchObject({ taken: 1, attempts: new Map(), unresolved: new Map() });
  });
});
