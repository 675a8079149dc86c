import { expect, test } from "vitest";
import { tickShape } from "./tick-shape.ts";

test("what is kept is the object of a tick", () => {
  expect(Object.keys(tickShape)).toEqual(expect.arrayContaining(["callback", "args"]));
});
