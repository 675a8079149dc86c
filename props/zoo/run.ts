/**
 * `npm run zoo`: hunts every mutant through the suites that can meet it and prints the matrix:
 * which bug, what had to break, what broke, after how many seeds, by which suite.
 *
 * Seeds needed are the median of several starts, since one start may be lucky. A survivor fails
 * the command: then the checks are blind. So does a mutant that was never executed: then the runs
 * never go where that bug lives.
 */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { MissingProgram, requireProgram } from "../../harness/provision/system-package.ts";
import { ABSENT } from "./absent.ts";
import type { CheckerRow } from "./checkers/job.ts";
import { CHECKER_MUTANTS } from "./checkers/mutants.ts";
import { HELP, parseZooFlags } from "./flags.ts";
import type { ZooOptions } from "./flags.ts";
import type { Row } from "./job.ts";
import { recordKillingSeeds } from "./killing-seeds.ts";
import { filesOf, mutantFiles } from "./load.ts";
import { hasPassed, headerText, rowText, summaryText, toJson } from "./matrix.ts";
import { Pool } from "./pool.ts";
import type { AnyJob, AnyRow } from "./pool.ts";
import { SPECIMEN } from "./specimen.ts";

/** `--only` them. */
const CHECKERS = "checkers";

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parseZooFlags(argv);
    if (!options.help) return await zoo(options);
    process.stdout.write(HELP);
    return EXIT.passed;
  } catch (error) {
    if (error instanceof UsageError || error instanceof MissingProgram) {
      process.stderr.write(`zoo: ${error.message}\n`);
      return error instanceof UsageError ? EXIT.usage : EXIT.environment;
    }
    throw error;
  }
}

async function zoo(options: ZooOptions): Promise<number> {
  const jobs = await jobsOf(options);
  // What is missing shall be said once, and not by every process.
  requireProgram("redis-server", "redis-server");
  const rows: Row[] = [];
  const checkers: CheckerRow[] = [];
  const tell = (text: string): void => void (options.json || process.stdout.write(`${text}\n`));
  tell(headerText());
  const onRow = (row: AnyRow): void => {
    if ("id" in row) {
      rows.push(row);
      tell(rowText(row));
    } else {
      checkers.push(row);
    }
  };
  const pool = new Pool({ jobs, processes: options.jobs, onRow });
  let interrupted = false;
  process.once("SIGINT", () => {
    interrupted = true;
    pool.stop();
  });
  await pool.run();
  if (options.record) recordKillingSeeds(rows);
  const findings = {
    rows,
    checkers,
    isWhole: options.only === null,
    isPartial: interrupted,
  };
  process.stdout.write(`${options.json ? toJson(findings) : summaryText(findings)}\n`);
  if (interrupted) return EXIT.interrupted;
  return hasPassed(findings) ? EXIT.passed : EXIT.violated;
}

/** @throws UsageError if there is no such mutant. */
async function jobsOf({ only, starts, seeds }: ZooOptions): Promise<AnyJob[]> {
  const all = await mutantFiles();
  const files = only === null ? all : filesOf(only, all);
  const limits = { starts, seedsPerStart: seeds };
  const jobs: AnyJob[] = files.map((file) => ({ file, ...limits }));
  if (only === null || only === SPECIMEN) jobs.unshift({ file: SPECIMEN, ...limits });
  if (only === null || only === CHECKERS)
    jobs.push(...CHECKER_MUTANTS.map((_, checker) => ({ checker })));
  if (jobs.length === 0) throw new UsageError(`--only ${only}: ${whyNot(only!)}`);
  return jobs;
}

/** Why there is no mutant of that name. */
function whyNot(only: string): string {
  const absent = ABSENT.find(({ id }) => id === only || Number.parseInt(id, 10) === Number(only));
  return absent === undefined
    ? 'there is no such mutant; expected 1 to 60, as 7 or 50b, "article" or "checkers"'
    : `${absent.title} is no mutant here: ${absent.why}`;
}
