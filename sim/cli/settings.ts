/** `--set path.to.field=value`: changes one field of a scenario. */
import { suggestPath } from "../scenario/explain.ts";
import { expectsList, expectsText, schemaAt } from "../scenario/schema-node.ts";
import type { AnySchema } from "../scenario/schema-node.ts";
import { ScenarioSchema } from "../scenario/schema.ts";
import { UsageError } from "./usage-error.ts";

type Container = Record<string, unknown>;

/**
 * A copy of `scenario` with the settings applied in their order. Whether the values are right is
 * for the schema to say afterwards: it knows all of them together.
 * @throws UsageError for a setting without `=`, and for an unknown path, with the nearest right one.
 */
export function applySettings(scenario: unknown, settings: readonly string[]): unknown {
  const changed = structuredClone(scenario) as Container;
  for (const setting of settings) applySetting(changed, setting);
  return changed;
}

function applySetting(scenario: Container, setting: string): void {
  const equals = setting.indexOf("=");
  if (equals <= 0)
    throw new UsageError(
      `--set: expected path.to.field=value, as buyers.count=1000, got ${JSON.stringify(setting)}`,
    );
  const dotted = setting.slice(0, equals).trim();
  const path = dotted.split(".");
  const schema = schemaAt(ScenarioSchema, path);
  if (schema === undefined)
    throw new UsageError(`--set ${dotted}: unknown path; ${suggestPath(ScenarioSchema, path)}`);
  const value = readValue(setting.slice(equals + 1), schema);

  let container = scenario;
  for (let depth = 0; depth < path.length - 1; depth += 1) {
    const key = path[depth];
    checkIndex(container, path, depth);
    const inner = container[key];
    if (typeof inner !== "object" || inner === null)
      container[key] = expectsList(schemaAt(ScenarioSchema, path.slice(0, depth + 1))!) ? [] : {};
    container = container[key] as Container;
  }
  checkIndex(container, path, path.length - 1);
  container[path.at(-1)!] = value;
}

/** JSON where it is JSON, text otherwise; and text where the field is text, so that a name may be 12306. */
function readValue(text: string, schema: AnySchema): unknown {
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return expectsText(schema) && typeof value !== "string" ? text : value;
}

/** A list can be changed, or grown by one at its end, but not left with a hole. */
function checkIndex(container: unknown, path: readonly string[], depth: number): void {
  if (!Array.isArray(container) || Number(path[depth]) <= container.length) return;
  const list = path.slice(0, depth).join(".");
  throw new UsageError(
    `--set ${path.join(".")}: ${list} has ${container.length} entries: ` +
      `give an index from 0 to ${container.length}`,
  );
}
