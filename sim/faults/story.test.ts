import { describe, expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { drawSmallScenario } from "../scenario/small.ts";
import type { RunConfig } from "../result.ts";
import { runToEnd } from "../sweep/run-seed.ts";
import { story } from "./story.ts";
import { FAULT_KINDS, FAULT_TARGETS } from "./vocabulary.ts";
import type { Episode } from "./vocabulary.ts";

const small = drawSmallScenario(1n);
const scenario = {
  ...small,
  buyers: { ...small.buyers, count: 3 },
  sale: { ...small.sale, tickets: 1 },
  servers: { count: 2, buffer: 0, serviceUs: 100, serviceLaw: "constant" as const, queueLimit: 10 },
};
const config = (...episodes: Episode[]): RunConfig => ({
  seed: 1n,
  scenario,
  strategy: "pre-deduct",
  plan: { schemaVersion: 1, episodes },
});
const passed = runToEnd(config(), preDeduct);
const broken = {
  ...passed,
  verdict: "violated" as const,
  invariants: passed.invariants.map((invariant) =>
    invariant.name === "no-oversell"
      ? { ...invariant, ok: false, atMs: 60.1, detail: "b2 was sold the ticket of b1" }
      : invariant,
  ),
};

describe("story", () => {
  test("tells who was there, what failed and what broke", () => {
    const run = config(
      { kind: "redis-stall", atMs: 70, forMs: 5 },
      { kind: "server-crash", target: 1, atMs: 12.5, moment: "after-call" },
    );
    expect(story(run, broken)).toBe(
      "3 buyers want 1 ticket from 2 servers; " +
        "at 12.5 ms server-1 dies after a counter call and before its answer; " +
        "at 60.1 ms no-oversell breaks: b2 was sold the ticket of b1",
    );
  });

  test("tells which part of an nginx was hit", () => {
    const text = story(
      config(
        { kind: "nginx-reload", target: 0, atMs: 10 },
        { kind: "nginx-worker-crash", target: 0, atMs: 20 },
      ),
      broken,
    );
    expect(text).toMatch(
      /; at 10 ms (nginx-\S+) reads its configuration again; at 20 ms a worker process of \1 dies; /u,
    );
  });

  test("counts what it does not tell", () => {
    const stalls = Array.from({ length: 8 }, (_, i) => ({ kind: "redis-stall", atMs: i }) as const);
    expect(story(config(...stalls), broken)).toContain("; 3 more faults follow; at 60.1 ms");
  });

  test("tells what is pending where nothing broke", () => {
    const stuck = { ...passed, verdict: "no-progress" as const, pending: ["1 hold is not due"] };
    expect(story(config(), stuck)).toMatch(/still pending: 1 hold is not due$/u);
  });

  test.each(FAULT_KINDS)("has words for %s", (kind) => {
    const target = FAULT_TARGETS[kind] === null ? {} : { target: 0 };
    const text = story(
      config({ kind, ...target, atMs: 1, factor: 2, share: 0.5, delayMs: 7, cost: 9 }),
      broken,
    );
    expect(text).not.toMatch(/undefined|NaN|nobody/u);
    expect(text.split("; ")[1]).toMatch(/^at 1 ms \S+ .+/u);
  });
});
