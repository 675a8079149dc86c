/** Where the command writes: results to stdout, everything else to stderr. */
import { stripVTControlCharacters } from "node:util";
import { EnvironmentError } from "./environment-error.ts";
import { reasonOf } from "./input-file.ts";
import { paintFor } from "./text/paint.ts";
import type { Paint } from "./text/paint.ts";
import { yieldToEventLoop } from "./wall-clock.ts";

export class Output {
  readonly paint: Paint = paintFor(process.stdout, process.env);
  readonly #transcript: string[] = [];
  #failure: EnvironmentError | null = null;

  constructor() {
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      // The reader (`| head`) has seen enough. The run goes on in silence, because somebody may
      // still want its files and its exit code.
      if (error.code === "EPIPE") return;
      this.#failure ??= new EnvironmentError(`standard output: ${reasonOf(error)}`);
    });
    process.stderr.on("error", () => {});
  }

  /** Lines of the result, for standard output. */
  print(lines: readonly string[]): void {
    if (process.stdout.writable) process.stdout.write(`${lines.join("\n")}\n`);
  }

  /** Lines for the transcript. */
  keep(lines: readonly string[]): void {
    for (const line of lines) this.#transcript.push(stripVTControlCharacters(line));
  }

  /** A message about the run, which is not part of its result. */
  note(line: string): void {
    if (process.stderr.writable) process.stderr.write(`${line}\n`);
  }

  /** Everything kept so far, without colours. */
  transcript(): string {
    return `${this.#transcript.join("\n")}\n`;
  }

  /** Waits until everything is written. @throws EnvironmentError if it could not be. */
  async finish(): Promise<void> {
    if (process.stdout.writable)
      await new Promise<void>((resolve) => process.stdout.write("", () => resolve()));
    await yieldToEventLoop();
    if (this.#failure !== null) throw this.#failure;
  }
}
