/** The files of a report. They are written when all of it is known, and never in part. */
import { accessSync, constants, existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { reasonOf } from "../../sim/cli/input-file.ts";
import { UsageError } from "../../sim/cli/usage-error.ts";
import { plotPng } from "../charts/png.ts";
import { plotDocument } from "../charts/plot-svg.ts";
import type { Report } from "../document/schema.ts";
import { seedsCsv } from "../pages/csv.ts";
import { reportHtml } from "../pages/html.ts";
import { reportMarkdown } from "../pages/markdown.ts";

/** A directory that can be written to; those made for it are taken away again if nothing was. */
export class Destination {
  readonly #path: string;
  readonly #made: string[] = [];

  /**
   * @param flag what named it, for the error
   * @throws UsageError if there can be no such directory. Before the work, not after it.
   */
  constructor(path: string, flag: string) {
    this.#path = path;
    try {
      for (const directory of [path, join(path, "plots")]) {
        this.#make(directory);
        // The slash: a file of that name will not do.
        accessSync(`${directory}/`, constants.W_OK | constants.X_OK);
      }
    } catch (error) {
      this.abandon();
      throw new UsageError(`${`${flag} ${path}`.trim()}: cannot be written: ${reasonOf(error)}`);
    }
  }

  /** Node 20's own recursive way never returns below /proc. */
  #make(path: string): void {
    if (existsSync(path)) return;
    this.#make(dirname(path));
    mkdirSync(path);
    this.#made.push(path);
  }

  /** @throws EnvironmentError if the disk is full, or the directory has gone. */
  write(report: Report): void {
    for (const [file, content] of reportFiles(report)) {
      try {
        writeFileSync(join(this.#path, file), content);
      } catch (error) {
        throw new EnvironmentError(`${join(this.#path, file)}: ${reasonOf(error)}`);
      }
    }
  }

  abandon(): void {
    for (const path of this.#made.toReversed()) {
      try {
        rmdirSync(path);
      } catch {
        // Somebody else has put something there.
      }
    }
  }
}

/** Name and content of each file. */
export function reportFiles(report: Report): [string, string | Buffer][] {
  return [
    ["report.html", reportHtml(report)],
    ["report.md", reportMarkdown(report)],
    ["seeds.csv", seedsCsv(report)],
    ...report.plots.flatMap((plot): [string, string | Buffer][] => [
      [`plots/${plot.id}.svg`, plotDocument(plot)],
      [`plots/${plot.id}.png`, plotPng(plot)],
    ]),
    ["report.json", `${JSON.stringify(report)}\n`],
  ];
}
