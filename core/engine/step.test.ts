import { expect, test } from "vitest";
import { callCounter, FLUSH_SOON, told } from "../testing/effects.ts";
import { EngineScene, START_MS } from "../testing/engine-scene.ts";
import { result } from "../testing/replies.ts";

test("a server asks for the counter's word as it starts", () => {
  const call = { script: "grant", epoch: 7, server: "s1", liveMs: 2000 } as const;
  expect(new EngineScene().step({ type: "start" })).toEqual({
    effects: [callCounter(1, call)],
    changed: {
      grantOp: 1,
      nextOp: 2,
      inflight: new Map([[1, { call, items: [], sentMs: START_MS }]]),
    },
  });
});

test("a payment queues a confirmation", () => {
  const item = { id: "a", paymentId: "p1" };
  expect(new EngineScene().step({ type: "pay", handle: 3, ...item })).toEqual({
    effects: [FLUSH_SOON],
    changed: { flushAsked: true, queue: [{ script: "confirm", item, handle: 3 }] },
  });
});

test("a cancellation queues a release", () => {
  expect(new EngineScene().step({ type: "cancel", handle: 3, id: "a" })).toEqual({
    effects: [FLUSH_SOON],
    changed: { flushAsked: true, queue: [{ script: "release", item: { id: "a" }, handle: 3 }] },
  });
});

test("a query queues a settle, if nothing is known of the id", () => {
  expect(new EngineScene().step({ type: "query", handle: 3, id: "a" })).toEqual({
    effects: [FLUSH_SOON],
    changed: { flushAsked: true, queue: [{ script: "settle", item: { id: "a" }, handle: 3 }] },
  });
});

test("a query of an attempt under way queues behind it", () => {
  const scene = new EngineScene().opened().reserving("a");
  expect(scene.step({ type: "query", handle: 3, id: "a" })).toEqual({
    effects: [{ type: "flush-soon" }],
    changed: { flushAsked: true, queue: [{ script: "settle", item: { id: "a" }, handle: 3 }] },
  });
  expect(scene.replies(2, { results: [result("USERLIMIT")] })).toEqual([told(1, "a", "USERLIMIT")]);
});

test("a question is not refused with the queued request that it asks about", () => {
  const scene = new EngineScene().opened();
  scene.buy(1, "a");
  scene.give({ type: "query", handle: 2, id: "a" });
  scene.state.latch.left = 0;
  expect(scene.flush()).not.toContainEqual(told(2, "a", "SOLDOUT"));
});

test("a draining server still answers a second click with the first", () => {
  const scene = new EngineScene().opened().reserving("a");
  scene.give({ type: "drain" });
  expect(scene.buy(4, "a")).toEqual([]);
});

test("a draining server admits nobody and settles what is pending", () => {
  const scene = new EngineScene().opened().reserving("a");
  expect(scene.step({ type: "drain" })).toEqual({ effects: [], changed: { draining: true } });
  expect(scene.replies(2, { results: [result("SOLDOUT")] })).toEqual([told(1, "a", "SOLDOUT")]);
  expect(scene.give({ type: "pay", handle: 2, id: "x", paymentId: "p" })).toEqual([FLUSH_SOON]);
});

test("a pre-deduct server makes no database calls", () => {
  const scene = new EngineScene();
  const answer = { code: "OK", left: 1 } as const;
  expect(() => scene.give({ type: "database-reply", op: 1, reply: answer })).toThrow(
    "pre-deduct servers make no database calls, yet got database-reply",
  );
  expect(() => scene.give({ type: "database-failed", op: 1, error: "53300" })).toThrow(
    "pre-deduct servers make no database calls, yet got database-failed",
  );
});
