/** The command: reads its flags, does what they ask for, and turns errors into exit codes. */
import { EnvironmentError } from "./environment-error.ts";
import { EXIT } from "./exit-codes.ts";
import { parseFlags } from "./flags.ts";
import { helpText } from "./help.ts";
import { jsonSchema } from "./json-schema.ts";
import { Output } from "./output.ts";
import { printedConfig } from "./printed-config.ts";
import { resolveRun } from "./resolve.ts";
import { runSession } from "./session.ts";
import { UsageError } from "./usage-error.ts";
import { versionText } from "./version.ts";

/** @returns the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const output = new Output();
  try {
    const exitCode = await runCommand(argv, output);
    await output.finish();
    return exitCode;
  } catch (error) {
    return explainError(error, output);
  }
}

async function runCommand(argv: readonly string[], output: Output): Promise<number> {
  const options = parseFlags(argv);
  if (options.help) {
    output.print([helpText()]);
    return EXIT.passed;
  }
  if (options.version) {
    output.print([versionText()]);
    return EXIT.passed;
  }
  if (options.printSchema !== null) {
    output.print([JSON.stringify(jsonSchema(options.printSchema), null, 2)]);
    return EXIT.passed;
  }
  const run = await resolveRun(options);
  if (options.printConfig) {
    output.print([JSON.stringify(printedConfig(run.config), null, 2)]);
    return EXIT.passed;
  }
  return runSession(options, run, output);
}

function explainError(error: unknown, output: Output): number {
  if (error instanceof UsageError) {
    output.note(`sim: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof EnvironmentError) {
    output.note(`sim: ${error.message}`);
    return EXIT.environment;
  }
  output.note("sim: this is a defect of the simulator itself:");
  output.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.internal;
}
