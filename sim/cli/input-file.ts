/** Reads JSON that a person names on the command line; `-` is standard input. */
import { readFileSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

const STANDARD_INPUT = 0;

/** @throws UsageError if it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : file, "utf8");
  } catch (error) {
    throw new UsageError(`${nameOf(file)}: cannot be read: ${reasonOf(error)}`);
  }
}

/** @throws UsageError if the text is not JSON, which a truncated file is not either. */
export function parseJson(text: string, file: string): unknown {
  if (text.trim() === "") throw new UsageError(`${nameOf(file)}: expected JSON, got nothing`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${nameOf(file)}: not JSON: ${(error as Error).message}`);
  }
}

export function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case "ENOENT":
      return "no such file or directory";
    case "EISDIR":
      return "it is a directory";
    case "ENOTDIR":
    case "EEXIST":
      return "something in its path is a file, not a directory";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ENOSPC":
      return "no space left on the device";
    default:
      return message;
  }
}
