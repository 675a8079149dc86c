import { describe, expect, test } from "vitest";
import { UsageError } from "../cli/usage-error.ts";
import { drawSmallScenario } from "../scenario/small.ts";
import { checkPlan } from "./plan.ts";

const scenario = {
  ...drawSmallScenario(1n),
  sites: ["east", "west"],
  servers: { ...drawSmallScenario(1n).servers, count: 4 },
};

function complaint(episode: object): string {
  try {
    checkPlan(
      { schemaVersion: 1, episodes: [{ kind: "redis-stall", atMs: 0 }, episode] },
      scenario,
    );
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return "";
}

describe("checkPlan", () => {
  test.each([
    { kind: "server-crash", target: 3, atMs: 5, moment: "after-call" },
    { kind: "redis-clock-jump", atMs: 5, delayMs: -1000 },
    { kind: "link-cut", target: 0, atMs: 5, forMs: 10, silent: true },
    { kind: "redis-replies-lost", atMs: 5, share: 0.5 },
    { kind: "nginx-reload", target: 1, atMs: 5 },
    { kind: "nginx-worker-crash", target: 0, atMs: 5 },
  ])("accepts $kind", (episode) => {
    expect(complaint(episode)).toBe("");
  });

  test.each([
    [{ kind: "server-crash", target: 4, atMs: 5 }, /episodes\.1\.target: .*0 to 3/u],
    [{ kind: "server-crash", atMs: 5 }, /episodes\.1\.target: missing/u],
    [{ kind: "redis-stall", target: 0, atMs: 5 }, /episodes\.1\.target: .*takes no target/u],
    [{ kind: "server-slow", target: 0, atMs: 5 }, /episodes\.1\.factor: missing/u],
    [{ kind: "redis-stall", atMs: 5, factor: 2 }, /episodes\.1\.factor: redis-stall takes no/u],
    [{ kind: "worker-crash", target: 0, atMs: 5, moment: "after-call" }, /episodes\.1\.moment/u],
    [{ kind: "redis-clock-jump", atMs: 5, delayMs: 5, forMs: 5 }, /episodes\.1\.forMs/u],
    [
      { kind: "nginx-reload", target: 0, atMs: 5, forMs: 5 },
      /episodes\.1\.forMs: nginx-reload happens at one instant and does not end$/u,
    ],
    [
      { kind: "nginx-worker-crash", target: 0, atMs: 5, forMs: 0 },
      /episodes\.1\.forMs: nginx-worker-crash happens at one instant and does not end$/u,
    ],
    [{ kind: "nginx-reload", atMs: 5 }, /episodes\.1\.target: missing: .*number of a nginx/u],
    [{ kind: "nginx-worker-crash", target: 99, atMs: 5 }, /there is no nginx 99/u],
    [{ kind: "redis-delay", atMs: 5, delayMs: -5 }, /episodes\.1\.delayMs/u],
    [{ kind: "redis-stall", atMs: -5 }, /episodes\.1\.atMs/u],
    [{ kind: "redis-stal", atMs: 5 }, /episodes\.1\.kind/u],
    [{ kind: "redis-stall", atMs: 5, ms: 5 }, /episodes\.1\.ms/u],
    [{ kind: "redis-failover", atMs: 5 }, /redis-failover is excluded: .*not promised yet/u],
  ])("refuses %j", (episode, message) => {
    expect(complaint(episode)).toMatch(message);
  });

  test.each([null, 3, {}, { schemaVersion: 2, episodes: [] }, { schemaVersion: 1 }])(
    "refuses %j as a whole",
    (plan) => {
      expect(() => checkPlan(plan, scenario)).toThrow(UsageError);
    },
  );
});
