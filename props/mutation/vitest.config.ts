/** What mutation testing runs: the tests of `core` that need nothing but Node. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "core/**/*.test.ts",
      "props/engine/**/*.test.ts",
      "props/counter/{encoding,sorted-set}.test.ts",
      "props/mutation/twin-contract.mutation.ts",
    ],
    exclude: ["**/*.real.test.ts"],
    // Instrumented code is several times slower.
    testTimeout: 60_000,
  },
});
