import { expect, test } from "vitest";
import { createEngine } from "../engine/state.ts";
import type { ServerEffect } from "../strategy.ts";
import { ack, FLUSH_SOON, told } from "../testing/effects.ts";
import { buy } from "../testing/engine-scene.ts";
import { COUNTER_MS } from "../testing/replies.ts";
import { CONFIG } from "../testing/rules.ts";
import { preDeduct } from "./pre-deduct.ts";

const { server, counter } = preDeduct;

test("pre-deduct sells through the engine and the counter, and orders follow in the outbox", () => {
  const stock = counter.create();
  counter.apply(stock, { script: "init", total: 1, epoch: 7 }, COUNTER_MS);
  counter.apply(stock, { script: "open", epoch: 7 }, COUNTER_MS);
  const state = server.create(CONFIG);
  expect(state).toEqual(createEngine(CONFIG));

  /** Gives an input, and carries the calls out at once, until only answers are left. */
  function settle(input: Parameters<typeof server.step>[1]): ServerEffect[] {
    const out: ServerEffect[] = [];
    server.step(state, input, 0, out);
    return out.flatMap((effect) => {
      if (effect.type === "flush-soon") return [effect, ...settle({ type: "flush" })];
      if (effect.type !== "call-counter") return [effect];
      const { op, call } = effect;
      return settle({ type: "counter-reply", op, reply: counter.apply(stock, call, COUNTER_MS) });
    });
  }

  expect(settle({ type: "start" })).toEqual([]);
  expect(server.quickRefusal!(state, 1, 0)).toBe(null);
  const deadlineMs = COUNTER_MS + CONFIG.sale.holdMs;
  expect(settle(buy(1, "a"))).toEqual([FLUSH_SOON, ack(1, "a", { deadlineMs })]);
  expect(server.quickRefusal!(state, 1, 0)).toBe("SOLDOUT");
  expect(settle(buy(2, "b"))).toEqual([told(2, "b", "SOLDOUT")]);
  expect(counter.audit(stock)).toMatchObject({ total: 1, sold: 1, heldUnits: 1 });

  const outbox = counter.outbox!;
  expect(outbox.backlog(stock)).toBe(1);
  const events = outbox.readGroup(stock, "w1", 10, 0);
  expect(events).toEqual([
    { position: "1", kind: "H", id: "a", qty: 1, buyer: "b1", paymentId: "" },
  ]);
  expect(outbox.autoClaim(stock, "w2", 5, 10, 5)).toEqual(events);
  outbox.ack(stock, ["1"]);
  outbox.trim(stock);
  expect(outbox.backlog(stock)).toBe(0);
  expect(stock.outbox.events).toEqual([]);
});

test("it is the default by name, and its stock is the counter's", () => {
  expect(preDeduct).toMatchObject({ name: "pre-deduct", authority: "counter" });
  expect(preDeduct.summary).toContain("reserve in memory and in the counter");
});
