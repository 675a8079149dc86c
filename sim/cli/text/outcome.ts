/** The answer: what was sold to whom, which invariants hold, and the verdict. */
import type { InvariantResult, SimulationResult } from "../../result.ts";
import { duration, grouped, plural } from "./format.ts";
import { facts } from "./layout.ts";
import type { Paint } from "./paint.ts";

/** What both worlds count of a sale. */
export type SaleCounts = Pick<
  SimulationResult,
  | "tickets"
  | "buyers"
  | "confirmed"
  | "held"
  | "free"
  | "oversold"
  | "undersold"
  | "acked"
  | "refused"
  | "tryAgain"
  | "unknown"
  | "falseSoldOut"
  | "hoarded"
  | "refunds"
  | "chargedInVain"
  | "probeSold"
>;

/** Who got what. `more` is what only one of the worlds has to tell. */
export function saleText(counted: SaleCounts, more: readonly string[], paint: Paint): string[] {
  const { tickets, buyers, confirmed, held, free, oversold, undersold } = counted;
  const paintCount = (count: number, what: string): string =>
    paint(count === 0 ? "green" : "red", `${grouped(count)} ${what}`);
  const counts: readonly (readonly [number, string])[] = [
    [counted.acked, "acknowledged"],
    [counted.refused, "refused"],
    [counted.tryAgain, "told to try again"],
    [counted.unknown, "left without an answer"],
    [counted.falseSoldOut, "told sold out too early"],
    [counted.hoarded, "hoarded"],
    [counted.refunds, counted.refunds === 1 ? "refund" : "refunds"],
    [counted.chargedInVain, "charged in vain"],
    [counted.probeSold, "sold to probes afterwards"],
  ];
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${grouped(count)} ${what}`);
  return [
    `${paint("bold", `${plural(tickets, "ticket")}, ${plural(buyers, "buyer")}:`)} ` +
      `${grouped(confirmed)} sold, ${grouped(held)} held, ${grouped(free)} free; ` +
      `${paintCount(oversold, "oversold")}, ${paintCount(undersold, "undersold")}`,
    ...facts("", [...told, ...more], 0),
  ];
}

/** What only the simulator has to tell of a sale. */
export function simulatedText(result: SimulationResult): string[] {
  const { soldOutMs } = result;
  return [
    ...(soldOutMs === null ? [] : [`sold out after ${duration(soldOutMs)}`]),
    `${result.counterCallsPerTicket.toFixed(2)} counter calls a ticket`,
    `${plural(result.events, "event")} in ${duration(result.virtualSeconds * 1000)}`,
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
