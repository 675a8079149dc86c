import fc from "fast-check";
import { expect, test } from "vitest";
import { Numbered } from "./numbered.ts";

/** Adds something, or removes one of those that are there: the oldest, the newest, … */
const operations = fc.array(fc.oneof(fc.constant("add" as const), fc.nat({ max: 5 })), {
  maxLength: 300,
  size: "max",
});

test("is a Map whose keys count up", () => {
  fc.assert(
    fc.property(operations, (steps) => {
      const numbered = new Numbered<string>();
      const model = new Map<number, string>();
      let added = 0;
      for (const step of steps) {
        if (step === "add") {
          added += 1;
          expect(numbered.add(`item ${added}`)).toBe(added);
          model.set(added, `item ${added}`);
        } else {
          const number = [...model.keys()].at(step < 3 ? step : -step) ?? added + step;
          expect(numbered.remove(number)).toBe(model.get(number));
          model.delete(number);
        }
      }
      for (let number = 0; number <= added + 1; number += 1)
        expect(numbered.get(number)).toBe(model.get(number));
    }),
    { seed: 12306 },
  );
});

test("one that stays for long is not lost among many that come and go", () => {
  const numbered = new Numbered<string>();
  const staying = numbered.add("staying");
  for (let i = 0; i < 1000; i += 1) numbered.remove(numbered.add("passing"));
  expect(numbered.get(staying)).toBe("staying");
});

test("two that stay are not lost, whenever they come", () => {
  const pass = (numbered: Numbered<string>, count: number): void => {
    for (let i = 0; i < count; i += 1) numbered.remove(numbered.add("passing"));
  };
  for (let before = 0; before < 80; before += 1)
    for (let between = 0; between < 80; between += 1) {
      const numbered = new Numbered<string>();
      pass(numbered, before);
      const first = numbered.add("first");
      pass(numbered, between);
      const second = numbered.add("second");
      pass(numbered, 80);
      if (numbered.get(first) !== "first" || numbered.get(second) !== "second")
        expect.fail(`lost one of ${first} and ${second}`);
    }
});
