import { describe, expect, test } from "vitest";
import { preDeduct } from "../core/strategies/pre-deduct.ts";
import type { ServerEffect, Strategy } from "../core/strategy.ts";
import { checkPrefix } from "./determinism.ts";
import type { FaultPlan } from "./faults/vocabulary.ts";
import { NO_FAULTS } from "./faults/vocabulary.ts";
import type { RunConfig, SimulationResult } from "./result.ts";
import { loadScenario } from "./scenario/load.ts";
import type { Scenario } from "./scenario/schema.ts";
import { Simulation } from "./simulation.ts";

const base = loadScenario("smoke", 1n);

function configOf(scenario: Scenario, plan: FaultPlan = NO_FAULTS): RunConfig {
  return { seed: 1n, scenario, strategy: "pre-deduct", plan };
}

function run(config: RunConfig, strategy: Strategy = preDeduct): SimulationResult {
  const simulation = new Simulation(config, strategy);
  while (!simulation.advance(100_000));
  return simulation.result();
}

describe("the buffer bound, exactly, with final quota and two servers dead from the start", () => {
  // T = 1000, N = 10, k = 2: B >= T*k / (N*(N-k)) = 25.
  const sale = (buffer: number): Scenario => ({
    ...base,
    sale: { ...base.sale, tickets: 1000 },
    servers: { ...base.servers, count: 10, buffer },
    quota: { refill: "off" },
    buyers: {
      ...base.buyers,
      count: 20_000,
      ratePerSecond: 5000,
      noShow: 0,
      cancel: 0,
      payLate: 0,
      doubleClick: 0,
      returning: { ...base.buyers.returning, share: 0 },
    },
  });
  const dead: FaultPlan = {
    schemaVersion: 1,
    episodes: [3, 7].map((target) => ({ kind: "server-crash", target, atMs: 0 })),
  };

  test("B = 25 sells all", () => {
    const result = run(configOf(sale(25), dead));
    expect(result).toMatchObject({ verdict: "passed", confirmed: 1000, undersold: 0 });
    expect(result.layers.servers).toMatchObject({ crashes: 2, deathsSurvivedByBuffer: 2 });
  });

  test("B = 24 leaves 8, and says so", () => {
    const result = run(configOf(sale(24), dead));
    expect(result).toMatchObject({ verdict: "violated", confirmed: 992, undersold: 8 });
    expect(result.layers.servers.deathsSurvivedByBuffer).toBe(1);
  });
});

describe("a strategy that breaks the rules of a step is a violation, not a crash", () => {
  /** pre-deduct, but for what it does with the first request. */
  function misbehaving(effects: readonly unknown[], always = false): Strategy {
    let done = false;
    return {
      ...preDeduct,
      server: {
        create: (config) => preDeduct.server.create(config),
        step(state, input, nowMs, out) {
          if (!(always || (input.type === "buy" && !done)))
            return preDeduct.server.step(state as never, input, nowMs, out);
          done = true;
          out.push(...(effects as ServerEffect[]));
        },
      },
    };
  }

  test.each([
    ["an answer that does not exist", { type: "answer", handle: 0, answer: "YES", id: "b0.0" }],
    ["a call of nothing", { type: "call-counter", op: 1, call: null, timeoutMs: 1 }],
    ["an unknown script", { type: "call-counter", op: 1, call: { script: "x" }, timeoutMs: 1 }],
    [
      "a time limit that is no number",
      {
        type: "call-counter",
        op: 1,
        call: { script: "audit" },
        timeoutMs: Number.NaN,
      },
    ],
    ["a timer in the past", { type: "timer", timer: "t", afterMs: -5 }],
    ["an effect of no type", {}],
    ["nothing", null],
    ["an answer to nobody", { type: "cancel-answer", handle: 999, answer: "CANCELLED" }],
  ])("%s", (_, effect) => {
    const result = run(configOf(base), misbehaving([effect]));
    expect(result.verdict).toBe("violated");
    expect(result.invariants.find(({ name }) => name === "conservation")!.detail).toContain(
      "the strategy",
    );
  });

  test.each<[string, Partial<Strategy>]>([
    [
      "server.step",
      { server: { ...preDeduct.server, step: () => Promise.reject(new Error("x")) } },
    ],
    [
      "counter.apply",
      { counter: { ...preDeduct.counter, apply: () => Promise.reject(new Error("x")) as never } },
    ],
    [
      "server.quickRefusal",
      {
        server: {
          ...preDeduct.server,
          quickRefusal: () => Promise.reject(new Error("x")) as never,
        },
      },
    ],
  ])("a promise from %s", (what, parts) => {
    const result = run(configOf(base), { ...preDeduct, ...parts });
    expect(result.verdict).toBe("violated");
    expect(result.invariants.find(({ name }) => name === "conservation")!.detail).toContain(
      `returned a promise from ${what}`,
    );
  });

  test("a throw from server.quickRefusal", () => {
    const quickRefusal = (): never => {
      throw new Error("boo");
    };
    const server = { ...preDeduct.server, quickRefusal };
    const result = run(configOf(base), { ...preDeduct, server });
    expect(result.verdict).toBe("violated");
    expect(result.invariants.find(({ name }) => name === "conservation")!.detail).toContain(
      "threw in server.quickRefusal: boo",
    );
  });

  test("a server.quickRefusal that says nothing", () => {
    const server = { ...preDeduct.server, quickRefusal: () => undefined as never };
    const result = run(configOf(base), { ...preDeduct, server });
    expect(result.verdict).toBe("violated");
    expect(result.invariants.find(({ name }) => name === "conservation")!.detail).toContain(
      'returned undefined from server.quickRefusal, not "SOLDOUT" or null',
    );
  });

  test("one that never lets time pass", () => {
    const result = run(configOf(base), misbehaving([{ type: "flush-soon" }], true));
    expect(result.verdict).toBe("violated");
  });

  test("and such a run is still repeatable", async () => {
    const throwing = (): Simulation =>
      new Simulation(configOf(base), misbehaving([{ type: "answer", handle: -1, answer: "ACK" }]));
    const first = throwing();
    while (!first.advance(1000));
    expect((await checkPrefix(first, throwing, async () => {})).same).toBe(true);
  });
});

