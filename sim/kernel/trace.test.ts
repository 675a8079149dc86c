import { expect, test } from "vitest";
import { Trace } from "./trace.ts";

type Event = Parameters<Trace["add"]>;

const EVENTS: readonly Event[] = [
  [1, "answered", 5, 0, "ACK"],
  [1, "answered", 6, 0, "ACK"],
  [2, "charged", 5, 0, "pay"],
];

function hashOf(events: readonly Event[]): string {
  const trace = new Trace(null);
  for (const event of events) trace.add(...event);
  return trace.hash();
}

test("the hash does not depend on the order of events", () => {
  expect(hashOf(EVENTS.toReversed())).toBe(hashOf(EVENTS));
  expect(hashOf(EVENTS)).toMatch(/^[0-9a-f]{16}$/u);
});

test.each([
  ["time", 0, 3],
  ["kind", 1, "charged"],
  ["entity", 2, 7],
  ["entity above 2^32", 2, 5 + 2 ** 32],
  ["sequence", 3, 1],
  ["detail", 4, "ACL"],
] as const)("it depends on the %s of each", (_, field, value) => {
  const changed = EVENTS.map((event) => [...event] as Event);
  (changed[0] as unknown[])[field] = value;
  expect(hashOf(changed)).not.toBe(hashOf(EVENTS));
});

test("one event more or less changes it", () => {
  expect(hashOf(EVENTS.slice(1))).not.toBe(hashOf(EVENTS));
  expect(hashOf([...EVENTS, EVENTS[0]])).not.toBe(hashOf(EVENTS));
});
