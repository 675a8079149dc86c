/**
 * The oracle's model of reservations against a reference counter: it accepts every good history,
 * and of a history with one lie it names the invariant that the lie breaks, at the lie.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Findings, INVARIANTS } from "../../core/invariants/findings.ts";
import { RowModel } from "../../core/invariants/rows.ts";
import type { Defect } from "./defects.ts";
import { DEFECTS } from "./defects.ts";
import type { Exchange, History } from "./histories.ts";
import { history } from "./histories.ts";

const SEED = Number(process.env["ONCEONLY_SEED"] ?? 12306);

/** The invariants that a model sees broken in these exchanges. */
function broken(tickets: number, exchanges: readonly Exchange[]): string[] {
  const findings = new Findings();
  const rows = new RowModel(findings, tickets);
  for (const { call, reply, audit, atMs } of exchanges) {
    rows.observe(call, reply, atMs);
    rows.audit(audit, atMs);
  }
  return INVARIANTS.filter((name) => findings.count(name) > 0);
}

test("every good history is accepted", () => {
  fc.assert(
    fc.property(history, ({ tickets, exchanges }) => {
      expect(broken(tickets, exchanges)).toEqual([]);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

/** The history up to a chosen occasion for the lie, and the lie; null if there is no occasion. */
function withLie({ exchanges }: History, { lie }: Defect, choice: number): Exchange[] | null {
  const lies = exchanges.flatMap((exchange, i) => {
    const reply = lie(exchange);
    return reply === null ? [] : [[...exchanges.slice(0, i), { ...exchange, reply }]];
  });
  return lies[choice % Math.max(1, lies.length)] ?? null;
}

describe("a single defect", () => {
  test.each(DEFECTS)("$what: $breaks", (defect) => {
    let found = 0;
    fc.assert(
      fc.property(history, fc.nat(), (good, choice) => {
        const bad = withLie(good, defect, choice);
        if (bad === null) return;
        found += 1;
        const findings = new Findings();
        const rows = new RowModel(findings, good.tickets);
        for (const { call, reply, atMs } of bad) rows.observe(call, reply, atMs);
        expect(INVARIANTS.filter((name) => findings.count(name) > 0)).toEqual([defect.breaks]);
        expect(findings.count(defect.breaks)).toBeGreaterThan(0);
      }),
      { seed: SEED, numRuns: 200 },
    );
    expect(found, "histories with an occasion").toBeGreaterThan(5);
  });
});
