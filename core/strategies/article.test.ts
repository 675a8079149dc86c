import { describe, expect, test } from "vitest";
import type { CounterCall } from "../counter/calls.ts";
import type { ServerEffect, ServerInput } from "../strategy.ts";
import { ack, callCounter, cancelAnswer, payAnswer, told } from "../testing/effects.ts";
import { buy, replied } from "../testing/engine-scene.ts";
import { result } from "../testing/replies.ts";
import { CONFIG } from "../testing/rules.ts";
import { article } from "./article.ts";

const { server, counter } = article;

function reserve(...ids: readonly string[]): CounterCall {
  const items = ids.map((id) => ({
    id,
    qty: 1,
    buyer: "",
    ttlMs: 0,
    maxPerBuyer: 0,
    requestDeadlineMs: 0,
  }));
  return { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items };
}

const sold = (op: number): ServerInput => replied(op, { results: [result("OK", { state: "C" })] });
const sale = (handle: number, id: string): ServerEffect =>
  ack(handle, id, { claim: "sale", paid: true });

type Demo = ReturnType<typeof server.create>;

/** A demo with a quota of 5. */
const demo = (incarnation = 0): Demo => server.create({ ...CONFIG, incarnation });

function give(state: Demo, input: ServerInput): ServerEffect[] {
  const out: ServerEffect[] = [];
  server.step(state, input, 0, out);
  return out;
}

/** What everyone in a queue of buyers is told, if the counter answers each call so. */
function serve(state: Demo, buyers: number, answer: (op: number) => ServerInput): string[] {
  const answers: string[] = [];
  for (let handle = 1; handle <= buyers; handle += 1) {
    let effects = give(state, buy(handle, `r${handle}`));
    if (effects[0]?.type === "call-counter") effects = give(state, answer(effects[0].op));
    for (const effect of effects) answers.push("answer" in effect ? effect.answer : effect.type);
  }
  return answers;
}

describe("the demo's server", () => {
  test("asks the counter for one ticket, whatever is wanted and by whom", () => {
    const state = demo();
    expect(give(state, buy(1, "a", { qty: 3 }))).toEqual([callCounter(1, reserve("a"))]);
    expect(give(state, sold(1))).toEqual([sale(1, "a")]);
  });

  test("a quota of 5 sells 4", () => {
    const state = demo();
    expect(serve(state, 6, sold)).toEqual(["ACK", "ACK", "ACK", "ACK", "SOLDOUT", "SOLDOUT"]);
    expect(state.localSales).toBe(6);
  });

  test("never gives back the slot of a refused or failed call", () => {
    const refused = (op: number): ServerInput => replied(op, { results: [result("SOLDOUT")] });
    const state = demo();
    expect(serve(state, 4, refused)).toEqual(["SOLDOUT", "SOLDOUT", "SOLDOUT", "SOLDOUT"]);
    expect(give(state, buy(9, "z"))).toEqual([told(9, "z", "SOLDOUT")]);
  });

  test.each<[string, ServerInput]>([
    ["a timeout", { type: "counter-failed", op: 1, error: "TIMEOUT" }],
    ["an error", { type: "counter-failed", op: 1, error: "OOM" }],
    ["a refusal", replied(1, { results: [result("SOLDOUT")] })],
    ["an empty reply", replied(1)],
  ])("%s is sold out", (_what, input) => {
    const state = demo();
    give(state, buy(1, "a"));
    expect(give(state, input)).toEqual([told(1, "a", "SOLDOUT")]);
  });

  test("holds one lock across the round trip, and everybody queues for it", () => {
    const state = demo();
    give(state, buy(1, "a"));
    expect(give(state, buy(2, "b"))).toEqual([]);
    expect(give(state, buy(3, "c"))).toEqual([]);
    expect(give(state, sold(1))).toEqual([sale(1, "a"), callCounter(2, reserve("b"))]);
    expect(give(state, sold(1))).toEqual([]);
    expect(give(state, sold(2))).toEqual([sale(2, "b"), callCounter(3, reserve("c"))]);
  });

  test("even pure refusals wait for the lock", () => {
    const state = server.create({ ...CONFIG, slice: 2, buffer: 0 });
    give(state, buy(1, "a"));
    give(state, buy(2, "b"));
    give(state, buy(3, "c"));
    expect(give(state, sold(1))).toEqual([
      sale(1, "a"),
      told(2, "b", "SOLDOUT"),
      told(3, "c", "SOLDOUT"),
    ]);
  });

  test("a reply to nobody is ignored", () => {
    expect(give(demo(), sold(1))).toEqual([]);
  });

  test("a restarted demo has its whole quota again", () => {
    expect(serve(demo(1), 6, sold).filter((answer) => answer === "ACK")).toHaveLength(4);
  });

  test("refuses at once when the quota is spent and the lock is free", () => {
    const state = demo();
    const refusals = [0, 1, 2, 3].map(() => {
      const before = server.quickRefusal!(state, 1, 0);
      give(state, buy(1, "a"));
      const locked = server.quickRefusal!(state, 1, 0);
      give(state, sold(state.nextOp - 1));
      return [before, locked];
    });
    expect(refusals).toEqual(Array<unknown>(4).fill([null, null]));
    expect(server.quickRefusal!(state, 1, 0)).toBe("SOLDOUT");
    give(state, buy(1, "a"));
    expect(server.quickRefusal!(state, 1, 0)).toBe("SOLDOUT");
  });

  test.each<[ServerInput, ServerEffect[]]>([
    [{ type: "query", handle: 1, id: "a" }, [told(1, "a", "UNKNOWN")]],
    [{ type: "pay", handle: 1, id: "a", paymentId: "p" }, [payAnswer(1, "PAID")]],
    [{ type: "cancel", handle: 1, id: "a" }, [cancelAnswer(1, "CONFIRMED")]],
    [{ type: "start" }, []],
    [{ type: "flush" }, []],
    [{ type: "drain" }, []],
  ])("knows no reservations: %j", (input, effects) => {
    expect(give(demo(), input)).toEqual(effects);
  });
});

