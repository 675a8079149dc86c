import { describe, expect, test } from "vitest";
import type { CancelAnswer, PaymentAnswer } from "../answers.ts";
import type { ItemCode, ItemResult } from "../counter/calls.ts";
import type { ServerEffect } from "../strategy.ts";
import { ack, cancelAnswer, FLUSH_SOON, payAnswer, told, tryAgain } from "../testing/effects.ts";
import { CANCEL, EngineScene, PAY, QUERY, replied, sent } from "../testing/engine-scene.ts";
import { COUNTER_MS, HELD, result } from "../testing/replies.ts";

const DEADLINE_MS = COUNTER_MS + 10_000;

describe("a reservation is answered", () => {
  test.each<[string, ItemResult, ServerEffect, number]>([
    ["OK: it holds the slot", result("OK", HELD), ack(1, "a", { deadlineMs: DEADLINE_MS }), 1],
    // The row's slot is that of the attempt which made it; this one's own is free again.
    ["DUP, held", result("DUP", HELD), ack(1, "a", { deadlineMs: DEADLINE_MS }), 0],
    [
      "DUP, paid",
      result("DUP", { ...HELD, state: "C" }),
      ack(1, "a", { deadlineMs: DEADLINE_MS, paid: true }),
      0,
    ],
    ["DUP, expired", result("DUP", { ...HELD, state: "X" }), tryAgain(1, "a", "id-spent"), 0],
    ["DUP, released", result("DUP", { ...HELD, state: "L" }), tryAgain(1, "a", "id-spent"), 0],
    ["DUP, refunded", result("DUP", { ...HELD, state: "R" }), tryAgain(1, "a", "id-spent"), 0],
    ["DUP, tombstone", result("DUP", { state: "D" }), tryAgain(1, "a", "id-spent"), 0],
    ["CONFLICT", result("CONFLICT", HELD), tryAgain(1, "a", "id-spent"), 0],
    ["SOLDOUT", result("SOLDOUT"), told(1, "a", "SOLDOUT"), 0],
    ["USERLIMIT", result("USERLIMIT"), told(1, "a", "USERLIMIT"), 0],
    ["LATE", result("LATE"), tryAgain(1, "a", "late"), 0],
    ["NOTOPEN", result("NOTOPEN"), tryAgain(1, "a", "not-open"), 0],
    ["FENCED", result("FENCED"), tryAgain(1, "a", "unreachable"), 0],
    ["SEALED", result("SEALED"), tryAgain(1, "a", "unreachable"), 0],
  ])("%s", (_what, itemResult, effect, taken) => {
    const scene = new EngineScene().opened().reserving("a");
    const { effects, changed } = scene.step(replied(2, { results: [itemResult] }));
    expect(effects).toEqual([effect]);
    expect(changed).toEqual({
      ...(taken === 1 ? { kept: new Set(["a"]) } : { taken }),
      inflight: new Map(),
      attempts: new Map(),
    });
  });

  test("each of a batch by its own result, in order, with its own quantity", () => {
    const scene = new EngineScene().opened();
    scene.buy(1, "a", { qty: 2 });
    scene.buy(2, "b", { qty: 3 });
    scene.flush();
    expect(scene.replies(2, { results: [result("OK", HELD), result("USERLIMIT")] })).toEqual([
      ack(1, "a", { deadlineMs: DEADLINE_MS }),
      told(2, "b", "USERLIMIT"),
    ]);
    expect(scene.state.taken).toBe(2);
  });

  test("everyone who clicked", () => {
    const scene = new EngineScene().opened().reserving("a");
    scene.buy(2, "a");
    expect(scene.replies(2, { results: [result("SOLDOUT")] })).toEqual([
      told(1, "a", "SOLDOUT"),
      told(2, "a", "SOLDOUT"),
    ]);
  });
});

describe("a payment is answered", () => {
  test.each<[ItemCode, PaymentAnswer]>([
    ["OK", "PAID"],
    ["DUP", "PAID"],
    ["REVIVED", "PAID"],
    ["PAYMENTCONFLICT", "PAYMENTCONFLICT"],
    ["FENCED", "TRYAGAIN"],
    ["DOUBLEPAY", "REFUND"],
    ["EXPIRED", "REFUND"],
    ["RELEASED", "REFUND"],
    ["NOSUCH", "REFUND"],
  ])("%s: %s", (code, answer) => {
    expect(sent(PAY).step(replied(2, { results: [result(code)] }))).toEqual({
      effects: [payAnswer(1, answer)],
      changed: { inflight: new Map() },
    });
  });
});

describe("who cancels is told", () => {
  test.each<[ItemCode, CancelAnswer]>([
    ["OK", "CANCELLED"],
    ["DUP", "CANCELLED"],
    ["TOMBSTONE", "CANCELLED"],
    ["CONFIRMED", "CONFIRMED"],
    ["FENCED", "TRYAGAIN"],
  ])("%s: %s", (code, answer) => {
    expect(sent(CANCEL).step(replied(2, { results: [result(code)] }))).toEqual({
      effects: [cancelAnswer(1, answer)],
      changed: { inflight: new Map() },
    });
  });
});

describe("who asks about an id is told", () => {
  test.each<[string, ItemResult, ServerEffect]>([
    ["held", result("OK", HELD), ack(1, "a", { deadlineMs: DEADLINE_MS })],
    [
      "paid",
      result("OK", { ...HELD, state: "C" }),
      ack(1, "a", { deadlineMs: DEADLINE_MS, paid: true }),
    ],
    ["expired", result("OK", { ...HELD, state: "X" }), tryAgain(1, "a", "id-spent")],
    ["never reserved", result("OK", { state: "D" }), tryAgain(1, "a", "id-spent")],
    ["the counter of another epoch", result("FENCED"), told(1, "a", "UNKNOWN")],
  ])("%s", (_what, itemResult, effect) => {
    expect(sent(QUERY).step(replied(2, { results: [itemResult] }))).toEqual({
      effects: [effect],
      changed: { inflight: new Map() },
    });
  });
});

test("what queued meanwhile asks for its flush before anyone is answered", () => {
  const scene = new EngineScene({ inflightMax: 1 }).opened().reserving("a");
  scene.give(CANCEL);
  scene.flush();
  expect(scene.replies(2, { results: [result("SOLDOUT")] })).toEqual([
    FLUSH_SOON,
    told(1, "a", "SOLDOUT"),
  ]);
});
