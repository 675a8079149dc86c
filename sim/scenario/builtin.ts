/** The scenarios that come with the simulator: one JSON file each in `builtin/`. */
import { readdirSync, readFileSync } from "node:fs";

const directory = new URL("builtin/", import.meta.url);
const EXTENSION = ".json";

/** Names in alphabetical order. */
export function builtinNames(): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .toSorted();
}

/** The text of a built-in scenario, or undefined if there is none of that name. */
export function readBuiltin(name: string): string | undefined {
  if (!builtinNames().includes(name)) return undefined;
  return readFileSync(new URL(`${name}${EXTENSION}`, directory), "utf8");
}
