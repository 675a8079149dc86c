/** The bytes of the Lua scripts, assembled as Redis gets them. */
import { readFileSync } from "node:fs";
import { assembleScript } from "../../core/counter/assemble.ts";
import type { ScriptName } from "../../core/counter/calls.ts";
import { SCRIPT_NAMES } from "../../core/counter/encoding.ts";

const LUA = new URL("../../core/counter/lua/", import.meta.url);

/** `changePrelude` is for tests that steer the clock. */
export function loadScripts(
  changePrelude: (prelude: string) => string = (prelude) => prelude,
): ReadonlyMap<ScriptName, string> {
  const prelude = changePrelude(read("prelude"));
  return new Map(SCRIPT_NAMES.map((name) => [name, assembleScript(read(name), prelude)]));
}

function read(name: string): string {
  return readFileSync(new URL(`${name}.lua`, LUA), "utf8");
}
