/**
 * A process of the harness: started with one JSON configuration file, ready when it says so, and
 * gone when its starter is.
 *
 * The protocol: the child gets the path of its configuration as its only argument. Its first line
 * on stdout is one JSON object, printed when it can serve; what the object says is the child's own
 * affair. A child that cannot start prints one line on stderr and exits with a code other than 0.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { guardGroup, releaseGroup } from "./guard.ts";

/** A child that did not become ready; the message is what it said. */
export class ChildFailed extends Error {
  override readonly name = "ChildFailed";
}

export interface ChildOptions {
  /** For log files and messages: "server-3". */
  readonly name: string;
  /** The module to run. */
  readonly entry: URL;
  readonly config: unknown;
  /** Where its configuration and its log go. */
  readonly directory: string;
}

export interface Child<Ready> {
  readonly name: string;
  readonly pid: number;
  /** What it said when it was ready. */
  readonly ready: Ready;
  /** Resolves with the exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The signal that ended it; null before, and if it exited by itself. */
  readonly endedBy: NodeJS.Signals | null;
  signal(name: NodeJS.Signals): void;
}

const LOADER = import.meta.resolve("tsx");
const TICK_SHAPE = new URL("tick-shape.ts", import.meta.url).href;
/**
 * V8 begins with a young generation of 1 MB, which the requests in flight fill so often that most
 * of them are copied twice before they are done. 4 MB a processor's cache still holds; what they
 * gain, `npm run bench:service` shows.
 */
const NODE_FLAGS = ["--min-semi-space-size=4", "--import", LOADER, "--import", TICK_SHAPE];

/** @throws ChildFailed with the last line it printed on stderr. */
export async function startChild<Ready>(options: ChildOptions): Promise<Child<Ready>> {
  const { name, entry, config, directory } = options;
  const configFile = join(directory, `${name}.json`);
  writeFileSync(configFile, JSON.stringify(config));
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, fileURLToPath(entry), configFile],
    // A group of its own: Ctrl-C is for the harness, which then ends its children in order.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const pid = child.pid!;
  guardGroup(pid);
  const log = createWriteStream(join(directory, `${name}.log`), { flags: "a" });
  let lastWords = "";
  child.stderr.on("data", (text: Buffer) => {
    log.write(text);
    lastWords = text.toString().trim().split("\n").at(-1) ?? lastWords;
  });
  // "close" comes after the last word on stderr, "exit" may come before it.
  const exited = once(child, "close").then(([code]: (number | null)[]) => {
    releaseGroup(pid);
    log.end();
    return code;
  });
  const lines = createInterface(child.stdout);
  const first = await Promise.race([
    once(lines, "line").then(([line]: string[]) => line),
    exited.then(() => null),
  ]);
  if (first === null) {
    const killed = child.signalCode === null ? "no word" : `killed by ${child.signalCode}`;
    throw new ChildFailed(`${name} did not start: ${lastWords || killed}`);
  }
  lines.on("line", (line) => void log.write(`${line}\n`));
  return {
    name,
    pid,
    ready: JSON.parse(first) as Ready,
    exited,
    get endedBy() {
      return child.signalCode;
    },
    signal: (signal) => void child.kill(signal),
  };
}
