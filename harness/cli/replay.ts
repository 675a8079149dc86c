/** The command that runs something again, ready to be pasted into a shell. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const HARNESS = fileURLToPath(new URL("..", import.meta.url));

/** `npx tsx harness/<file>`, from wherever the command was started, and the arguments. */
export function command(file: string, args: readonly string[]): string {
  const path = relative(process.cwd(), `${HARNESS}${file}`).replaceAll("\\", "/");
  return ["npx", "tsx", path, ...args].map(quote).join(" ");
}

/** As POSIX shells read it: in single quotes, unless nothing in it is special. */
function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
