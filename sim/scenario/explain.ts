/** Turns what a schema has against a value into one line that says what would be right. */
import * as v from "valibot";
import { nearest } from "../cli/nearest.ts";
import { UsageError } from "../cli/usage-error.ts";
import { describe, expectsObject, pathsOf, schemaAt, wordsOf } from "./schema-node.ts";
import type { AnySchema } from "./schema-node.ts";

const SHOWN_LENGTH_MAX = 60;

/**
 * The value with its defaults filled in.
 * @param where What the value is, or the file it came from: put before the message unless empty.
 * @throws UsageError that names the first wrong path, and counts the others.
 */
export function parseOrExplain<T extends AnySchema>(
  schema: T,
  value: unknown,
  where: string,
): v.InferOutput<T> {
  const prefix = where === "" ? "" : `${where}: `;
  const misplaced = misplacedList(schema, value, []);
  if (misplaced !== undefined) throw new UsageError(`${prefix}${misplaced}`);
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [first] = parsed.issues;
  const wrongPaths = new Set(parsed.issues.map((issue) => v.getDotPath(issue)));
  const more = wrongPaths.size === 1 ? "" : ` (and ${wrongPaths.size - 1} more)`;
  throw new UsageError(`${prefix}${explain(schema, first)}${more}`);
}

/** A list where an object belongs: valibot takes it for an object without keys. */
function misplacedList(
  schema: AnySchema,
  value: unknown,
  path: readonly string[],
): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && expectsObject(schema))
    return `${dot(path)}expected ${describe(schema)}, got ${show(value)}`;
  for (const [key, inner] of Object.entries(value)) {
    const child = schemaAt(schema, [key]);
    const found = child === undefined ? child : misplacedList(child, inner, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function dot(path: readonly string[]): string {
  return path.length === 0 ? "" : `${path.join(".")}: `;
}

function explain(schema: AnySchema, issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const at = dot(path);
  if (issue.type === "strict_object" && issue.expected === "never")
    return `${at}unknown key; ${suggestPath(schema, path)}`;
  if (issue.type === "check") return `${at}${issue.message}`;
  const expected = describe(schemaAt(schema, path)!);
  if (issue.type === "strict_object" && issue.received === "undefined")
    return `${at}missing; expected ${expected}`;
  const meant = wordMeant(schemaAt(schema, path)!, issue.input);
  const question = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
  return `${at}expected ${expected}, got ${show(issue.input)}${question}`;
}

function wordMeant(schema: AnySchema, given: unknown): string | undefined {
  return typeof given === "string" ? nearest(given, wordsOf(schema)) : undefined;
}

/** Which path was meant, or else which keys there are beside the wrong one. */
export function suggestPath(schema: AnySchema, path: readonly string[]): string {
  const known = pathsOf(schema);
  const dotted = path.map((key) => (/^\d+$/u.test(key) ? "0" : key)).join(".");
  const meant = nearest(dotted, known) ?? byLastKey(path.at(-1)!, known);
  if (meant !== undefined) return `did you mean ${meant}?`;
  let depth = path.length - 1;
  while (depth > 0 && schemaAt(schema, path.slice(0, depth)) === undefined) depth -= 1;
  const parent = path.slice(0, depth);
  const siblings = known
    .map((candidate) => candidate.split("."))
    .filter((candidate) => candidate.length === depth + 1)
    .filter((candidate) => parent.every((key, i) => candidate[i] === key))
    .map((candidate) => candidate[depth]);
  if (siblings.length === 0) return `${parent.join(".")} has no keys below it`;
  return `known${depth === 0 ? "" : ` in ${parent.join(".")}`}: ${siblings.join(", ")}`;
}

/** `tickets` → `sale.tickets`: the section left out. */
function byLastKey(key: string, known: readonly string[]): string | undefined {
  const lastKeys = known.map((path) => path.slice(path.lastIndexOf(".") + 1));
  const meant = nearest(key, lastKeys);
  return meant === undefined ? undefined : known[lastKeys.indexOf(meant)];
}

function show(value: unknown): string {
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
}
