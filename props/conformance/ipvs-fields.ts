/** Strict readers of parsed JSON: what is not as expected is an UnknownShape that names it. */
import { UnknownShape } from "./adapter.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Requires some keys, permits others, and refuses the rest. */
export function requireKnown(
  object: Fields,
  keys: readonly [readonly string[], readonly string[]],
): void {
  const [required, optional] = keys;
  for (const key of required) {
    if (object[key] === undefined) throw new UnknownShape(`no field ${key}`);
  }
  for (const key of Object.keys(object)) {
    if (!required.includes(key) && !optional.includes(key)) throw new UnknownShape(`field ${key}`);
  }
}

export function fields(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null) throw new UnknownShape(`${what} is no object`);
  return value as Fields;
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UnknownShape(`${what} is no list`);
  return value;
}

export function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new UnknownShape(`${what} is no text`);
  return value;
}

export function number(value: unknown, what: string): number {
  if (typeof value !== "number") throw new UnknownShape(`${what} is no number`);
  return value;
}
