/** The command that repeats a run, ready to be pasted into a shell. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../run.ts", import.meta.url));

/** `npx tsx sim/run.ts`, from wherever the command was started, and the arguments. */
export function command(args: readonly string[]): string {
  const path = relative(process.cwd(), launcher).replaceAll("\\", "/");
  return ["npx", "tsx", path, ...args].map(quote).join(" ");
}

/** The same with a line on standard input. Not by `echo`: some shells' takes backslashes apart. */
export function commandWithInput(input: string, args: readonly string[]): string {
  return String.raw`printf '%s\n' ${quote(input)} | ${command(args)}`;
}

/** As POSIX shells read it: in single quotes, unless nothing in it is special. */
export function quote(argument: string): string {
  if (/^[\w@%+=:,./-]+$/u.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
