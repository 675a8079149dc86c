/**
 * The published demo's `stat.log`, in its two forms: which server took a request
 * (`handle in port:3001`), or what came of it (`result:1,localSales:27`). Servers may share a file.
 */
import { createWriteStream, openSync } from "node:fs";
import type { WriteStream } from "node:fs";

/** handle: a line when a request to buy comes in. result: a line when it is answered. */
export type StatLogForm = "handle" | "result";

export class StatLog {
  readonly #stream: WriteStream;
  readonly #form: StatLogForm;
  /** Where the server listens, as soon as it does. */
  port = 0;

  /** @throws the error of the system if the file cannot be opened */
  constructor(file: string, form: StatLogForm) {
    // Appending writes of several processes to one file do not tear each other's lines.
    this.#stream = createWriteStream(file, { fd: openSync(file, "a") });
    // The sale goes on without its log, as on a full disk.
    this.#stream.once("error", ({ message }) =>
      process.stderr.write(`stat.log ends: ${message}\n`),
    );
    this.#form = form;
  }

  requestCame(): void {
    if (this.#form === "handle") this.#stream.write(`handle in port:${this.port}\r\n`);
  }

  /** `localSales`: the tickets that this server has reserved so far. */
  requestAnswered(isAck: boolean, localSales: number): void {
    if (this.#form === "result")
      this.#stream.write(`result:${isAck ? 1 : 0},localSales:${localSales}\r\n`);
  }

  /** Resolves when every line is written, or will never be. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.destroyed) return resolve();
      this.#stream.once("close", () => resolve());
      this.#stream.end();
    });
  }
}
