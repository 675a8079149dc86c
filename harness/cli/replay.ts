/** The command that runs something again, ready to be pasted into a shell. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { quote } from "../../sim/cli/replay.ts";
import { withoutPassword } from "../orders/without-password.ts";

const HARNESS = fileURLToPath(new URL("..", import.meta.url));

/** `npx tsx harness/<file>`, from wherever the command was started, and the arguments. */
export function command(file: string, args: readonly string[]): string {
  const path = relative(process.cwd(), `${HARNESS}${file}`).replaceAll("\\", "/");
  return ["npx", "tsx", path, ...args].map(quote).join(" ");
}

/**
 * `--db` with the database of the run, for the end of a command; nothing for the default. A URL
 * with a password is not repeated: reports and terminals are shown to others.
 */
export function databaseArguments(db: string): string {
  if (db === "auto") return "";
  return ` --db ${withoutPassword(db) === db ? quote(db) : '"$DATABASE_URL"'}`;
}
