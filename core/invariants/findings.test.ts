import { expect, test } from "vitest";
import { Findings } from "./findings.ts";

test("keeps the earliest of each invariant, of equal times the first told, and how many", () => {
  const findings = new Findings();
  expect(findings.count("latch")).toBe(0);
  expect(findings.first("latch")).toBe(undefined);
  findings.report("latch", 9, "one");
  findings.report("latch", 3, "two");
  findings.report("latch", 3, "three");
  findings.report("conservation", 5, "three");
  expect(findings.count("latch")).toBe(3);
  expect(findings.count("conservation")).toBe(1);
  expect(findings.first("latch")).toEqual({ invariant: "latch", atMs: 3, detail: "two" });
});

test("tells the earliest of all; of equal times the first in the table's order", () => {
  const findings = new Findings();
  expect(findings.earliest()).toBe(undefined);
  findings.report("latch", 9, "later");
  expect(findings.earliest()?.invariant).toBe("latch");
  findings.report("buyer-limit", 5, "earlier");
  findings.report("conservation", 5, "as early, and first in the table");
  findings.report("one-order", 6, "later");
  findings.report("no-oversell", 7, "later, and first of all in the table");
  expect(findings.earliest()).toEqual({
    invariant: "conservation",
    atMs: 5,
    detail: "as early, and first in the table",
  });
});
