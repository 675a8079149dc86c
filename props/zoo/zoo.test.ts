import { describe, expect, test } from "vitest";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import { breedLua } from "./breed.ts";
import { killOf, runSeed } from "./hunt.ts";
import { readKillingSeeds } from "./killing-seeds.ts";
import { loadMutant, loadMutantFile, mutantFiles } from "./load.ts";
import { patchText, strategyName } from "./mutant.ts";

const files = await mutantFiles();
const seeds = readKillingSeeds();

describe.each(files)("%s", (file) => {
  test("dies on its seed by the invariant it must break, where the engine passes", async () => {
    const { mutant, default: strategy } = await loadMutantFile(file);
    const seed = seeds[strategyName(mutant)];
    expect(seed, "no seed kills it yet: npm run zoo -- --record").toBeDefined();
    expect(killOf(runSeed(strategy, BigInt(seed)), mutant.breaks)).not.toBeNull();
    expect(runSeed(preDeduct, BigInt(seed))).toMatchObject({ verdict: "passed" });
  });

  test("has the same bug in Lua", async () => {
    const { mutant } = await loadMutantFile(file);
    const scripts = await breedLua(mutant);
    expect(scripts.size).toBe(new Set(mutant.lua.map((patch) => patch.file)).size);
  });

  test("has the number of its file", async () => {
    const { mutant, default: strategy } = await loadMutantFile(file);
    expect(Number.parseInt(file, 10)).toBe(mutant.number);
    expect((await loadMutant(mutant.number)).name).toBe(strategy.name);
  });
});

describe("a patch", () => {
  const patch = { file: "a.ts", find: "x > 0", replace: "x >= $&" };

  test("replaces what it finds, and only in its file", () => {
    expect(patchText("a.ts", "if (x > 0) {}", [patch])).toBe("if (x >= $&) {}");
    expect(patchText("b.ts", "if (x > 0) {}", [patch])).toBe("if (x > 0) {}");
  });

  test.each(["if (x) {}", "x > 0 || x > 0"])("fails loudly on %j", (text) => {
    expect(() => patchText("a.ts", text, [patch])).toThrow("instead of once");
  });

  test("fails loudly for a mutant that does not exist", async () => {
    await expect(loadMutant(99)).rejects.toThrow("there is no mutant 99");
  });
});
