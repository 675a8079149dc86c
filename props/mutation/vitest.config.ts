/** What mutation testing runs: the tests of `core` that need nothing but Node. */
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/**
 * The tests of single functions before the properties: a mutant's run ends with the first test that
 * fails, and Vitest's own order begins with the slowest file.
 */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      Number(/\/props\/|\/played\.test\.ts$/u.test(moduleId));
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: [
      "core/**/*.test.ts",
      "props/engine/**/*.test.ts",
      "props/mutation/twin-contract.mutation.ts",
    ],
    exclude: ["**/*.real.test.ts"],
    sequence: { sequencer: QuickestFirst },
    // Instrumented code is several times slower.
    testTimeout: 60_000,
  },
});
