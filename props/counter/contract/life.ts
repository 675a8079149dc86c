/** The sale as a whole: init, open, resize, grant, audit, and counter time. */
import { describe, expect, test } from "vitest";
import type { NewScene } from "../contract.ts";
import { EPOCH, START_MS, TTL_MS } from "../scene.ts";

export function lifeContract(newScene: NewScene): void {
  describe("init and open", () => {
    test("create a sale once and never reset it", async () => {
      const scene = newScene();
      expect(await scene.init(5)).toMatchObject({
        code: "OK",
        epoch: EPOCH,
        generation: 0,
        left: 5,
        timeMs: START_MS,
      });
      await scene.open();
      await scene.reserve("a", { qty: 2 });
      scene.nowMs += 10;
      const before = await scene.snapshot();
      expect(await scene.init(5)).toMatchObject({ code: "EXISTS", left: 3, timeMs: START_MS + 10 });
      expect(await scene.init(6)).toMatchObject({ code: "CONFLICT", left: 3 });
      scene.epoch += 1;
      expect(await scene.init(5)).toMatchObject({ code: "CONFLICT", epoch: EPOCH, left: 3 });
      expect(await scene.snapshot()).toEqual(before);
    });

    test("do not take a sale that lost its hash for a new one", async () => {
      const scene = await newScene().start(5);
      await scene.subject.loseSale();
      const before = await scene.snapshot();
      expect(await scene.init(5)).toMatchObject({
        error: null,
        code: "CONFLICT",
        epoch: 0,
        generation: 0,
        left: 0,
      });
      expect(await scene.snapshot()).toEqual(before);
    });

    test("open it once", async () => {
      const scene = newScene();
      await scene.init(5);
      expect((await scene.snapshot()).sale).toMatchObject({ open: false });
      expect((await scene.open()).code).toBe("OK");
      expect((await scene.open()).code).toBe("DUP");
      expect((await scene.snapshot()).sale).toMatchObject({ open: true });
      expect((await scene.snapshot()).outboxExists).toBe(true);
    });
  });

  describe("release and refund", () => {
    test("tell the order book why, where somebody said so", async () => {
      const scene = await newScene().start(5);
      for (const id of ["a", "b", "c", "d"]) await scene.reserve(id, { buyer: "ann" });
      await scene.confirm("c", "pay-c");
      await scene.confirm("d", "pay-d");
      const before = (await scene.snapshot()).outbox.length;
      await scene.release("a", "changed-mind");
      await scene.release("b");
      await scene.refund("c", "fraud");
      await scene.refund("d");
      const event = { qty: 1, buyer: "ann", paymentId: "" };
      expect((await scene.snapshot()).outbox.slice(before)).toEqual([
        { ...event, kind: "L", id: "a", reason: "changed-mind" },
        { ...event, kind: "L", id: "b" },
        { ...event, kind: "R", id: "c", reason: "fraud" },
        { ...event, kind: "refund", id: "c", paymentId: "pay-c" },
        { ...event, kind: "R", id: "d" },
        { ...event, kind: "refund", id: "d", paymentId: "pay-d" },
      ]);
    });
  });

  describe("resize", () => {
    test("is a compare-and-set that never goes below what is sold", async () => {
      const scene = await newScene().start(5);
      await scene.reserve("a", { qty: 3 });
      expect(await scene.resize(8, 4)).toMatchObject({ code: "CONFLICT", left: 2, generation: 0 });
      expect(await scene.resize(8, 5)).toMatchObject({ code: "OK", left: 5, generation: 1 });
      expect(await scene.resize(8, 5)).toMatchObject({ code: "DUP", left: 5, generation: 1 });
      expect(await scene.resize(2, 8)).toMatchObject({ code: "BELOWSOLD", left: 5, generation: 1 });
      expect(await scene.resize(3, 8)).toMatchObject({ code: "OK", left: 0, generation: 1 });
      expect((await scene.snapshot()).sale).toMatchObject({ total: 3, sold: 3 });
      expect((await scene.reserve("b")).code).toBe("SOLDOUT");
    });
  });

  describe("grant", () => {
    test("counts the servers heard of within liveMs, the caller included", async () => {
      const scene = await newScene().start(5);
      expect(await scene.grant("s1")).toMatchObject({ code: "OK", left: 5, liveServers: 1 });
      scene.nowMs += 1;
      scene.server = "s2";
      await scene.reserve("a");
      expect(await scene.grant("s3", 1000)).toMatchObject({ left: 4, liveServers: 3 });
      scene.nowMs = START_MS + 999;
      expect(await scene.grant("s3", 1000)).toMatchObject({ liveServers: 3 });
      scene.nowMs = START_MS + 1000;
      expect(await scene.grant("s3", 1000)).toMatchObject({ liveServers: 2 });
      expect(await scene.grant("s3", 1)).toMatchObject({ liveServers: 1 });
      expect(await scene.grant("s3", 2000)).toMatchObject({ liveServers: 3 });
    });
  });

  describe("audit", () => {
    test("sums rows, and changes nothing", async () => {
      const scene = await newScene().start(20);
      await scene.reserve("held", { qty: 2, buyer: "ann" });
      await scene.reserve("held-too", { qty: 3 });
      await scene.reserve("paid", { qty: 4, buyer: "bob" });
      await scene.confirm("paid", "p");
      await scene.reserve("paid-too", { qty: 1 });
      await scene.confirm("paid-too", "q");
      await scene.reserve("gone", { qty: 5, buyer: "ann" });
      await scene.release("gone");
      scene.nowMs += 3;
      const before = await scene.snapshot();
      expect(await scene.audit()).toEqual({
        error: null,
        code: "OK",
        epoch: EPOCH,
        generation: 1,
        left: 10,
        timeMs: START_MS + 3,
        results: [],
        swept: [],
        liveServers: 0,
        audit: {
          total: 20,
          sold: 10,
          heldUnits: 5,
          confirmedUnits: 5,
          heldRows: 2,
          deadlines: 2,
          buyerUnits: 6,
          namedUnits: 6,
        },
      });
      expect(await scene.snapshot()).toEqual(before);
    });

    test("shows a deadline that no held row stands behind", async () => {
      const scene = await newScene().start(5);
      await scene.subject.addStrayDeadline("a", START_MS);
      expect((await scene.audit()).audit).toMatchObject({ heldRows: 0, deadlines: 1 });
    });
  });

  describe("counter time", () => {
    test("never goes back, not even on refusals and reads", async () => {
      const scene = await newScene().start(1);
      scene.nowMs = START_MS + 500;
      expect((await scene.release("none")).code).toBe("TOMBSTONE");
      scene.nowMs = START_MS - 3_600_000;
      expect((await scene.audit()).timeMs).toBe(START_MS + 500);
      const held = await scene.reserve("a");
      expect(held.deadlineMs).toBe(START_MS + 500 + TTL_MS);
      scene.nowMs = START_MS + 501;
      expect((await scene.grant("s1")).timeMs).toBe(START_MS + 501);
      scene.nowMs = START_MS;
      expect((await scene.init(1)).timeMs).toBe(START_MS + 501);
      scene.epoch = 1;
      expect(await scene.open()).toMatchObject({ code: "FENCED", timeMs: START_MS + 501 });
    });

    test("adds the offset that recovery sets", async () => {
      const scene = await newScene().start(1);
      await scene.subject.setClockOffset(250);
      expect((await scene.reserve("a")).deadlineMs).toBe(START_MS + 250 + TTL_MS);
      expect((await scene.audit()).timeMs).toBe(START_MS + 250);
      await scene.subject.setClockOffset(-100);
      expect((await scene.audit()).timeMs).toBe(START_MS + 250);
      scene.nowMs += 1000;
      expect((await scene.audit()).timeMs).toBe(START_MS + 900);
      expect((await scene.init(2)).timeMs).toBe(START_MS + 900);
    });
  });
}
