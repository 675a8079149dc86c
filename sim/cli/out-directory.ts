/** `--out DIR`: everything about a run in files. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "./environment-error.ts";
import { reasonOf } from "./input-file.ts";
import { UsageError } from "./usage-error.ts";

export class OutDirectory {
  readonly #path: string;

  /** @throws UsageError if there can be no such directory. Before the run, not after it. */
  constructor(path: string) {
    this.#path = path;
    try {
      makeDirectory(path);
      writeFileSync(join(path, "summary.txt"), "");
    } catch (error) {
      throw new UsageError(`--out ${path}: cannot be written: ${reasonOf(error)}`);
    }
  }

  pathOf(file: string): string {
    return join(this.#path, file);
  }

  /** @throws EnvironmentError if the disk is full, or the directory has gone. */
  fill(
    report: { readonly traceHash: string },
    config: unknown,
    summary: string,
    picture: string,
  ): void {
    this.#write("result.json", `${JSON.stringify(report, null, 2)}\n`);
    this.#write("config.json", `${JSON.stringify(config, null, 2)}\n`);
    this.#write("trace-hash.txt", `${report.traceHash}\n`);
    this.#write("summary.txt", summary);
    this.#write("topology.svg", picture);
  }

  #write(file: string, text: string): void {
    try {
      writeFileSync(this.pathOf(file), text);
    } catch (error) {
      throw new EnvironmentError(`${this.pathOf(file)}: ${reasonOf(error)}`);
    }
  }
}

/** Makes the directory and its parents. Node 20's own recursive way never returns below /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path);
}
