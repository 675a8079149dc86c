/** `npm run sweep`: many seeds, each a world of its own, and the ones that fail. */
import { EXIT } from "./cli/exit-codes.ts";
import { loadStrategy } from "./cli/strategy.ts";
import { UsageError } from "./cli/usage-error.ts";
import { HELP, parseSweepFlags } from "./sweep/flags.ts";
import type { SweepOptions } from "./sweep/flags.ts";
import { Pool } from "./sweep/pool.ts";
import { ProgressLine } from "./sweep/progress-line.ts";
import { drawRun } from "./sweep/run-seed.ts";
import { exitCodeOfSweep, summarise, summaryText } from "./sweep/summary.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parseSweepFlags(argv);
    if (options.help) {
      process.stdout.write(HELP);
      return EXIT.passed;
    }
    return await sweep(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
}

async function sweep(options: SweepOptions): Promise<number> {
  const { target, seedFrom, seedCount, jobs, json } = options;
  // What is wrong with the input shall be said once, and not by every process.
  await loadStrategy(target.strategy);
  drawRun(target, seedFrom);

  const progress = new ProgressLine(seedCount);
  const pool = new Pool({
    target,
    seedFrom,
    seedCount,
    jobs,
    onOutcome: ({ verdict }) => progress.add(verdict === "passed"),
  });
  process.on("SIGINT", () => pool.stop());
  const outcomes = await pool.run();
  progress.clear();

  const summary = summarise(target, seedFrom, seedCount, outcomes);
  process.stdout.write(`${json ? JSON.stringify(summary) : summaryText(summary)}\n`);
  return exitCodeOfSweep(summary);
}
