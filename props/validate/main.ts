/** `npm run validate`: the simulator against closed forms. */
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import type { Answer } from "./answer.ts";
import { firstSeed } from "./checks.ts";
import { HELP, parseValidateFlags } from "./flags.ts";
import type { ValidateOptions } from "./flags.ts";
import { answerAll } from "./pool.ts";
import { closing, commandOf, table } from "./table.ts";
import { replicationCommand } from "./sales.ts";

/** @returns The exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  try {
    const options = parseValidateFlags(argv);
    if (options !== null) return await validate(options);
    process.stdout.write(HELP);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`validate: ${error.message}\n`);
    return EXIT.usage;
  }
}

async function validate(options: ValidateOptions): Promise<number> {
  const { checks, seed, jobs, json } = options;
  const interrupt = new AbortController();
  process.once("SIGINT", () => interrupt.abort());
  let done = 0;
  const progress = (): void => {
    done += 1;
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${checks.length} rows`);
  };
  let answers: readonly Answer[];
  try {
    answers = await answerAll(checks, seed, jobs, progress, interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    throw error;
  }
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  process.stdout.write(json ? toJson(options, answers) : `${table(answers)}\n${closing(answers)}`);
  return exitCode(answers);
}

function exitCode(answers: readonly Answer[]): number {
  if (answers.some(({ verdict }) => verdict === "FAIL")) return EXIT.violated;
  return answers.every(({ verdict }) => verdict === "PASS") ? EXIT.passed : EXIT.noProgress;
}

function toJson({ checks, seed }: ValidateOptions, answers: readonly Answer[]): string {
  const rows = answers.map((answer, i) => ({
    ...answer,
    // JSON has no infinity: a deviation without any spread.
    t: answer.t !== null && !Number.isFinite(answer.t) ? String(answer.t) : answer.t,
    command: commandOf(answer),
    replication: replicationCommand(checks[i].subject, firstSeed(checks[i], seed)),
  }));
  const verdicts = answers.map(({ verdict }) => verdict);
  return `${JSON.stringify({
    schemaVersion: 1,
    seed: seed.toString(),
    passed: verdicts.filter((verdict) => verdict === "PASS").length,
    failed: verdicts.filter((verdict) => verdict === "FAIL").length,
    inconclusive: verdicts.filter((verdict) => verdict === "INCONCLUSIVE").length,
    rows,
  })}\n`;
}
