import { expect, test } from "vitest";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { FAULT_KINDS } from "../../sim/faults/vocabulary.ts";
import type { Episode } from "../../sim/faults/vocabulary.ts";
import { checkIsReal, linksNeeded, REAL_FAULT_KINDS } from "./real-faults.ts";

const plan = (...episodes: Episode[]) => ({ schemaVersion: 1 as const, episodes });

test("every kind is either real, or refused by its name and with the reason", () => {
  for (const kind of FAULT_KINDS) {
    const check = (): void =>
      checkIsReal(plan({ kind: "redis-stall", atMs: 0 }, { kind, atMs: 0 }));
    if ((REAL_FAULT_KINDS as readonly string[]).includes(kind)) expect(check).not.toThrow();
    else expect(check).toThrow(new RegExp(`episodes\\.1\\.kind: ${kind} .*simulator: \\w+`, "u"));
  }
  expect(() => checkIsReal(plan({ kind: "link-cut", atMs: 0 }))).toThrow(UsageError);
});

test("proxies stand only where the plan needs them", () => {
  const none = linksNeeded(plan({ kind: "server-crash", target: 1, atMs: 0 }));
  expect([none.redisOfServer(1), none.redisOfWorkers, none.frontOfServer(1)]).toEqual([
    false,
    false,
    false,
  ]);
  const some = linksNeeded(
    plan(
      { kind: "server-crash", target: 1, atMs: 0, moment: "after-call" },
      { kind: "server-front-cut", target: 0, atMs: 0 },
    ),
  );
  expect([0, 1].map((server) => some.redisOfServer(server))).toEqual([false, true]);
  expect([0, 1].map((server) => some.frontOfServer(server))).toEqual([true, false]);
  const all = linksNeeded(plan({ kind: "redis-delay", atMs: 0, delayMs: 1 }));
  expect([all.redisOfServer(0), all.redisOfWorkers]).toEqual([true, true]);
});