describe("a core router loses power", () => {
  const plan: FaultPlan = {
    schemaVersion: 1,
    episodes: [{ kind: "router-crash", target: 1, atMs: 500, forMs: 8000 }],
  };
  const lostOn = (linkType: "point-to-point" | "broadcast"): number => {
    const result = run(configOf({ ...base, ospf: { ...base.ospf, linkType } }, plan));
    expect(result.verdict).toBe("passed");
    return result.layers.ospf.lostOnDeadPath;
  };

  test("on point-to-point links its neighbours see the carrier go", () => {
    expect(lostOn("point-to-point")).toBeLessThan(20);
  });

  test("on broadcast networks the carrier is the switch's: they wait for the dead interval", () => {
    expect(lostOn("broadcast")).toBeGreaterThan(200);
  });
});

describe("new worker processes of an nginx", () => {
  const oneNginx: Scenario = {
    ...base,
    sites: ["east"],
    nginx: { ...base.nginx, perSite: 1, fail_timeout: 3600 },
  };
  const dead = { kind: "server-crash", target: 0, atMs: 0 } as const;

  test.each(["nginx-reload", "nginx-worker-crash"] as const)(
    "have to find out again that a server is dead, and directors do not notice: %s",
    (kind) => {
      const without = run(configOf(oneNginx, { schemaVersion: 1, episodes: [dead] }));
      const episodes = [dead, { kind, target: 0, atMs: 700 }];
      const result = run(configOf(oneNginx, { schemaVersion: 1, episodes }));
      expect(result).toMatchObject({ verdict: "passed", confirmed: 200 });
      expect(without.layers.nginx.retries).toBeGreaterThan(0);
      expect(result.layers.nginx.retries).toBe(without.layers.nginx.retries + 1);
      expect(result.layers.lvs.removals).toBe(0);
    },
  );
});

test("who sold out to probes did not sell out", () => {
  const alone = { ...base.buyers, count: 1, noShow: 0, cancel: 0, doubleClick: 0 };
  const result = run(configOf({ ...base, buyers: alone, sale: { ...base.sale, tickets: 2 } }));
  expect(result).toMatchObject({ acked: 1, free: 1, soldOutMs: null });
  expect(result.probeSold).toBeGreaterThan(0);
});

test("what is sold to probes alone is undersold", () => {
  const server: Strategy["server"] = {
    create: (config) => preDeduct.server.create(config),
    step: (state, input, nowMs, out) => {
      if (input.type !== "buy" || input.id.startsWith("probe"))
        preDeduct.server.step(state as never, input, nowMs, out);
      else out.push({ type: "answer", handle: input.handle, answer: "SOLDOUT", id: input.id });
    },
  };
  const result = run(configOf({ ...base, sale: { ...base.sale, tickets: 1 } }), {
    ...preDeduct,
    server,
  });
  expect(result).toMatchObject({ acked: 0, undersold: 1 });
  expect(result.invariants.find(({ name }) => name === "no-undersell")!.ok).toBe(false);
});

test("what probes buy in the end is no sale", () => {
  const alone = { ...base.buyers, count: 1, noShow: 0, cancel: 0, doubleClick: 0 };
  const result = run(configOf({ ...base, buyers: alone }));
  expect(result.probeSold).toBeGreaterThan(0);
  expect(result).toMatchObject({ acked: 1, confirmed: 1, counterCallsPerTicket: 1 });
  expect(result.layers.redis.reserveItems).toBe(1);
  expect(result.counterScriptsPerTicket).toBe(result.layers.redis.scriptCalls);
});
