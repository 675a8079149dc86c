/**
 * Looks inside a valibot 1.x schema: which paths it has, and what it expects at one of them, in
 * words. Only the kinds of schema that the scenario, the fault plan and the repro file are made of.
 */
import type * as v from "valibot";

interface Action {
  readonly kind: string;
  readonly type: string;
  readonly requirement?: unknown;
  readonly pipe?: readonly Action[];
}

/** The parts of a valibot schema that matter here, all kinds in one type. */
interface SchemaNode {
  readonly type: string;
  readonly wrapped?: SchemaNode;
  readonly entries?: Readonly<Record<string, SchemaNode>>;
  readonly item?: SchemaNode;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly pipe?: readonly Action[];
}

export type AnySchema = v.GenericSchema;

/** The schema at a path such as ["faults", "0", "count"], or undefined if there is no such path. */
export function schemaAt(schema: AnySchema, path: readonly string[]): AnySchema | undefined {
  let node: SchemaNode | undefined = unwrap(schema);
  for (const key of path) {
    node = childOf(node, key);
    if (node === undefined) return undefined;
  }
  return node as unknown as AnySchema;
}

/** Every dotted path below a schema, sections too; list items are written as `0`. */
export function pathsOf(schema: AnySchema): string[] {
  const paths: string[] = [];
  const walk = (node: SchemaNode, prefix: string): void => {
    for (const key of keysOf(node)) {
      const path = prefix === "" ? key : `${prefix}.${key}`;
      paths.push(path);
      walk(childOf(node, key)!, path);
    }
  };
  walk(unwrap(schema), "");
  return paths;
}

/** True where text is text, and "12306" is not to be read as a number. */
export function expectsText(schema: AnySchema): boolean {
  return unwrap(schema).type === "string";
}

export function expectsList(schema: AnySchema): boolean {
  return unwrap(schema).type === "array";
}

export function expectsObject(schema: AnySchema): boolean {
  return unwrap(schema).type === "strict_object";
}

/** The words that may stand there; none where it is not words that are expected. */
export function wordsOf(schema: AnySchema): readonly string[] {
  return wordsOfNode(unwrap(schema));
}

function wordsOfNode(node: SchemaNode): readonly string[] {
  if (node.type === "union") return unionOptions(node).flatMap(wordsOfNode);
  const words = node.type === "picklist" ? (node.options ?? []) : [node.literal];
  return words.filter((word) => typeof word === "string");
}

/** "a whole number from 1 to 10000", "one of rr, wrr", … */
export function describe(schema: AnySchema): string {
  return describeNode(unwrap(schema));
}

function unwrap(node: SchemaNode): SchemaNode {
  let inner = node;
  while (inner.wrapped !== undefined) inner = inner.wrapped;
  return inner;
}

function keysOf(node: SchemaNode): readonly string[] {
  if (node.entries !== undefined) return Object.keys(node.entries);
  if (node.item !== undefined) return ["0"];
  if (node.type === "union") return unionOptions(node).flatMap(keysOf);
  return [];
}

function childOf(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.entries !== undefined)
    return Object.hasOwn(node.entries, key) ? unwrap(node.entries[key]) : undefined;
  if (node.item !== undefined) return /^\d{1,9}$/u.test(key) ? unwrap(node.item) : undefined;
  if (node.type !== "union") return undefined;
  for (const option of unionOptions(node)) {
    const child = childOf(option, key);
    if (child !== undefined) return child;
  }
  return undefined;
}

function unionOptions(node: SchemaNode): SchemaNode[] {
  return (node.options as readonly SchemaNode[]).map(unwrap);
}

function describeNode(node: SchemaNode): string {
  switch (node.type) {
    case "number":
      return describeNumber(node);
    case "string": {
      const pattern = requirements(node, "regex")[0] as RegExp | undefined;
      return pattern === undefined ? "text" : `text that matches ${pattern}`;
    }
    case "boolean":
      return "true or false";
    case "literal":
      return JSON.stringify(node.literal);
    case "picklist":
      return `one of ${(node.options ?? []).join(", ")}`;
    case "array":
      return describeList(node);
    case "strict_object":
      return `an object with ${Object.keys(node.entries ?? {}).join(", ")}`;
    case "union":
      return unionOptions(node).map(describeNode).join(", or ");
    default:
      return node.type;
  }
}

function describeNumber(node: SchemaNode): string {
  const kind = requirements(node, "integer").length > 0 ? "a whole number" : "a number";
  const least = requirements(node, "min_value") as number[];
  const most = requirements(node, "max_value") as number[];
  if (least.length === 0 || most.length === 0) return kind;
  return `${kind} from ${Math.max(...least)} to ${Math.min(...most)}`;
}

function describeList(node: SchemaNode): string {
  const least = requirements(node, "min_length")[0] as number | undefined;
  const most = requirements(node, "max_length")[0] as number | undefined;
  let size = "";
  if (least !== undefined && most !== undefined) size = ` of ${least} to ${most}`;
  else if (least !== undefined) size = ` of at least ${least}`;
  else if (most !== undefined) size = ` of at most ${most}`;
  return `a list${size}, each ${describeNode(unwrap(node.item!))}`;
}

/** What the actions of that type demand; a pipe may begin with a schema that is itself a pipe. */
function requirements(node: { readonly pipe?: readonly Action[] }, type: string): unknown[] {
  return (node.pipe ?? []).flatMap((action, i) => {
    if (i === 0) return action.pipe === undefined ? [] : requirements(action, type);
    return action.type === type ? [action.requirement] : [];
  });
}
