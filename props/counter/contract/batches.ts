/** A batch is a sequence: each item reads after the writes of the one before it. */
import { describe, expect, test } from "vitest";
import type { CounterReply } from "../../../core/counter/calls.ts";
import type { NewScene } from "../contract.ts";
import { EPOCH, reserveItem } from "../scene.ts";

export function batchContract(newScene: NewScene): void {
  describe("a batch", () => {
    test("answers item by item, in order, and takes only what fits", async () => {
      const scene = await newScene().start(3);
      const reply = await scene.reserveAll([
        reserveItem("a", { qty: 2 }),
        reserveItem("b", { qty: 2 }),
        reserveItem("c", { qty: 1 }),
        reserveItem("d", { qty: 1 }),
      ]);
      expect(codesOf(reply)).toEqual(["OK", "SOLDOUT", "OK", "SOLDOUT"]);
      expect(reply.left).toBe(0);
    });

    test("finds the same id a second time", async () => {
      const scene = await newScene().start(3);
      const items = [reserveItem("a"), reserveItem("a"), reserveItem("a", { qty: 2 })];
      const reply = await scene.reserveAll(items);
      expect(codesOf(reply)).toEqual(["OK", "DUP", "CONFLICT"]);
      expect(reply.left).toBe(2);
      expect(await scene.events()).toEqual(["H a"]);
    });

    test("counts a buyer's tickets across its items", async () => {
      const scene = await newScene().start(5);
      const limited = { buyer: "ann", maxPerBuyer: 2 };
      const items = ["a", "b", "c"].map((id) => reserveItem(id, limited));
      expect(codesOf(await scene.reserveAll(items))).toEqual(["OK", "OK", "USERLIMIT"]);
      expect((await scene.snapshot()).buyers).toEqual([["ann", 2]]);
    });

    test("confirms once, whatever else it has for the same id", async () => {
      const scene = await newScene().start(5);
      await scene.reserve("a");
      const reply = await scene.call({
        script: "confirm",
        epoch: EPOCH,
        latePayment: "lazy",
        items: [
          { id: "a", paymentId: "p" },
          { id: "a", paymentId: "p" },
          { id: "a", paymentId: "q" },
          { id: "b", paymentId: "p" },
          { id: "b", paymentId: "r" },
          { id: "b", paymentId: "s" },
        ],
      });
      expect(codesOf(reply)).toEqual([
        "OK",
        "DUP",
        "DOUBLEPAY",
        "PAYMENTCONFLICT",
        "NOSUCH",
        "RELEASED",
      ]);
      expect(await scene.events()).toEqual([
        "H a",
        "C a p",
        "refund a q",
        "refund b r",
        "refund b s",
      ]);
    });

    test("gives stock back once for an id that it names twice, and moves the generation", async () => {
      const scene = await newScene().start(5);
      await scene.reserveAll([reserveItem("a", { qty: 2 }), reserveItem("b")]);
      const items = [{ id: "a" }, { id: "b" }, { id: "a" }, { id: "c" }, { id: "c" }];
      const reply = await scene.call({ script: "release", epoch: EPOCH, items });
      expect(codesOf(reply)).toEqual(["OK", "OK", "DUP", "TOMBSTONE", "DUP"]);
      expect(reply).toMatchObject({ left: 5, generation: 2 });
    });

    test("refunds once, and settles each id", async () => {
      const scene = await newScene().start(5);
      await scene.reserveAll([reserveItem("a"), reserveItem("b")]);
      await scene.confirm("a", "p");
      const items = [{ id: "a" }, { id: "a" }, { id: "b" }, { id: "c" }];
      const refunded = await scene.call({ script: "refund", epoch: EPOCH, items });
      expect(codesOf(refunded)).toEqual(["OK", "DUP", "NOTCONFIRMED", "NOSUCH"]);
      const settled = await scene.call({ script: "settle", epoch: EPOCH, items });
      expect(settled.results.map(({ state }) => state)).toEqual(["R", "R", "H", "D"]);
    });

    test("has at most 1000 items", async () => {
      const scene = await newScene().start(2000);
      const items = Array.from({ length: 1001 }, (_, i) => reserveItem(`r${i}`));
      expect((await scene.reserveAll(items)).error).toBe("BADARG");
      const reply = await scene.reserveAll(items.slice(1));
      expect(codesOf(reply).every((code) => code === "OK")).toBe(true);
      expect(reply.left).toBe(1000);
    });
  });
}

function codesOf(reply: CounterReply): string[] {
  return reply.results.map(({ code }) => code);
}
