import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Node's strict parseArgs, for commands with a few plain flags.
 * @throws UsageError with Node's reason, in one line.
 */
export function parseArguments<Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const { message } = error as Error;
    // The first sentence says what is wrong; the rest is advice for other programs.
    const [reason] = message.split(/\.\s|\n/u);
    const unknown = /^Unknown option '--([\w-]+)'/u.exec(message)?.[1] ?? "";
    const meant = nearest(unknown, Object.keys(config.options ?? {}));
    throw new UsageError(
      `${reason} (${meant === undefined ? "--help lists the flags" : `did you mean --${meant}?`})`,
    );
  }
}
