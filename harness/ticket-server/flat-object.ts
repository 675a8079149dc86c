/** Bodies are JSON objects of a few known fields, each a text or a number, each given once. */
import { BadRequest } from "./bad-request.ts";

export type Fields = Readonly<Record<string, "string" | "number">>;

/** What was given of the fields. */
export type Given<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends "string" ? string : number;
};

/** A string of a JSON text, and the colon after it if it is a key. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/gsu;

/** @throws BadRequest that names the field and says what would be right */
export function parseFlatObject<F extends Fields>(text: string, fields: F): Given<F> {
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new BadRequest(`body: expected a JSON object, got ${nameOfType(value)}`);
  for (const [key, found] of Object.entries(value)) {
    if (!Object.hasOwn(fields, key))
      throw new BadRequest(
        `${shown(key)}: unknown field; known: ${Object.keys(fields).join(", ")}`,
      );
    if (typeof found !== fields[key])
      throw new BadRequest(`${key}: expected a ${fields[key]}, got ${nameOfType(found)}`);
  }
  refuseRepeatedKeys(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadRequest("body: not JSON");
  }
}

/**
 * JSON.parse takes the last of two equal keys, another reader the first: of `{"qty":1,"qty":9}` two
 * machines on the way would read different orders. The text is known to be a flat object, so every
 * string before a colon is a key.
 */
function refuseRepeatedKeys(text: string): void {
  const seen = new Set<string>();
  for (const [token, colon] of text.matchAll(STRINGS)) {
    if (colon === undefined) continue;
    const key = JSON.parse(token.slice(0, -colon.length)) as string;
    if (seen.has(key)) throw new BadRequest(`${key}: given twice`);
    seen.add(key);
  }
}

function nameOfType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A name that the client made up, short enough to be repeated to it. */
function shown(key: string): string {
  return JSON.stringify(key.length <= 64 ? key : `${key.slice(0, 64)}…`);
}