describe("the demo's script", () => {
  test("sells one ticket too many", () => {
    const state = counter.create();
    counter.apply(state, { script: "init", total: 2, epoch: 1 }, 5);
    const call = reserve("a", "b", "c", "d") as { items: { qty: number }[] } & CounterCall;
    for (const item of call.items) item.qty = 7;
    const { results, ...rest } = counter.apply(state, call, 9);
    // Whatever is wanted, one is sold.
    const row = { deadlineMs: 0, server: "s1", incarnation: 0, qty: 7 };
    expect(results).toEqual([
      { code: "OK", state: "C", ...row },
      { code: "OK", state: "C", ...row },
      { code: "OK", state: "C", ...row },
      { code: "SOLDOUT", state: "", ...row },
    ]);
    expect(rest).toEqual({
      error: null,
      code: "OK",
      epoch: 1,
      generation: 0,
      left: -1,
      timeMs: 9,
      swept: [],
      liveServers: 0,
      audit: null,
    });
    expect(counter.audit(state)).toEqual({
      total: 2,
      sold: 3,
      heldUnits: 0,
      confirmedUnits: 3,
      heldRows: 0,
      deadlines: 0,
      buyerUnits: 0,
      namedUnits: 0,
    });
  });

  test("has nothing to sell before it is told", () => {
    expect(counter.audit(counter.create())).toMatchObject({ total: 0, sold: 0 });
  });

  test("has no request ids: a retry deducts twice", () => {
    const state = counter.create();
    counter.apply(state, { script: "init", total: 5, epoch: 1 }, 0);
    counter.apply(state, reserve("a"), 0);
    expect(counter.apply(state, reserve("a"), 0).left).toBe(3);
  });

  test("shows its numbers to who asks", () => {
    const state = counter.create();
    counter.apply(state, { script: "init", total: 2, epoch: 1 }, 0);
    counter.apply(state, reserve("a"), 0);
    const { audit, left } = counter.apply(state, { script: "audit" }, 0);
    expect({ audit, left }).toEqual({ audit: counter.audit(state), left: 1 });
    expect(audit).toMatchObject({ total: 2, sold: 1 });
  });

  test("does nothing else", () => {
    const state = counter.create();
    counter.apply(state, { script: "init", total: 5, epoch: 1 }, 0);
    const reply = counter.apply(state, { script: "release", epoch: 1, items: [{ id: "a" }] }, 0);
    expect(reply).toMatchObject({ code: "OK", left: 5, results: [] });
  });
});

test("the specimen is called by its name, and has no outbox", () => {
  expect(article).toMatchObject({ name: "article", authority: "counter" });
  expect(article.summary).toContain("oversells by one");
  expect(counter.outbox).toBe(null);
});
