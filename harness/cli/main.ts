/** The command: reads its flags, does what they ask for, and turns errors into exit codes. */
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { Interrupted } from "../../sim/cli/interrupt.ts";
import { Output } from "../../sim/cli/output.ts";
import { printedConfig } from "../../sim/cli/printed-config.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { versionText } from "../../sim/cli/version.ts";
import { NginxFailed } from "../nginx/nginx-process.ts";
import { ChildFailed } from "../processes/child.ts";
import { NoFreePort } from "../provision/ports.ts";
import { MissingProgram } from "../provision/system-package.ts";
import { CounterCallError } from "../redis/call-error.ts";
import { checkCanBeReal } from "../session/play.ts";
import { runAb } from "./ab-session.ts";
import { helpText } from "./help.ts";
import { parseOptions } from "./options.ts";
import { resolveForReal } from "./resolve.ts";
import { serveAlone } from "./serve-alone.ts";
import { runSession } from "./session.ts";

/** Something the command needs is missing, or does not start. */
const ENVIRONMENT_ERRORS = [
  EnvironmentError,
  MissingProgram,
  ChildFailed,
  NginxFailed,
  NoFreePort,
  CounterCallError,
] as const;

/** @returns the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output();
  try {
    const exitCode = await runCommand(argv, output);
    await output.finish();
    return exitCode;
  } catch (error) {
    return explainError("harness", error, output);
  }
}

async function runCommand(argv: readonly string[], output: Output): Promise<number> {
  const options = parseOptions(argv);
  if (options.help) {
    output.print([helpText()]);
    return EXIT.passed;
  }
  if (options.version) {
    output.print([versionText()]);
    return EXIT.passed;
  }
  const run = await resolveForReal(options);
  if (options.printConfig) {
    checkCanBeReal(run.config, run.strategy);
    output.print([JSON.stringify(printedConfig(run.config), null, 2)]);
    return EXIT.passed;
  }
  if (options.serverOnly) return serveAlone(options, run, output);
  if (options.ab) return runAb(options, run, output);
  return runSession(options, run, output);
}

/** One line for what a person can mend; a stack trace only for what is our own fault. */
export function explainError(name: string, error: unknown, output: Output): number {
  if (error instanceof Interrupted) {
    output.note(`${name}: interrupted before there was anything to tell`);
    return EXIT.interrupted;
  }
  if (error instanceof UsageError) {
    output.note(`${name}: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof Error && ENVIRONMENT_ERRORS.some((kind) => error instanceof kind)) {
    output.note(`${name}: ${error.message}`);
    return EXIT.environment;
  }
  output.note(`${name}: this is a defect of the harness itself:`);
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.internal;
}
