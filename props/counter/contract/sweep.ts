import { describe, expect, test } from "vitest";
import type { NewScene } from "../contract.ts";
import { EPOCH, START_MS, TTL_MS } from "../scene.ts";

export function sweepContract(newScene: NewScene): void {
  describe("sweep", () => {
    test("takes a hold at deadline + grace, not a millisecond before", async () => {
      const scene = await newScene().start(5);
      await scene.reserve("a", { qty: 3, buyer: "ann" });
      scene.nowMs = START_MS + TTL_MS + 50 - 1;
      expect(await scene.sweep(100, 50)).toMatchObject({ code: "OK", swept: [], left: 2 });
      scene.nowMs += 1;
      expect(await scene.sweep(100, 50)).toMatchObject({
        code: "OK",
        swept: [{ id: "a", qty: 3 }],
        left: 5,
        generation: 1,
      });
      const { buyers, retired, outbox } = await scene.snapshot();
      expect(buyers).toEqual([]);
      expect(retired).toEqual([["a", START_MS + TTL_MS + 50]]);
      expect(outbox[1]).toEqual({ kind: "X", id: "a", qty: 3, buyer: "ann", paymentId: "" });
      await scene.expectConserved();
    });

    test("goes by deadline, then by id, as far as its limit", async () => {
      const scene = await newScene().start(9);
      for (const [id, ttlMs] of [
        ["z", 10],
        ["b", 20],
        ["a10", 20],
        ["a9", 20],
        ["y", 5],
      ] as const) {
        await scene.reserve(id, { ttlMs });
      }
      scene.nowMs += 20;
      expect((await scene.sweep(2)).swept.map(({ id }) => id)).toEqual(["y", "z"]);
      expect((await scene.sweep(2)).swept.map(({ id }) => id)).toEqual(["a10", "a9"]);
      expect((await scene.sweep(2)).swept.map(({ id }) => id)).toEqual(["b"]);
      expect((await scene.audit()).generation).toBe(5);
    });

    test("goes by the state, not by the entry", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("paid", { qty: 2 });
      await scene.confirm("paid", "p");
      await scene.subject.addStrayDeadline("paid", START_MS);
      await scene.subject.addStrayDeadline("unknown", START_MS);
      expect(await scene.sweep()).toMatchObject({ swept: [], left: 7, generation: 0 });
      expect(await scene.settle("paid")).toMatchObject({ state: "C" });
      expect((await scene.snapshot()).deadlines).toEqual([]);
    });

    test("deletes what ended retainMs ago, as far as its limit, and never a confirmed row", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("paid");
      await scene.confirm("paid", "p");
      await scene.reserve("released");
      await scene.release("released");
      scene.nowMs += 1;
      await scene.settle("unknown");
      scene.nowMs = START_MS + 100 - 1;
      await scene.sweep(100, 0, 100);
      expect((await scene.snapshot()).rows.map(([id]) => id)).toEqual([
        "paid",
        "released",
        "unknown",
      ]);
      scene.nowMs += 1;
      await scene.sweep(100, 0, 100);
      expect((await scene.snapshot()).rows.map(([id]) => id)).toEqual(["paid", "unknown"]);
      expect((await scene.snapshot()).retired).toEqual([["unknown", START_MS + 1]]);
      await scene.settle("another");
      scene.nowMs += 1000;
      await scene.sweep(1, 0, 100);
      expect((await scene.snapshot()).rows.map(([id]) => id)).toEqual(["another", "paid"]);
      await scene.sweep(1, 0, 100);
      expect((await scene.snapshot()).rows.map(([id]) => id)).toEqual(["paid"]);
    });

    test("does not delete what it expires in the same call", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("a");
      scene.nowMs += TTL_MS;
      await scene.sweep(100, 0, 0);
      expect((await scene.snapshot()).rows.map(([, { state }]) => state)).toEqual(["X"]);
      await scene.sweep(100, 0, 0);
      expect((await scene.snapshot()).rows).toEqual([]);
      expect((await scene.reserve("a")).code).toBe("OK");
    });

    test("keeps a revived row that had ended before", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("a");
      scene.nowMs += TTL_MS;
      await scene.sweep();
      await scene.confirm("a", "p", "revive");
      scene.nowMs += TTL_MS;
      await scene.call({ script: "sweep", epoch: EPOCH, limit: 100, graceMs: 0, retainMs: 0 });
      expect(await scene.settle("a")).toMatchObject({ state: "C" });
    });

    test("retires a refunded row from its refund on", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("a");
      scene.nowMs += TTL_MS;
      await scene.sweep();
      await scene.confirm("a", "p", "revive");
      scene.nowMs += 5;
      await scene.refund("a");
      expect((await scene.snapshot()).retired).toEqual([["a", START_MS + TTL_MS + 5]]);
    });
  });
}
