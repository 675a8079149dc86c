/** A cell of an experiment: a scenario changed by settings, and a strategy; repeated for many seeds. */
import type { FaultTemplate, Scenario } from "../../sim/scenario/schema.ts";
import { quote } from "../../sim/cli/replay.ts";

export interface Cell {
  /** As `--set` takes them. */
  readonly settings: readonly string[];
  readonly strategy: string;
}

/** Sales of the same cell are the same, whatever experiment asks for them. */
export function keyOf({ settings, strategy }: Cell): string {
  return JSON.stringify([strategy, ...settings]);
}

/** A scenario as given on the command line, and what that says. */
export interface Subject {
  /** A built-in name or a file. */
  readonly name: string;
  readonly settings: readonly string[];
  readonly scenario: Scenario;
}

export function cellOf(
  settings: Readonly<Record<string, number | string | boolean | readonly unknown[]>>,
  strategy = "pre-deduct",
): Cell {
  return {
    settings: Object.entries(settings).map(([path, value]) => `${path}=${textOf(value)}`),
    strategy,
  };
}

function textOf(value: number | string | boolean | readonly unknown[]): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What runs one sale again, from the root of the project. */
export function replayCommand(
  subject: Subject,
  { settings, strategy }: Cell,
  seed: string,
): string {
  const words = [
    "--scenario",
    subject.name,
    ...[...subject.settings, ...settings].flatMap((setting) => ["--set", setting]),
    ...(strategy === "pre-deduct" ? [] : ["--strategy", strategy]),
    "--seed",
    seed,
  ];
  return ["npx tsx sim/run.ts", ...words.map(quote)].join(" ");
}

/** Servers that die for good, each at an instant of its own. */
export function deathsTemplate(count: number, withinMs: number): readonly Partial<FaultTemplate>[] {
  if (count === 0) return [];
  const atMs = withinMs === 0 ? 0 : { least: 0, most: Math.round(withinMs * 1000) / 1000 };
  return [{ kind: "server-crash", count, atMs }];
}

export function siteLossTemplate(
  count: number,
  withinMs: number,
): readonly Partial<FaultTemplate>[] {
  return [
    { kind: "site-loss", count, atMs: { least: 0, most: Math.round(withinMs * 1000) / 1000 } },
  ];
}

/** How long the tickets would last if every buyer who arrives took what he wants. */
export function rushMs({ sale, buyers }: Scenario): number {
  const total = buyers.quantities.reduce((sum, weight) => sum + weight, 0);
  const wanted = buyers.quantities.reduce((sum, weight, i) => sum + weight * (i + 1), 0) / total;
  return (sale.tickets / buyers.ratePerSecond / wanted) * 1000;
}
