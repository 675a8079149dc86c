/** Runs one plan after the other on real parts. */
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import type { Strategy } from "../../core/strategy.ts";
import { Interrupted } from "../../sim/cli/interrupt.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { printedConfig } from "../../sim/cli/printed-config.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import type { RunConfig } from "../../sim/result.ts";
import { command } from "../cli/replay.ts";
import { hasPostgres, startPostgres } from "../orders/postgres-server.ts";
import type { RunningPostgres } from "../orders/postgres-server.ts";
import { playForReal } from "../session/play.ts";
import { RunFolder } from "../session/run-folder.ts";
import { drawSoakRun } from "./draw.ts";
import type { SoakOptions } from "./flags.ts";
import { whyOf } from "./summary.ts";
import type { SoakOutcome, SoakSummary } from "./summary.ts";

/**
 * Beside those of a demo, and of another soak, that may run at the same time; below the ports that
 * the system gives to outgoing connections.
 */
const PORT = 26_001 + (process.pid % 800) * 8;

export async function soak(
  options: SoakOptions,
  interrupt: Interrupt,
  onOutcome: (outcome: SoakOutcome, done: number) => void,
  note: (line: string) => void,
): Promise<SoakSummary> {
  const strategy = await loadStrategy(options.strategy);
  const startMs = performance.now();
  const endMs = options.minutes === null ? Infinity : startMs + options.minutes * 60_000;
  const outcomes: SoakOutcome[] = [];
  const faultKinds: Record<string, number> = {};
  let partial = false;
  const postgres = await sharedPostgres(options.db);
  try {
    for (let i = 0; i < options.plans && performance.now() < endMs; i += 1) {
      const seed = BigInt.asUintN(64, options.seed + BigInt(i));
      const config = drawSoakRun(seed, options.strategy);
      const db = postgres?.url ?? options.db;
      const outcome = await runOne(config, strategy, { ...options, db }, interrupt, note);
      if (outcome === null) {
        partial = true;
        break;
      }
      for (const { kind } of config.plan.episodes) faultKinds[kind] = (faultKinds[kind] ?? 0) + 1;
      outcomes.push(outcome);
      onOutcome(outcome, outcomes.length);
    }
  } finally {
    await postgres?.stop();
  }
  const count = (verdict: SoakOutcome["verdict"]): number =>
    outcomes.filter((outcome) => outcome.verdict === verdict).length;
  return {
    schemaVersion: 1,
    strategy: options.strategy,
    plans: outcomes.length,
    passed: count("passed"),
    violated: count("violated"),
    noProgress: count("no-progress"),
    partial,
    faultKinds,
    seconds: Math.round(performance.now() - startMs) / 1000,
    failures: outcomes.filter(({ verdict }) => verdict !== "passed"),
  };
}

/** One server for all plans, each of which has a schema of its own in it; null for no server. */
async function sharedPostgres(db: string): Promise<RunningPostgres | null> {
  const isOwn =
    db === "postgres" ||
    (db === "auto" && (process.env["DATABASE_URL"] ?? "") === "" && hasPostgres());
  return isOwn ? startPostgres() : null;
}

/** Null if it was interrupted. */
async function runOne(
  config: RunConfig,
  strategy: Strategy,
  { db, out }: SoakOptions,
  interrupt: Interrupt,
  note: (line: string) => void,
): Promise<SoakOutcome | null> {
  const startMs = performance.now();
  const folder = new RunFolder(null);
  try {
    const { result } = await playForReal({
      config,
      strategy,
      saleId: config.scenario.name,
      folder,
      db,
      port: PORT,
      showsSplit: false,
      interrupt,
      note: () => {},
      onProgress: () => {},
    });
    if (result.partial) return null;
    let replay: string | null = null;
    if (result.verdict !== "passed") {
      const file = join(out, `soak-${config.seed}.json`);
      writeFileSync(file, `${JSON.stringify(printedConfig(config), null, 2)}\n`);
      folder.copyTo(join(out, `soak-${config.seed}`));
      replay = command("run.ts", ["--scenario", file]);
      note(`seed ${config.seed} ${result.verdict}: ${replay}`);
    }
    return {
      seed: config.seed.toString(),
      verdict: result.verdict,
      faults: config.plan.episodes.length,
      why: whyOf(result),
      seconds: Math.round(performance.now() - startMs) / 1000,
      replay,
    };
  } catch (error) {
    if (error instanceof Interrupted) return null;
    throw error;
  } finally {
    folder.remove();
  }
}
