/** Every domain event as one JSON object on a line, in the order in which it was processed. */
import type { DomainEvent } from "../../kernel/trace.ts";
import { TextFile } from "./text-file.ts";
import type { TraceFile } from "./trace-file.ts";

export class JsonLinesTrace implements TraceFile {
  readonly #file: TextFile;

  constructor(file: string) {
    this.#file = new TextFile(file);
  }

  event(
    timeNs: number,
    kind: DomainEvent,
    entity: number,
    sequence: number,
    detail: string,
    hash: number,
  ): void {
    this.#file.write(
      `{"timeNs":${timeNs},"kind":"${kind}","entity":${entity},"sequence":${sequence},` +
        `"detail":${JSON.stringify(detail)},"hash":"${hash.toString(16).padStart(8, "0")}"}\n`,
    );
  }

  finish(): string | null {
    this.#file.close();
    return null;
  }
}
