/** A payment is answered once and for all; the money of one that confirms nothing goes back once. */
import { describe, expect, test } from "vitest";
import type { LatePayment } from "../../../core/counter/calls.ts";
import type { NewScene } from "../contract.ts";
import type { Scene } from "../scene.ts";
import { START_MS, TTL_MS } from "../scene.ts";

const POLICIES: readonly LatePayment[] = ["lazy", "strict", "revive"];

async function expire(scene: Scene, id: string, qty = 1): Promise<void> {
  await scene.reserve(id, { qty, buyer: "ann", maxPerBuyer: 2 });
  scene.nowMs += TTL_MS;
  await scene.sweep();
}

export function paymentContract(newScene: NewScene): void {
  describe("a payment", () => {
    test.each(POLICIES)("delivered again hears its first refusal, under %s", async (policy) => {
      const scene = await newScene().start(9);
      await expire(scene, "expired");
      await scene.reserve("released");
      await scene.release("released");
      await scene.reserve("paid");
      await scene.confirm("paid", "confirms");
      const first: [id: string, paymentId: string, code: string][] = [
        ["expired", "p-expired", "EXPIRED"],
        ["released", "p-released", "RELEASED"],
        ["unknown", "p-nosuch", "NOSUCH"],
        ["paid", "p-double", "DOUBLEPAY"],
      ];
      for (const [id, paymentId, code] of first) {
        expect((await scene.confirm(id, paymentId)).code).toBe(code);
      }
      await scene.refund("paid");
      const events = await scene.events();
      for (const [id, paymentId, code] of first) {
        expect((await scene.confirm(id, paymentId, policy)).code).toBe(code);
      }
      expect(await scene.events()).toEqual(events);
      expect(events.filter((event) => event.startsWith("refund"))).toEqual([
        "refund expired p-expired",
        "refund released p-released",
        "refund unknown p-nosuch",
        "refund paid p-double",
        "refund paid confirms",
      ]);
      await scene.expectConserved();
    });

    test("that revived a reservation is DUP when delivered again", async () => {
      const scene = await newScene().start(1);
      await expire(scene, "a");
      expect((await scene.confirm("a", "p", "revive")).code).toBe("REVIVED");
      expect(await scene.confirm("a", "p", "revive")).toMatchObject({ code: "DUP", state: "C" });
      expect((await scene.audit()).left).toBe(0);
      expect((await scene.snapshot()).payments).toEqual([["p", "REVIVED|a"]]);
      expect((await scene.snapshot()).retired).toEqual([]);
      await scene.refund("a");
      expect(await scene.events()).toEqual(["H a", "X a", "C a p", "R a", "refund a p"]);
    });

    test("that comes after resale does not revive, nor later when stock is back", async () => {
      const scene = await newScene().start(2);
      await expire(scene, "a", 2);
      await scene.reserve("b");
      expect((await scene.confirm("a", "p", "revive")).code).toBe("EXPIRED");
      await scene.release("b");
      expect((await scene.confirm("a", "p", "revive")).code).toBe("EXPIRED");
      expect((await scene.confirm("a", "q", "revive")).code).toBe("REVIVED");
    });

    test("does not lift its buyer above the limit by reviving", async () => {
      const scene = await newScene().start(9);
      await expire(scene, "a", 2);
      await scene.reserve("b", { buyer: "ann", maxPerBuyer: 2 });
      expect((await scene.confirm("a", "p", "revive")).code).toBe("EXPIRED");
      await scene.release("b");
      expect((await scene.confirm("a", "q", "revive")).code).toBe("REVIVED");
      expect((await scene.snapshot()).buyers).toEqual([["ann", 2]]);
    });

    test("used for another reservation is a conflict, and changes nothing", async () => {
      const scene = await newScene().start(9);
      await scene.reserve("a");
      await scene.reserve("b");
      await scene.confirm("a", "p");
      const before = await scene.snapshot();
      expect(await scene.confirm("b", "p")).toMatchObject({ code: "PAYMENTCONFLICT", state: "H" });
      expect(await scene.confirm("c", "p")).toMatchObject({ code: "PAYMENTCONFLICT", state: "" });
      expect(await scene.snapshot()).toEqual(before);
    });

    test("refused strictly leaves the hold to the sweeper", async () => {
      const scene = await newScene().start(1);
      await scene.reserve("a");
      scene.nowMs = START_MS + TTL_MS;
      expect(await scene.confirm("a", "p", "strict")).toMatchObject({
        code: "EXPIRED",
        state: "H",
      });
      expect((await scene.sweep()).swept).toEqual([{ id: "a", qty: 1 }]);
      expect(await scene.events()).toEqual(["H a", "refund a p", "X a"]);
    });

    test("ends the hold's deadline", async () => {
      const scene = await newScene().start(1);
      await scene.reserve("a");
      await scene.confirm("a", "p");
      expect((await scene.snapshot()).deadlines).toEqual([]);
      scene.nowMs += 10 * TTL_MS;
      expect((await scene.sweep()).swept).toEqual([]);
      expect(await scene.settle("a")).toMatchObject({ code: "OK", state: "C" });
      expect((await scene.snapshot()).rows[0][1].paymentId).toBe("p");
    });

    test("is known after its reservation is deleted", async () => {
      const scene = await newScene().start(1);
      await scene.reserve("a");
      await scene.confirm("a", "p");
      await scene.refund("a");
      expect((await scene.confirm("b", "q")).code).toBe("NOSUCH");
      await scene.sweep(100, 0, 0);
      expect((await scene.snapshot()).rows).toEqual([]);
      expect(await scene.confirm("a", "p")).toMatchObject({ code: "DUP", state: "" });
      expect(await scene.confirm("b", "q")).toMatchObject({ code: "NOSUCH", state: "" });
      expect((await scene.snapshot()).rows).toEqual([]);
    });
  });
}
