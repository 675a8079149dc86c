/** How a ticket server's process ends: in order on a signal, with one line if it cannot start. */
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { MissingProgram } from "../provision/system-package.ts";
import { CounterCallError } from "../redis/call-error.ts";
import type { RunningTicketServer } from "./server.ts";

/** As shells report it. */
const TERMINATED = 128 + 15;

/**
 * SIGTERM and SIGINT: drain, then exit 0, or 4 if somebody is left without an answer. A second
 * signal ends the process at once.
 */
export function exitOnSignals(running: RunningTicketServer, close: () => Promise<void>): void {
  let isDraining = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isDraining) process.exit(signal === "SIGINT" ? EXIT.interrupted : TERMINATED);
      isDraining = true;
      void endInOrder(running, close);
    });
  }
}

async function endInOrder(running: RunningTicketServer, close: () => Promise<void>): Promise<void> {
  const unanswered = await running.drain();
  await close();
  if (unanswered > 0) process.stderr.write(`ended with ${unanswered} requests unanswered\n`);
  process.exit(unanswered === 0 ? EXIT.passed : EXIT.noProgress);
}

/** Says in one line what is missing or wrong. @throws any other error, which is a defect. */
export function exitCodeOfFailure(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.usage;
  }
  if (
    error instanceof EnvironmentError ||
    error instanceof MissingProgram ||
    error instanceof CounterCallError ||
    isSystemError(error)
  ) {
    process.stderr.write(`${error.message}\n`);
    return EXIT.environment;
  }
  throw error;
}

/** An error of the operating system, as of a file that cannot be opened. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}
