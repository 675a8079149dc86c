/** Stock, buyer limit, request deadline: the last value that passes and the first that does not. */
import { describe, expect, test } from "vitest";
import type { NewScene } from "../contract.ts";
import { EPOCH, START_MS, TTL_MS } from "../scene.ts";

export function boundaryContract(newScene: NewScene): void {
  describe("reserve", () => {
    test("sells the last ticket and not one more", async () => {
      const scene = await newScene().start(2);
      expect(await scene.reserve("a")).toMatchObject({ code: "OK", state: "H" });
      expect(await scene.reserve("b")).toMatchObject({ code: "OK", state: "H" });
      expect(await scene.reserve("c")).toEqual({
        code: "SOLDOUT",
        state: "",
        deadlineMs: 0,
        server: "",
        incarnation: 0,
        qty: 0,
      });
      expect((await scene.snapshot()).sale).toEqual({
        total: 2,
        sold: 2,
        epoch: EPOCH,
        generation: 0,
        open: true,
        clockMs: START_MS,
        clockOffsetMs: 0,
      });
    });

    test("refuses a quantity that does not fit and sells a smaller one after it", async () => {
      const scene = await newScene().start(5);
      expect(await scene.reserve("a", { qty: 3 })).toMatchObject({ code: "OK", qty: 3 });
      expect((await scene.reserve("b", { qty: 3 })).code).toBe("SOLDOUT");
      expect(await scene.reserve("c", { qty: 2 })).toMatchObject({ code: "OK", qty: 2 });
      expect((await scene.audit()).left).toBe(0);
    });

    test("stores the whole row", async () => {
      const scene = await newScene().start(5);
      scene.server = "s2";
      scene.incarnation = 9;
      await scene.reserve("a", { qty: 2, buyer: "ann", ttlMs: 250, maxPerBuyer: 4 });
      const { rows, deadlines, buyers, servers, outbox } = await scene.snapshot();
      const row = {
        state: "H",
        qty: 2,
        deadlineMs: START_MS + 250,
        server: "s2",
        incarnation: 9,
        buyer: "ann",
        maxPerBuyer: 4,
        paymentId: "",
      };
      expect(rows).toEqual([["a", row]]);
      expect(deadlines).toEqual([["a", START_MS + 250]]);
      expect(buyers).toEqual([["ann", 2]]);
      expect(servers).toEqual([["s2", START_MS]]);
      expect(outbox).toEqual([{ kind: "H", id: "a", qty: 2, buyer: "ann", paymentId: "" }]);
    });

    test("knows the retry of the request that took the last ticket", async () => {
      const scene = await newScene().start(1);
      await scene.reserve("a");
      scene.server = "s2";
      scene.incarnation = 4;
      const retry = await scene.reserve("a");
      expect(retry).toMatchObject({ code: "DUP", state: "H", server: "s1", incarnation: 1 });
      expect(retry.deadlineMs).toBe(START_MS + TTL_MS);
    });

    test("does not store a refusal", async () => {
      const scene = await newScene().start(1);
      await scene.reserve("a");
      expect((await scene.reserve("b")).code).toBe("SOLDOUT");
      await scene.release("a");
      expect((await scene.reserve("b")).code).toBe("OK");
    });

    test("counts a buyer's tickets up to the limit, and leaves them be on a refusal", async () => {
      const scene = await newScene().start(5);
      const limited = { buyer: "ann", maxPerBuyer: 3 };
      expect((await scene.reserve("a", { ...limited, qty: 2 })).code).toBe("OK");
      expect((await scene.reserve("b", { ...limited, qty: 2 })).code).toBe("USERLIMIT");
      expect((await scene.reserve("c", { ...limited, qty: 1 })).code).toBe("OK");
      expect((await scene.reserve("d", { ...limited, qty: 1 })).code).toBe("USERLIMIT");
      expect((await scene.reserve("e", { buyer: "bob", maxPerBuyer: 9, qty: 3 })).code).toBe(
        "SOLDOUT",
      );
      expect((await scene.snapshot()).buyers).toEqual([["ann", 3]]);
    });

    test("gives a buyer's quota back with the tickets", async () => {
      const scene = await newScene().start(5);
      const limited = { buyer: "ann", maxPerBuyer: 1 };
      await scene.reserve("released", limited);
      await scene.release("released");
      await scene.reserve("expired", limited);
      scene.nowMs += TTL_MS;
      await scene.sweep();
      await scene.reserve("refunded", limited);
      await scene.confirm("refunded", "p");
      expect((await scene.reserve("too-early", limited)).code).toBe("USERLIMIT");
      await scene.refund("refunded");
      expect((await scene.reserve("kept", limited)).code).toBe("OK");
    });

    test("limits neither an anonymous buyer nor one without a limit", async () => {
      const scene = await newScene().start(5);
      expect((await scene.reserve("a", { buyer: "", maxPerBuyer: 1, qty: 2 })).code).toBe("OK");
      expect((await scene.reserve("b", { buyer: "ann", maxPerBuyer: 0, qty: 2 })).code).toBe("OK");
      expect((await scene.snapshot()).buyers).toEqual([["ann", 2]]);
    });

    test("is LATE past its request deadline, not on it", async () => {
      const scene = await newScene().start(5);
      scene.nowMs = START_MS + 50;
      expect((await scene.reserve("a", { requestDeadlineMs: START_MS + 50 })).code).toBe("OK");
      scene.nowMs += 1;
      expect((await scene.reserve("b", { requestDeadlineMs: START_MS + 50 })).code).toBe("LATE");
      expect((await scene.reserve("c", { requestDeadlineMs: 0 })).code).toBe("OK");
      expect((await scene.reserve("a", { requestDeadlineMs: START_MS + 50 })).code).toBe("DUP");
    });

    test("needs an open sale, but knows its ids before", async () => {
      const scene = newScene();
      await scene.init(5);
      expect((await scene.reserve("a")).code).toBe("NOTOPEN");
      await scene.settle("b");
      expect(await scene.reserve("b")).toMatchObject({ code: "DUP", state: "D" });
      await scene.open();
      expect((await scene.reserve("a")).code).toBe("OK");
    });

    test("says which of several reasons it is: limit before stock, late before limit", async () => {
      const scene = await newScene().start(1);
      const buyer = { buyer: "ann", maxPerBuyer: 1 };
      await scene.reserve("a", buyer);
      expect((await scene.reserve("b", buyer)).code).toBe("USERLIMIT");
      expect((await scene.reserve("b", { ...buyer, requestDeadlineMs: 1 })).code).toBe("LATE");
    });

    test("tells what a latch needs", async () => {
      const scene = await newScene().start(3);
      const sold = await scene.reserveAll([]);
      expect(sold.error).toBe("BADARG");
      await scene.reserve("a", { qty: 2 });
      await scene.release("a");
      await scene.reserve("b", { qty: 2 });
      expect(await scene.sweep()).toMatchObject({
        code: "OK",
        epoch: EPOCH,
        generation: 1,
        left: 1,
        timeMs: START_MS,
      });
    });

    test("carries the largest numbers without rounding them", async () => {
      const largest = 999_999_999_999_999;
      const scene = newScene();
      scene.epoch = largest;
      scene.incarnation = largest;
      await scene.start(999_999_999);
      await scene.reserve("a", {
        qty: 999_999_999,
        ttlMs: 999_999_999,
        buyer: "ann",
        maxPerBuyer: largest,
        requestDeadlineMs: largest,
      });
      const { sale, rows, deadlines, buyers } = await scene.snapshot();
      expect(sale).toMatchObject({ total: 999_999_999, sold: 999_999_999, epoch: largest });
      expect(rows[0][1]).toMatchObject({ qty: 999_999_999, incarnation: largest });
      expect(rows[0][1]).toMatchObject({ maxPerBuyer: largest });
      expect(deadlines).toEqual([["a", START_MS + 999_999_999]]);
      expect(buyers).toEqual([["ann", 999_999_999]]);
      expect(await scene.reserve("a", { qty: 999_999_999, buyer: "ann" })).toMatchObject({
        code: "DUP",
        incarnation: largest,
        deadlineMs: START_MS + 999_999_999,
      });
    });
  });
}
