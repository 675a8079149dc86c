import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CounterCall } from "../../core/counter/calls.ts";
import type { DatabaseCall } from "../../core/orders/calls.ts";
import type { ServerEffect, ServerInput, Strategy } from "../../core/strategy.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { reply } from "../../core/testing/replies.ts";
import { Driver } from "./driver.ts";
import type { AnswerEffect } from "./driver.ts";
import { serverConfig } from "./testing/scene.ts";

const COUNTER_CALL: CounterCall = { script: "open", epoch: 1 };
const DATABASE_CALL: DatabaseCall = { call: "settle", id: "a" };

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate"] }));
afterEach(() => void vi.useRealTimers());

/** A driver of a strategy that answers each input with the effects that the test has laid out. */
function drive(effects: readonly ServerEffect[], ports: Partial<Ports> = {}) {
  const inputs: ServerInput[] = [];
  const answered: AnswerEffect[] = [];
  const outcomes: string[] = [];
  let next: readonly ServerEffect[] = effects;
  const strategy: Strategy = {
    ...(preDeduct as Strategy),
    server: {
      create: () => "state",
      step: (_state, input, _nowMs, out) => {
        inputs.push(input);
        out.push(...next);
        next = [];
      },
    },
  };
  const driver = new Driver({
    strategy,
    config: serverConfig(1),
    counter: ports.counter === undefined ? null : { call: ports.counter },
    database: ports.database === undefined ? null : { call: ports.database },
    answered: (effect) => void answered.push(effect),
    observer: {
      counterCalled: ({ script }, outcome) => void outcomes.push(`${script} ${outcome}`),
      databaseCalled: ({ call }, outcome) => void outcomes.push(`${call} ${outcome}`),
    },
  });
  return { driver, inputs, answered, outcomes };
}

interface Ports {
  readonly counter: (call: CounterCall, timeoutMs: number) => Promise<ReturnType<typeof reply>>;
  readonly database: (call: DatabaseCall, timeoutMs: number) => Promise<{ code: "OK"; left: 0 }>;
}

const START: ServerInput = { type: "start" };

describe("effects", () => {
  test("answers go to who is owed them", () => {
    const answer = { type: "answer", handle: 7, answer: "SOLDOUT", id: "a" } as const;
    const { driver, answered } = drive([answer]);
    driver.give(START);
    expect(answered).toEqual([answer]);
  });

  test("a flush comes after everything of this turn", () => {
    const { driver, inputs } = drive([{ type: "flush-soon" }]);
    driver.give(START);
    driver.give({ type: "drain" });
    expect(inputs.map(({ type }) => type)).toEqual(["start", "drain"]);
    vi.runAllTimers();
    expect(inputs.at(-1)).toEqual({ type: "flush" });
  });

  test("a timer comes back under its name, after its time", () => {
    const { driver, inputs } = drive([{ type: "timer", timer: "settle", afterMs: 100 }]);
    driver.give(START);
    vi.advanceTimersByTime(99);
    expect(inputs).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(inputs.at(-1)).toEqual({ type: "timer", timer: "settle" });
  });
});

describe("calls", () => {
  const counterEffect = { type: "call-counter", op: 3, call: COUNTER_CALL, timeoutMs: 50 } as const;
  const databaseEffect = {
    type: "call-database",
    op: 4,
    call: DATABASE_CALL,
    timeoutMs: 50,
  } as const;

  test("on the counter come back with their reply", async () => {
    const counter = vi.fn<Ports["counter"]>(async () => reply());
    const { driver, inputs, outcomes } = drive([counterEffect], { counter });
    driver.give(START);
    expect(driver.callsInFlight).toBe(1);
    await vi.waitFor(() => expect(inputs).toHaveLength(2));
    expect(counter.mock.calls).toEqual([[COUNTER_CALL, 50]]);
    expect(inputs[1]).toEqual({ type: "counter-reply", op: 3, reply: reply() });
    expect([driver.callsInFlight, outcomes]).toEqual([0, ["open ok"]]);
  });

  test.each<[string, unknown, string]>([
    ["its code", Object.assign(new Error("x"), { code: "READONLY" }), "READONLY"],
    ["no code: an unknown outcome", new TypeError("not a reply"), "UNREADABLE"],
    ["no error at all", "x", "UNREADABLE"],
  ])("on the counter that fail come back with %s", async (_what, failure, error) => {
    const counter = () => Promise.reject(failure);
    const { driver, inputs, outcomes } = drive([counterEffect], { counter });
    driver.give(START);
    await vi.waitFor(() => expect(inputs).toHaveLength(2));
    expect(inputs[1]).toEqual({ type: "counter-failed", op: 3, error });
    expect([driver.callsInFlight, outcomes]).toEqual([0, [`open ${error}`]]);
  });

  test("on the order database come back likewise", async () => {
    const good = drive([databaseEffect], { database: async () => ({ code: "OK", left: 0 }) });
    good.driver.give(START);
    await vi.waitFor(() => expect(good.inputs).toHaveLength(2));
    expect(good.inputs[1]).toMatchObject({ type: "database-reply", op: 4 });
    const failure = Object.assign(new Error("full"), { code: "53300" });
    const bad = drive([databaseEffect], { database: () => Promise.reject(failure) });
    bad.driver.give(START);
    await vi.waitFor(() => expect(bad.inputs).toHaveLength(2));
    expect(bad.inputs[1]).toEqual({ type: "database-failed", op: 4, error: "53300" });
    expect([...good.outcomes, ...bad.outcomes]).toEqual(["settle ok", "settle 53300"]);
  });

  test("on what is not there are a defect of the configuration", () => {
    expect(() => drive([counterEffect]).driver.give(START)).toThrow("there is none");
    expect(() => drive([databaseEffect]).driver.give(START)).toThrow("there is none");
  });
});

test("a stopped driver gives nothing more", async () => {
  const effects: ServerEffect[] = [
    { type: "flush-soon" },
    { type: "timer", timer: "settle", afterMs: 1 },
    { type: "call-counter", op: 1, call: COUNTER_CALL, timeoutMs: 50 },
  ];
  const { driver, inputs } = drive(effects, { counter: async () => reply() });
  driver.give(START);
  driver.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(inputs).toHaveLength(1);
});
