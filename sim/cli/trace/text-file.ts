/** A text file written in large pieces and synchronously, so that memory stays flat. */
import { closeSync, openSync, writeSync } from "node:fs";
import { EnvironmentError } from "../environment-error.ts";
import { reasonOf } from "../input-file.ts";
import { UsageError } from "../usage-error.ts";

const PIECE_CHARACTERS = 1 << 18;

export class TextFile {
  readonly #file: string;
  readonly #descriptor: number;
  #waiting = "";

  /** @throws UsageError if the file cannot be made. */
  constructor(file: string) {
    this.#file = file;
    try {
      this.#descriptor = openSync(file, "w");
    } catch (error) {
      throw new UsageError(`${file}: cannot be written: ${reasonOf(error)}`);
    }
  }

  /** @throws EnvironmentError if the disk is full. */
  write(text: string): void {
    this.#waiting += text;
    if (this.#waiting.length >= PIECE_CHARACTERS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = "";
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.#descriptor, bytes, written);
    } catch (error) {
      throw new EnvironmentError(`${this.#file}: ${reasonOf(error)}`);
    }
  }
}
