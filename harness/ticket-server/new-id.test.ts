import { expect, test } from "vitest";
import { newId } from "./new-id.ts";

test("no two are alike, however many are made", () => {
  const ids = Array.from({ length: 10_000 }, newId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/u);
});
