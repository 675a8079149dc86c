import { describe, expect, test } from "vitest";
import type { CounterReply, ItemResult, ScriptError } from "../counter/calls.ts";
import type { CallError, ServerEffect, ServerInput } from "../strategy.ts";
import { ack, callCounter, cancelAnswer, payAnswer, told, tryAgain } from "../testing/effects.ts";
import {
  CANCEL,
  EngineScene,
  PAY,
  QUERY,
  replied,
  sent,
  START_MS,
} from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";

const DEADLINE_MS = COUNTER_MS + 10_000;
const SETTLE_TIMER: ServerEffect = { type: "timer", timer: "settle", afterMs: 250 };

describe("a call that failed", () => {
  const UNKNOWN: ServerEffect[] = [told(1, "a", "UNKNOWN")];
  const BUY: ServerInput = { type: "buy", handle: 1, id: "a", buyer: "b1", qty: 1 };
  const DEFINITE: readonly CallError[] = [
    "NOSCRIPT",
    "OOM",
    "READONLY",
    "LOADING",
    "NOREPLICAS",
    "MASTERDOWN",
    "BUSY",
    "CROSSSLOT",
  ];

  test.each(DEFINITE)("with %s ran nothing: the slot is free again", (error) => {
    expect(sent(BUY).step({ type: "counter-failed", op: 2, error })).toEqual({
      effects: [tryAgain(1, "a", "unreachable")],
      changed: { taken: 0, inflight: new Map(), attempts: new Map() },
    });
  });

  test.each(["TIMEOUT", "ECONNRESET", "ERR", "WRONGTYPE", "EXECABORT", ""])(
    "with %j leaves it unknown: the slot stays spent",
    (error) => {
      const scene = sent(BUY);
      const { attempts } = scene.state;
      expect(scene.step({ type: "counter-failed", op: 2, error })).toEqual({
        effects: [...UNKNOWN, SETTLE_TIMER],
        changed: { inflight: new Map(), unresolved: new Map(attempts), settleTimerSet: true },
      });
    },
  );

  const item: Record<string, ServerInput> = { PAY, CANCEL, QUERY };
  test.each<[string, ServerEffect]>([
    ["PAY", payAnswer(1, "TRYAGAIN")],
    ["CANCEL", cancelAnswer(1, "TRYAGAIN")],
    ["QUERY", told(1, "a", "UNKNOWN")],
  ])("tells %s nothing final, whatever the error", (name, effect) => {
    for (const error of ["BUSY", "TIMEOUT"])
      expect(sent(item[name]).step({ type: "counter-failed", op: 2, error })).toEqual({
        effects: [effect],
        changed: { inflight: new Map() },
      });
  });

  test("leaves everyone of a batch unknown, and sets one timer", () => {
    const scene = new EngineScene().opened().reserving("a", "b");
    scene.buy(3, "a");
    expect(scene.fails(2, "TIMEOUT")).toEqual([
      told(1, "a", "UNKNOWN"),
      told(3, "a", "UNKNOWN"),
      SETTLE_TIMER,
      told(2, "b", "UNKNOWN"),
    ]);
    expect([...scene.state.unresolved.keys()]).toEqual(["a", "b"]);
    expect(scene.state.taken).toBe(2);
  });

  test("gives back the slots of everyone of a batch, and tells every click", () => {
    const scene = new EngineScene().opened();
    scene.buy(1, "a", { qty: 2 });
    scene.buy(2, "b", { qty: 3 });
    scene.flush();
    scene.buy(3, "a", { qty: 2 });
    expect(scene.fails(2, "LOADING")).toEqual([
      tryAgain(1, "a", "unreachable"),
      tryAgain(3, "a", "unreachable"),
      tryAgain(2, "b", "unreachable"),
    ]);
    expect(scene.state.taken).toBe(0);
  });

  test.each<ScriptError>(["NOEVENT", "BADQTY", "BADARG", "BADTTL", "BADTOTAL"])(
    "in the script, %s, is definite, and its numbers say nothing",
    (error) => {
      const nothing = { error, epoch: 0, left: 0, timeMs: 0 };
      expect(sent(BUY).step(replied(2, nothing))).toEqual({
        effects: [tryAgain(1, "a", "unreachable")],
        changed: { taken: 0, inflight: new Map(), attempts: new Map() },
      });
    },
  );

  test("in the script of a grant: who waits is told, and the server backs off", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    expect(scene.step(replied(1, { error: "NOEVENT" }))).toEqual({
      effects: [tryAgain(1, "a", "unreachable")],
      changed: {
        waiting: [],
        grantOp: 0,
        inflight: new Map(),
        unreachableUntilMs: START_MS + 100,
      },
    });
  });
});

describe("a reply that comes after its call was given up", () => {
  test("is ignored, and so is a second failure", () => {
    const scene = new EngineScene().opened().unresolved("a");
    const late = { generation: 9, left: 0, timeMs: COUNTER_MS + 1, results: [result("OK", HELD)] };
    for (const input of [
      replied(2, late),
      { type: "counter-failed", op: 2, error: "OOM" } as const,
    ])
      expect(scene.step(input)).toEqual({ effects: [], changed: {} });
  });

  test("of a grant is ignored", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.fails(1, "TIMEOUT");
    expect(scene.step(replied(1))).toEqual({ effects: [], changed: {} });
  });
});

