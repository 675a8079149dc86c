/** The report of the benchmark: data for `--json` and the file, tables for people. */
import { availableParallelism } from "node:os";
import { grouped, percent, plural, trimmed } from "../../sim/cli/text/format.ts";
import { table } from "../../sim/cli/text/layout.ts";
import type { Contender } from "./contenders.ts";
import type { ReserveCost } from "./redis-cost.ts";
import type { Gate, Row } from "./verdict.ts";

export interface BenchReport {
  readonly schemaVersion: 1;
  readonly node: string;
  readonly cores: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly redisCost: ReserveCost;
  readonly gates: readonly Gate[];
}

/** Fewer do not tell a difference from the machine's mood. */
export const ROUNDS_JUDGED = 7;

export function machine(): Pick<BenchReport, "node" | "cores"> {
  return { node: process.version, cores: availableParallelism() };
}

const TITLES: Readonly<Record<Contender, string>> = {
  bare: "bare node:http, a constant",
  refusals: "refusals",
  allRedis: "all to Redis: every request reserves",
  lock: "one lock around check and Redis call",
  nginxRefusals: "refusals, 4 processes behind nginx",
  nginxAllRedis: "all to Redis, 4 processes behind nginx",
};

export function reportText({ node, cores, rounds, seconds, ...report }: BenchReport): string {
  const { rows, redisCost, gates } = report;
  return [
    `Node ${node}, ${plural(cores, "core")} · median of ${plural(rounds, "round")}, ` +
      `${plural(seconds, "second")} each`,
    "",
    "wrk -t1 -c100, keep-alive",
    ...loadTable(rows.filter(({ load }) => load === "wrk")),
    "",
    "ab -n 10000 -c 100: a connection for each request",
    ...loadTable(rows.filter(({ load }) => load === "ab")),
    "",
    "ab -k -n 10000 -c 100: keep-alive",
    ...loadTable(rows.filter(({ load }) => load === "ab -k")),
    "",
    `Redis CPU: ${trimmed(redisCost.itemUs, 1)} µs for a held ticket, ` +
      `${trimmed(redisCost.plainUs, 1)} µs for HSET + ZADD + HINCRBY + XADD`,
    "",
    ...(rounds < ROUNDS_JUDGED
      ? [`Gates are judged from ${ROUNDS_JUDGED} rounds on.`]
      : table(["gate", "value", "limit", ""], gates.map(gateRow), [1, 2])),
    "",
  ].join("\n");
}

function loadTable(rows: readonly Row[]): string[] {
  return table(
    ["server", "requests/s", "±", "p50 ms", "p99 ms", "CPU µs", "of bare"],
    rows.map((row) => [
      TITLES[row.contender],
      grouped(Math.round(row.perSecond)),
      percent(Math.round(row.spread * 100) / 100),
      trimmed(row.p50Ms, 1),
      trimmed(row.p99Ms, 1),
      trimmed(row.cpuUs, 1),
      row.ofBare.toFixed(2),
    ]),
    [1, 2, 3, 4, 5, 6],
  );
}

function gateRow({ name, value, is, limit, passed }: Gate): string[] {
  return [name, value.toFixed(2), `${is} ${limit}`, passed ? "✓" : "✗ failed"];
}
