/** Writes the history down as it happens: in memory for the judge, and line by line in a file. */
import { closeSync, openSync, writeSync } from "node:fs";
import { encodeRecord } from "../../core/history/codec.ts";
import { HistoryLog } from "../../core/history/history.ts";
import type { History } from "../../core/history/history.ts";
import type { HistoryRecord, HistorySink, RunRecord } from "../../core/history/records.ts";

/** Lines are written in blocks of about this many characters. */
const BLOCK_CHARACTERS = 65_536;

export class Recorder implements HistorySink {
  readonly #log: HistoryLog;
  readonly #file: number;
  #block = "";

  constructor(run: RunRecord, file: string) {
    this.#log = new HistoryLog(run);
    this.#file = openSync(file, "w");
    this.#write(run);
  }

  add(record: HistoryRecord): void {
    this.#log.add(record);
    this.#write(record);
  }

  history(): History {
    return this.#log.history();
  }

  /** Nothing is recorded any more. */
  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #write(record: HistoryRecord): void {
    this.#block += `${encodeRecord(record)}\n`;
    if (this.#block.length >= BLOCK_CHARACTERS) this.#flush();
  }

  #flush(): void {
    writeSync(this.#file, this.#block);
    this.#block = "";
  }
}
