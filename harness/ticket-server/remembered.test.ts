import { expect, test } from "vitest";
import { RememberedRequests } from "./remembered.ts";

test("a request is known from its start until it is known to hold nothing", () => {
  const requests = new RememberedRequests();
  expect(requests.find("a", "b", 1)).toBeNull();
  expect(requests.add("a", false, "b", 1)).toBe(true);
  expect(requests.find("a", "b", 1)).toBe("waiting");
  requests.keep("a");
  expect(requests.find("a", "b", 1)).toBe("answered");
  expect(requests.add("a", false, "b", 1)).toBe(true);
  expect(requests.find("a", "b", 1)).toBe("answered");
  requests.forget("a");
  expect(requests.find("a", "b", 1)).toBeNull();
});

test.each([
  ["buyer", "c", 1],
  ["quantity", "b", 2],
])("another %s under its id is another request", (_what, buyer, qty) => {
  const requests = new RememberedRequests();
  requests.add("a", true, "b", 1);
  expect(requests.find("a", buyer, qty)).toBeNull();
  expect(requests.add("a", false, buyer, qty)).toBe(false);
  expect(requests.find("a", "b", 1)).toBe("waiting");
});

test("the newest are known, the oldest forgotten: memory is bounded", () => {
  const requests = new RememberedRequests(10);
  const known = (): number =>
    Array.from({ length: 100 }, (_, i) => requests.find(`r${i}`, "", 1)).filter(Boolean).length;
  for (let i = 0; i < 100; i += 1) {
    requests.add(`r${i}`, true, "", 1);
    expect(known()).toBeLessThanOrEqual(20);
    expect(known()).toBeGreaterThanOrEqual(Math.min(i + 1, 10));
    expect(requests.find(`r${i}`, "", 1)).toBe("waiting");
  }
});
