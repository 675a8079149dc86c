/** Reads a folder of recordings: `{"_meta": {software, …}, "scenarios": {name: {…}}}` per file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import type { Recording } from "./adapter.ts";

const recordingFile = v.object({
  _meta: v.record(v.string(), v.unknown()),
  scenarios: v.record(v.string(), v.record(v.string(), v.unknown())),
});

export interface RecordingFile {
  readonly file: string;
  readonly recordings: readonly Recording[];
  /** Why the file cannot be read as recordings, if so. */
  readonly failure?: string;
}

/**
 * All `*.json` of a folder, by name. Files that are not well-formed are listed with their failure.
 * @throws Error of node:fs if the folder cannot be read
 */
export function readRecordings(folder: string): RecordingFile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .toSorted()
    .map((file) => readRecordingFile(folder, file));
}

function readRecordingFile(folder: string, file: string): RecordingFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, file), "utf8"));
  } catch (error) {
    return { file, recordings: [], failure: `malformed JSON: ${(error as Error).message}` };
  }
  const parsed = v.safeParse(recordingFile, content);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { file, recordings: [], failure: `${v.getDotPath(issue) ?? "file"}: ${issue.message}` };
  }
  const { _meta: meta, scenarios } = parsed.output;
  const recordings = Object.entries(scenarios).map(([name, scenario]) => ({
    file,
    name,
    meta,
    scenario,
  }));
  if (recordings.length === 0) return { file, recordings, failure: "no scenarios" };
  return { file, recordings };
}
