/** Reads JSON that a person names on the command line; `-` is standard input. */
import { readFileSync, readSync } from "node:fs";
import { UsageError } from "./usage-error.ts";

const STANDARD_INPUT = 0;
const PIECE_BYTES = 65_536;
const RETRY_MS = 10;

/** What was read from standard input, which can be read once. */
let standardInput: string | null = null;

/** The text that came on standard input; null if nothing asked for it. */
export function textOfStandardInput(): string | null {
  return standardInput;
}

/** @throws UsageError if it cannot be read. */
export function readText(file: string): string {
  if (file === "-" && standardInput !== null)
    throw new UsageError("standard input can be read once: give the other file by its name");
  try {
    return file === "-" ? (standardInput = readStandardInput()) : readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${nameOf(file)}: cannot be read: ${reasonOf(error)}`);
  }
}

/** `readFileSync(0)` fails on a pipe that some parent made non-blocking, so this one waits. */
function readStandardInput(): string {
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(PIECE_BYTES);
  for (;;) {
    try {
      const bytes = readSync(STANDARD_INPUT, piece);
      if (bytes === 0) return Buffer.concat(pieces).toString("utf8");
      pieces.push(Buffer.from(piece.subarray(0, bytes)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** @throws UsageError if the text is not JSON, which a truncated file is not either. */
export function parseJson(text: string, file: string): unknown {
  if (text.trim() === "") throw new UsageError(`${nameOf(file)}: expected JSON, got nothing`);
  try {
    return JSON.parse(text);
  } catch (error) {
    // V8 quotes the text, whatever it holds.
    const reason = (error as Error).message.replace(/[\s\p{Cc}]+/gu, " ");
    throw new UsageError(`${nameOf(file)}: not JSON: ${reason}`);
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
