import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadStrategy } from "./strategy.ts";
import { UsageError } from "./usage-error.ts";

let directory: string;
let files = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "strategy-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Every module in a file of its own: an import is cached by its path. */
function moduleWith(text: string): string {
  files += 1;
  const file = join(directory, `strategy-${files}.mjs`);
  writeFileSync(file, text);
  return file;
}

const WHOLE = `{
  name: "mine", summary: "a test", authority: "counter",
  server: { create() {}, step() {} },
  counter: { create() {}, apply() {}, audit() {}, outbox: null },
}`;

describe("loadStrategy", () => {
  test.each(["pre-deduct", "order-first", "pay-first", "article"])("knows %s", async (name) => {
    expect((await loadStrategy(name)).name).toBe(name);
  });

  test("takes a module", async () => {
    const file = moduleWith(`export default ${WHOLE};`);
    expect((await loadStrategy(file)).name).toBe("mine");
  });

  test.each([
    ["prededuct", "did you mean pre-deduct?"],
    ["xyzzy", "built in: pre-deduct, order-first, pay-first, article"],
    ["./nowhere.ts", "--strategy ./nowhere.ts: no such file"],
  ])("%s", async (name, message) => {
    await expect(loadStrategy(name)).rejects.toThrow(UsageError);
    await expect(loadStrategy(name)).rejects.toThrow(message);
  });

  test.each([
    ["", "the default export: expected an object"],
    ['throw new Error("broken\\nin two lines")', "fails to load: broken in two lines"],
    ["export default 5", "the default export: expected an object"],
    ['import "./nowhere.mjs"', "fails to load: "],
    [`export default { ...${WHOLE}, name: "" }`, "name: expected text"],
    [
      `export default { ...${WHOLE}, authority: "me" }`,
      'authority: expected "counter" or "database"',
    ],
    [
      `export default { ...${WHOLE}, server: { create() {} } }`,
      "server.step: expected a function, got nothing",
    ],
    [
      `export default { ...${WHOLE}, server: { create() {}, step() {}, quickRefusal: 1 } }`,
      "server.quickRefusal: expected a function",
    ],
    [`export default { ...${WHOLE}, counter: null }`, "counter: expected an object"],
    [
      `export default { ...${WHOLE}, counter: { create() {}, apply: 1, audit() {}, outbox: null } }`,
      "counter.apply: expected a function, got number",
    ],
    [
      `export default { ...${WHOLE}, counter: { create() {}, apply() {}, audit() {}, outbox: {} } }`,
      "counter.outbox.readGroup: expected a function, got nothing",
    ],
  ])("a module with %s", async (text, message) => {
    const file = moduleWith(text);
    await expect(loadStrategy(file)).rejects.toThrow(UsageError);
    await expect(loadStrategy(file)).rejects.toThrow(message);
  });
});
