/** `npm run bench`: how fast the simulator is, and where its time goes. */
import { BENCH_SIZES, QUICK_SIZES } from "./bench/sizes.ts";
import { HELP, parseBenchFlags } from "./bench/flags.ts";
import type { BenchOptions } from "./bench/flags.ts";
import {
  measureHolds,
  measureLayers,
  measureMemory,
  measureScenario,
} from "./bench/measurements.ts";
import { machine, reportText } from "./bench/report.ts";
import type { BenchReport } from "./bench/report.ts";
import { EXIT } from "./cli/exit-codes.ts";
import { UsageError } from "./cli/usage-error.ts";

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
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
}

async function bench({ quick, runs, seed, memory }: BenchOptions): Promise<BenchReport> {
  const sizes = quick ? QUICK_SIZES : BENCH_SIZES;
  say("event queue");
  return {
    schemaVersion: 1,
    ...machine(),
    seed,
    hold: measureHolds(sizes.pending, sizes.holdRounds),
    scenario: await measureScenario(sizes.buyers, seed, runs, say),
    breakdown: await measureLayers(sizes.buyers, seed, say),
    memory: memory ? await measureMemory(sizes.memoryBuyers, seed, say) : null,
  };
}

/** Progress, for somebody who watches. */
function say(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${what} …\n`);
}
