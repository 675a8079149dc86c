import { defineConfig } from "vitest/config";

/**
 * Two projects: `quick` needs nothing but Node and is done in seconds; `real` drives real programs
 * (redis-server, nginx, PostgreSQL), or runs whole sweeps and commands.
 */
const REAL = [
  "props/conformance/**/*live*.test.ts",
  "props/conformance/run.test.ts",
  "props/properties/properties.test.ts",
  "props/counter/**/*.test.ts",
  "props/zoo/zoo.test.ts",
  "props/zoo/checkers/**/*.test.ts",
  "props/sweep/**/*.test.ts",
  "props/determinism/**/*.test.ts",
  "props/docs/**/*.test.ts",
  "sim/cli/command.test.ts",
  "harness/**/*.real.test.ts",
  "reports/**/*.real.test.ts",
  "props/**/*.real.test.ts",
];

export default defineConfig({
  test: {
    // By default Vitest leaves one processor free; most of these tests wait as much as they compute.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "quick",
          include: ["{core,sim,harness,props,reports}/**/*.test.ts"],
          exclude: REAL,
          // Files share what they import, for that takes as long as half of the tests.
          isolate: false,
        },
      },
      { test: { name: "real", include: REAL, testTimeout: 120_000, hookTimeout: 300_000 } },
    ],
  },
});
