/** `--strategy`: one of ours by name, or anybody's module by path. */
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { article } from "../../core/strategies/article.ts";
import { orderFirst } from "../../core/strategies/order-first.ts";
import { payFirst } from "../../core/strategies/pay-first.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { EXIT } from "./exit-codes.ts";
import { nearest } from "./nearest.ts";
import { UsageError } from "./usage-error.ts";

const BUILT_IN: readonly Strategy[] = [preDeduct, orderFirst, payFirst, article];

export const STRATEGY_DEFAULT = preDeduct.name;

const MESSAGE_LENGTH_MAX = 300;

/** @throws UsageError if there is none, or if the module throws or lacks something. */
export async function loadStrategy(nameOrFile: string): Promise<Strategy> {
  const builtIn = BUILT_IN.find(({ name }) => name === nameOrFile);
  if (builtIn !== undefined) return builtIn;
  if (!isPath(nameOrFile)) {
    const names = BUILT_IN.map(({ name }) => name);
    const meant = nearest(nameOrFile, names);
    throw new UsageError(
      `--strategy: there is no strategy ${JSON.stringify(nameOrFile)}; ` +
        (meant === undefined ? "" : `did you mean ${meant}? `) +
        `built in: ${names.join(", ")}; or give the path of a module, as ./mine.ts`,
    );
  }
  const where = `--strategy ${nameOrFile}`;
  return checkStrategy(await importDefault(nameOrFile, where), where);
}

function isPath(nameOrFile: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/u.test(nameOrFile);
}

async function importDefault(file: string, where: string): Promise<unknown> {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`${where}: no such file`);
  if (statSync(path).isDirectory())
    throw new UsageError(`${where}: expected a module, this is a directory`);
  watchForStrays(where);
  const onExit = (): void => {
    complain(`${where}: ends the process while it is loaded`);
    process.exitCode = EXIT.usage;
  };
  process.once("exit", onExit);
  try {
    const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new UsageError(`${where}: fails to load: ${oneLine(error)}`);
  } finally {
    process.off("exit", onExit);
  }
}

/** What a module throws in a timer, or rejects and nobody awaits, has no caller that could tell it. */
function watchForStrays(where: string): void {
  const onStray = (error: unknown): void => {
    complain(`${where}: throws outside of any call: ${oneLine(error)}`);
    process.exit(EXIT.usage);
  };
  process.once("uncaughtException", onStray);
  process.once("unhandledRejection", onStray);
}

function complain(message: string): void {
  process.stderr.write(`sim: ${message}\n`);
}

function oneLine(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/gu, " ");
  return text.length <= MESSAGE_LENGTH_MAX ? text : `${text.slice(0, MESSAGE_LENGTH_MAX)}…`;
}

/** Whether a module's default export is a Strategy, as far as one can see from outside. */
function checkStrategy(candidate: unknown, where: string): Strategy {
  const strategy = object(candidate, where, "the default export");
  for (const field of ["name", "summary"]) {
    if (typeof strategy[field] !== "string" || strategy[field] === "")
      throw new UsageError(`${where}: ${field}: expected text`);
  }
  if (strategy["authority"] !== "counter" && strategy["authority"] !== "database")
    throw new UsageError(`${where}: authority: expected "counter" or "database"`);
  functions(object(strategy["server"], where, "server"), "server", ["create", "step"], where);
  const quickRefusal = (strategy["server"] as Record<string, unknown>)["quickRefusal"];
  if (quickRefusal !== undefined && typeof quickRefusal !== "function")
    throw new UsageError(`${where}: server.quickRefusal: expected a function, or leave it out`);
  const counter = object(strategy["counter"], where, "counter");
  functions(counter, "counter", ["create", "apply", "audit"], where);
  if (counter["outbox"] !== null) {
    const outbox = object(counter["outbox"], where, "counter.outbox (null if there is none)");
    const needed = ["readGroup", "autoClaim", "ack", "trim", "backlog"];
    functions(outbox, "counter.outbox", needed, where);
  }
  return candidate as Strategy;
}

function object(value: unknown, where: string, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new UsageError(
    `${where}: ${what}: expected an object (the interface Strategy of core/strategy.ts), ` +
      `got ${value === null ? "null" : typeof value}`,
  );
}

function functions(
  owner: Record<string, unknown>,
  what: string,
  names: readonly string[],
  where: string,
): void {
  for (const name of names) {
    if (typeof owner[name] !== "function")
      throw new UsageError(
        `${where}: ${what}.${name}: expected a function, ` +
          `got ${name in owner ? typeof owner[name] : "nothing"}`,
      );
  }
}
