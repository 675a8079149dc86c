/** How every command of the reports ends that cannot do what it is asked for. */
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";

/**
 * Runs a command; what a person can mend is told in one line.
 * @returns The exit code.
 */
export async function explained(command: () => number | Promise<number>): Promise<number> {
  // `| head` closes the pipe early, which is no error.
  process.stdout.on("error", () => process.exit());
  // Nor is it one if nobody reads the progress, as when the terminal has been closed.
  process.stderr.on("error", () => undefined);
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.environment;
  }
}
