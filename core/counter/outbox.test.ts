/** One consumer group by hand; `props/counter` compares random operations with a real stream. */
import { expect, test } from "vitest";
import { ack, appendEvent, autoClaim, backlog, createOutbox, readGroup, trim } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";

function outboxOf(events: number): { outbox: Outbox } {
  const outbox = createOutbox();
  for (let i = 1; i <= events; i += 1) appendEvent(outbox, "H", `r${i}`, 1, "b", "");
  return { outbox };
}

test("an event has its position, and a reason only where one was given", () => {
  const { outbox } = outboxOf(1);
  appendEvent(outbox, "L", "r1", 2, "b", "p", "buyer");
  expect(outbox.events).toEqual([
    { position: "1", kind: "H", id: "r1", qty: 1, buyer: "b", paymentId: "" },
    { position: "2", kind: "L", id: "r1", qty: 2, buyer: "b", paymentId: "p", reason: "buyer" },
  ]);
});

test("an event is handed out once, noted with who has it and since when", () => {
  const sale = outboxOf(3);
  expect(readGroup(sale, "w1", 2, 1000).map(({ id }) => id)).toEqual(["r1", "r2"]);
  expect(readGroup(sale, "w2", 2, 1001).map(({ id }) => id)).toEqual(["r3"]);
  expect(readGroup(sale, "w2", 2, 1002)).toEqual([]);
  expect([...sale.outbox.pending]).toEqual([
    [1, { consumer: "w1", deliveredMs: 1000, count: 1 }],
    [2, { consumer: "w1", deliveredMs: 1000, count: 1 }],
    [3, { consumer: "w2", deliveredMs: 1001, count: 1 }],
  ]);
});

test("an acknowledgement counts what was pending, and that once", () => {
  const sale = outboxOf(3);
  readGroup(sale, "w1", 2, 1000);
  expect(ack(sale, ["1", "2", "3"])).toBe(2);
  expect(ack(sale, ["1"])).toBe(0);
  expect(backlog(sale)).toBe(1);
});

test("what was pending long enough is taken over, as many as asked for", () => {
  const sale = outboxOf(4);
  readGroup(sale, "w1", 3, 1000);
  readGroup(sale, "w1", 1, 1001);
  expect(autoClaim(sale, "w2", 100, 9, 1099)).toEqual([]);
  expect(autoClaim(sale, "w2", 100, 2, 1100).map(({ id }) => id)).toEqual(["r1", "r2"]);
  expect(sale.outbox.pending.get(2)).toEqual({ consumer: "w2", deliveredMs: 1100, count: 2 });
  expect(autoClaim(sale, "w2", 100, 9, 1100).map(({ id }) => id)).toEqual(["r3"]);
});

test("trimming stops at what is pending, and at what nobody was given", () => {
  const sale = outboxOf(3);
  expect(trim(sale)).toBe(0);
  readGroup(sale, "w1", 2, 1000);
  ack(sale, ["1"]);
  expect(trim(sale)).toBe(1);
  ack(sale, ["2"]);
  expect(trim(sale)).toBe(1);
  expect(sale.outbox.events.map(({ id }) => id)).toEqual(["r3"]);
  appendEvent(sale.outbox, "X", "r3", 1, "b", "");
  expect(sale.outbox.events.at(-1)?.position).toBe("4");
  expect(backlog(sale)).toBe(2);
});
