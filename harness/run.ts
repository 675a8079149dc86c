/**
 * The command that sells tickets on real parts: `npx tsx harness/run.ts --scenario demo`, and
 * `--help` for the rest.
 *
 * It works on a fresh clone too: nothing that would have to be installed is imported before it is.
 */
const SET_UP = "../.ci/ensure-installed.mjs";
await import(SET_UP);
const { main } = await import("./cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
