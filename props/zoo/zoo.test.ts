import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INVARIANTS } from "../../core/invariants/findings.ts";
import { startRedis } from "../counter/redis.ts";
import { ABSENT } from "./absent.ts";
import { killedBy } from "./hunt.ts";
import { killingSeedKey, readKillingSeeds } from "./killing-seeds.ts";
import { filesOf, idOf, loadMutantFile, mutantFiles } from "./load.ts";
import type { Mutant } from "./mutant.ts";
import { patchText, strategyName } from "./mutant.ts";
import { checkMarked } from "./breed.ts";
import { specimen, specimenSuite } from "./specimen.ts";
import { buildSuite, languagesOf } from "./subject.ts";
import type { Language } from "./subject.ts";

const files = await mutantFiles();
const seeds = readKillingSeeds();
let running: Awaited<ReturnType<typeof startRedis>>;

beforeAll(async () => {
  running = await startRedis();
});
afterAll(() => running.stop());

/** Plays the stored run with the mutant in it, and without. */
async function expectKill(mutant: Mutant, language: Language): Promise<void> {
  const stored = seeds[killingSeedKey(mutant.id, language)];
  expect(stored, "no run kills it yet: npm run zoo -- --record").toBeDefined();
  const seed = BigInt(stored.seed);
  const suite = await buildSuite(stored.suite, mutant, async () => running.client);
  expect(suite, `suite ${stored.suite} cannot meet it: npm run zoo -- --record`).not.toBeNull();
  const outcome = await suite!.play(seed);
  expect(killedBy(outcome, mutant.breaks), `broken: ${outcome.broken.join(", ")}`).not.toBeNull();
  expect(suite!.plantedHits()).toBeGreaterThan(0);
  expect(await suite!.playEngine(seed)).toEqual({ broken: [], detail: "", isVoid: false });
}

describe.each(files)("%s", (file) => {
  test("dies on its seed by the invariant it must break, where the engine passes", async () => {
    const { mutant } = await loadMutantFile(file);
    for (const language of languagesOf(mutant)) {
      // oxlint-disable-next-line no-await-in-loop -- the histories share one Redis
      await expectKill(mutant, language);
    }
  });

  test("has the number of its file", async () => {
    const { mutant, default: strategy } = await loadMutantFile(file);
    expect(idOf(file)).toBe(mutant.id);
    if (strategy !== undefined) expect(strategy.name).toBe(strategyName(mutant));
  });
});

test("the published demo dies, too", async () => {
  const suite = specimenSuite();
  expect(killedBy(await suite.play(1n), specimen.breaks)).not.toBeNull();
});

test("every bug of the list is a mutant, or is said to be none", () => {
  const ids = [...files.map(idOf), ...ABSENT.map(({ id }) => id)];
  const numbers = new Set(ids.map((id) => Number.parseInt(id, 10)));
  expect([...numbers].toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 60 }, (_, i) => i + 1),
  );
});

test("every invariant has a mutant that must break it", async () => {
  const modules = await Promise.all(files.map(loadMutantFile));
  const broken = new Set(modules.flatMap(({ mutant }) => mutant.breaks));
  expect(INVARIANTS.filter((name) => !broken.has(name))).toEqual(["determinism"]);
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

  test("must mark the bug, or nobody could tell that it was reached", () => {
    const mutant: Mutant = { id: "99", title: "-", breaks: [], typescript: [patch], lua: [] };
    expect(() => checkMarked(mutant)).toThrow("mutant 99: no patch calls planted()");
  });
});

test.each([
  ["7", ["07-a.ts"]],
  ["07", ["07-a.ts"]],
  ["50", ["50a-b.ts", "50b-c.ts"]],
  ["50b", ["50b-c.ts"]],
  ["99", []],
  ["x", []],
])("--only %s", (number, found) => {
  expect(filesOf(number, ["07-a.ts", "50a-b.ts", "50b-c.ts"])).toEqual(found);
});
