/** The Lua scripts of a counter as Redis gets them: read, assembled, hashed. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { assembleScript } from "../../core/counter/assemble.ts";
import type { RedisCounter } from "../../core/counter/redis-counter.ts";

const CORE = new URL("../../core/", import.meta.url);

/** The text of each script of a counter, by its name. */
export type ScriptTexts = ReadonlyMap<string, string>;

/**
 * `change` is for tests that patch what the files have: a mutant's bug, a steered clock. It gets
 * the text of each file and the file's path from the root of the project.
 */
export function readScripts(
  { scriptFolder }: RedisCounter,
  change: (text: string, file: string) => string = (text) => text,
): ScriptTexts {
  const read = (file: string): string =>
    change(readFileSync(new URL(scriptFolder + file, CORE), "utf8"), `core/${scriptFolder}${file}`);
  const files = readdirSync(new URL(scriptFolder, CORE)).filter((file) => file.endsWith(".lua"));
  const prelude = files.includes(PRELUDE) ? read(PRELUDE) : "";
  return new Map(
    files
      .filter((file) => file !== PRELUDE)
      .map((file) => [file.slice(0, -".lua".length), assembleScript(read(file), prelude)]),
  );
}

const PRELUDE = "prelude.lua";

/** What EVALSHA calls a script. */
export function shaOf(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