describe("every reply brings the counter's word", () => {
  const OK: Partial<CounterReply> = { results: [result("OK", HELD)] };

  test("on the stock, as of when the call was sent", () => {
    const scene = new EngineScene().opened().reserving("a");
    scene.nowMs += 40;
    scene.replies(2, { ...OK, generation: 2, left: 9 });
    expect(scene.state.latch).toEqual({
      epoch: 7,
      generation: 2,
      left: 9,
      askedMs: START_MS,
    });
  });

  test.each([
    ["later", COUNTER_MS + 70, COUNTER_MS + 70, START_MS + 40],
    ["the same, heard later", COUNTER_MS, COUNTER_MS, START_MS + 40],
    ["earlier: overtaken on its way", COUNTER_MS - 1, COUNTER_MS, START_MS],
  ])("on the time: %s", (_what, timeMs, counterTimeMs, counterHeardMs) => {
    const scene = new EngineScene().opened().reserving("a");
    scene.nowMs += 40;
    scene.replies(2, { ...OK, timeMs });
    expect(scene.state).toMatchObject({ counterTimeMs, counterHeardMs });
  });

  test("FENCED brings the epoch, and what comes next is sent in it", () => {
    const scene = sent(CANCEL);
    scene.replies(2, { code: "FENCED", epoch: 8, results: [result("FENCED")] });
    expect(scene.state.epoch).toBe(8);
    scene.give(CANCEL);
    const call = { script: "release", epoch: 8, items: [{ id: "a" }] } as const;
    expect(scene.flush()).toEqual([callCounter(3, call)]);
  });

  test("any other reply leaves the epoch alone", () => {
    const scene = sent(CANCEL);
    scene.replies(2, { epoch: 8, results: [result("OK")] });
    expect(scene.state.epoch).toBe(7);
  });

  test("a fenced grant grants nothing but what the first in line wants", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.replies(1, { code: "FENCED", epoch: 8, liveServers: 1 });
    expect(scene.state).toMatchObject({ epoch: 8, quota: 5, taken: 1, grantOp: 0 });
  });
});

describe("a reply read long after its call was sent", () => {
  /** The reply to a reservation, read so long after the call. */
  function afterPause(pauseMs: number, itemResult: ItemResult): [EngineScene, unknown] {
    const scene = new EngineScene().opened().reserving("a");
    scene.nowMs += pauseMs;
    return [scene, scene.replies(2, { results: [itemResult] })];
  }

  test("is good for callTimeoutMs", () => {
    const [, effects] = afterPause(1000, result("OK", HELD));
    expect(effects).toEqual([ack(1, "a", { deadlineMs: DEADLINE_MS })]);
  });

  test.each<[string, ItemResult]>([
    ["OK", result("OK", HELD)],
    ["DUP", result("DUP", HELD)],
  ])("tells nobody that he holds a ticket: %s is asked about again", (_what, itemResult) => {
    const [{ state }, effects] = afterPause(1000.5, itemResult);
    expect(effects).toEqual([told(1, "a", "UNKNOWN"), SETTLE_TIMER]);
    expect(state.taken).toBe(1);
    expect([...state.attempts.keys()]).toEqual(["a"]);
    expect([...state.unresolved.keys()]).toEqual(["a"]);
  });

  test.each<[string, ItemResult, ServerEffect]>([
    ["SOLDOUT", result("SOLDOUT"), tryAgain(1, "a", "late")],
    ["USERLIMIT", result("USERLIMIT"), told(1, "a", "USERLIMIT")],
    ["LATE", result("LATE"), tryAgain(1, "a", "late")],
    ["NOTOPEN", result("NOTOPEN"), tryAgain(1, "a", "not-open")],
  ])("refuses nobody for want of stock: %s", (_what, itemResult, effect) => {
    const [{ state }, effects] = afterPause(1001, itemResult);
    expect(effects).toEqual([effect]);
    expect(state).toMatchObject({ taken: 0, attempts: new Map(), unresolved: new Map() });
  });

  test("a settle still frees the slot, but the one who asked is told nothing", () => {
    const scene = new EngineScene().opened().unresolved("a");
    scene.give({ type: "query", handle: 5, id: "a" });
    scene.flush();
    scene.nowMs += 1001;
    expect(scene.replies(3, { results: [result("OK", { state: "D" })] })).toEqual([
      told(5, "a", "UNKNOWN"),
    ]);
    expect(scene.state).toMatchObject({ taken: 0, unresolved: new Map() });
  });

  test("a payment's answer is final, however old", () => {
    const scene = sent(PAY);
    scene.nowMs += 1001;
    expect(scene.replies(2, { results: [result("OK")] })).toEqual([payAnswer(1, "PAID")]);
  });

  test("a grant is asked for again, if somebody waits", () => {
    const scene = new EngineScene();
    scene.buy(1, "a");
    scene.nowMs += 1001;
    const call = { script: "grant", epoch: 7, server: "s1", liveMs: 2000 } as const;
    expect(scene.step(replied(1, { liveServers: 1 }))).toEqual({
      effects: [callCounter(2, call)],
      changed: {
        latch: { epoch: 7, generation: 0, left: 100, askedMs: START_MS },
        counterTimeMs: COUNTER_MS,
        counterHeardMs: START_MS + 1001,
        grantOp: 2,
        nextOp: 3,
        inflight: new Map([[2, { call, items: [], sentMs: START_MS + 1001 }]]),
      },
    });
  });

  test("a grant that nobody waits for is not", () => {
    const scene = new EngineScene();
    scene.give({ type: "start" });
    scene.nowMs += 1001;
    expect(scene.replies(1)).toEqual([]);
    expect(scene.state.grantOp).toBe(0);
  });
});
