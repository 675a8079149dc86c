/** `npm run bench:service`: how fast the ticket server is, beside what else there is. */
import { writeFileSync } from "node:fs";
import { EXIT } from "../sim/cli/exit-codes.ts";
import { HELP, parseBenchFlags } from "./bench/flags.ts";
import type { BenchOptions } from "./bench/flags.ts";
import { Contenders } from "./bench/contenders.ts";
import { measure } from "./bench/measure.ts";
import { measureReserveCost } from "./bench/redis-cost.ts";
import { machine, reportText, ROUNDS_JUDGED } from "./bench/report.ts";
import type { BenchReport } from "./bench/report.ts";
import { gatesOf, rowsOf } from "./bench/verdict.ts";
import { exitCodeOfFailure } from "./ticket-server/process-end.ts";

const REPORT_FILE = new URL("../reports/bench-service.json", import.meta.url);

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parseBenchFlags(argv);
    if (options.help) {
      process.stdout.write(HELP);
      return EXIT.passed;
    }
    const report = await bench(options);
    const json = JSON.stringify(report, null, 2);
    process.stdout.write(options.json ? `${json}\n` : reportText(report));
    if (options.rounds < ROUNDS_JUDGED) return EXIT.passed;
    writeFileSync(REPORT_FILE, `${json}\n`);
    return report.gates.every(({ passed }) => passed) ? EXIT.passed : EXIT.violated;
  } catch (error) {
    return exitCodeOfFailure(error);
  }
}

async function bench({ rounds, seconds }: BenchOptions): Promise<BenchReport> {
  say("what a held ticket costs Redis");
  const redisCost = await measureReserveCost();
  const contenders = new Contenders();
  // Whatever ends this process ends its children: an interrupt needs no more.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(EXIT.interrupted));
  try {
    say("starting the servers");
    await contenders.start();
    const series = await measure(contenders, { rounds, seconds }, say);
    return {
      schemaVersion: 1,
      ...machine(),
      rounds,
      seconds,
      rows: rowsOf(series),
      redisCost,
      gates: gatesOf(series, redisCost),
    };
  } finally {
    await contenders.stop();
  }
}

/** Progress, for somebody who watches. */
function say(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${what} …\n`);
}
