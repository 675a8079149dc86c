/** The answer: what was sold to whom, which invariants hold, and the verdict. */
import type { InvariantResult, SimulationResult } from "../../result.ts";
import { duration, grouped, plural } from "./format.ts";
import { facts } from "./layout.ts";
import type { Paint } from "./paint.ts";

export function saleText(result: SimulationResult, paint: Paint): string[] {
  const { tickets, buyers, confirmed, held, free, oversold, undersold } = result;
  const paintCount = (count: number, what: string): string =>
    paint(count === 0 ? "green" : "red", `${grouped(count)} ${what}`);
  const counts: readonly (readonly [number, string])[] = [
    [result.acked, "acknowledged"],
    [result.refused, "refused"],
    [result.tryAgain, "told to try again"],
    [result.unknown, "left without an answer"],
    [result.falseSoldOut, "told sold out too early"],
    [result.hoarded, "hoarded"],
    [result.refunds, result.refunds === 1 ? "refund" : "refunds"],
    [result.chargedInVain, "charged in vain"],
    [result.probeSold, "sold to probes afterwards"],
  ];
  return [
    `${paint("bold", `${plural(tickets, "ticket")}, ${plural(buyers, "buyer")}:`)} ` +
      `${grouped(confirmed)} sold, ${grouped(held)} held, ${grouped(free)} free; ` +
      `${paintCount(oversold, "oversold")}, ${paintCount(undersold, "undersold")}`,
    ...facts(
      "",
      [
        ...counts
          .filter(([count]) => count > 0)
          .map(([count, what]) => `${grouped(count)} ${what}`),
        `${result.counterCallsPerTicket.toFixed(2)} counter calls a ticket`,
        `${plural(result.events, "event")} in ${duration(result.virtualSeconds * 1000)}`,
      ],
      0,
    ),
  ];
}

export function invariantsText(invariants: readonly InvariantResult[], paint: Paint): string[] {
  const width = Math.max(...invariants.map(({ name }) => name.length));
  return [
    paint("bold", "Invariants"),
    ...invariants.map(({ name, ok, detail, atMs }) => {
      const when = atMs === null ? "" : `at ${duration(atMs)}: `;
      const line = `${name.padEnd(width)}  ${ok ? "" : when}${detail}`.trimEnd();
      return ok ? `  ${paint("green", "✓")} ${line}` : `  ${paint("red", `✗ ${line}`)}`;
    }),
  ];
}

export function verdictText(result: SimulationResult, paint: Paint): string[] {
  const { verdict, invariants, pending, traceHash, partial } = result;
  const trace = `trace hash ${traceHash}`;
  if (partial) return [`${paint("yellow", "INTERRUPTED")}: this is how far it came · ${trace}`];
  if (verdict === "passed") return [`${paint("green", "PASSED")} · ${trace}`];
  if (verdict === "violated") {
    const broken = invariants.filter(({ ok }) => !ok).map(({ name }) => name);
    return [`${paint("red", `VIOLATED: ${broken.join(", ")}`)} · ${trace}`];
  }
  return [
    `${paint("red", "NO PROGRESS")} · ${trace}`,
    ...pending.map((what) => `  still pending: ${what}`),
  ];
}
