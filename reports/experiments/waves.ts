/** Payment waves: unpaid tickets go back on sale, and are sold again, until nobody wants them. */
import type { Estimate } from "../statistics/estimate.ts";
import { estimate } from "../statistics/estimate.ts";
import { cellOf } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Lab } from "./lab.ts";
import type { SaleDetail } from "./run-sale.ts";

export interface WaveCurve {
  readonly noShow: number;
  readonly holdMs: number;
  readonly cell: Cell;
  readonly seeds: number;
  /** Paid share of the tickets by the end of each wave. */
  readonly paidShare: readonly Estimate[];
  /** 1 - ν^(w+1). */
  readonly formula: readonly number[];
  readonly waveMs: number;
}

const WAVES = 4;
const TICKETS = 400;

export async function findWaves(lab: Lab): Promise<WaveCurve[]> {
  const { buyers, sale } = lab.scenario;
  const noShows = [
    ...new Set([buyers.noShow / 2, buyers.noShow, Math.min(0.9, buyers.noShow * 2)]),
  ];
  const holds = [...new Set([sale.holdMs, Math.max(5000, Math.round(sale.holdMs / 4))])];
  return Promise.all(
    holds.flatMap((holdMs) => noShows.map((noShow) => waveCurve(lab, noShow, holdMs))),
  );
}

async function waveCurve(lab: Lab, noShow: number, holdMs: number): Promise<WaveCurve> {
  const { sale, buyers } = lab.scenario;
  const tickets = Math.min(TICKETS, sale.tickets);
  // Waves drift apart by no more than this and a sweep each.
  const returnMs = Math.round(holdMs / 10);
  // No ticket of a wave is sold again before its hold and grace are over: by then the wave has paid.
  const waveMs = holdMs + sale.graceMs;
  const cell = cellOf({
    "sale.tickets": tickets,
    "sale.holdMs": holdMs,
    "buyers.count": tickets * 4,
    "buyers.noShow": noShow,
    "buyers.cancel": 0,
    "buyers.payLate": 0,
    "buyers.payAfterMs": Math.min(holdMs / 4, payAfterMs(buyers.payAfterMs)),
    "buyers.returning.share": 0.5,
    "buyers.returning.afterMs": `{"least":${Math.round(returnMs / 2)},"most":${returnMs}}`,
    "buyers.returning.patienceMs": waveMs * (WAVES + 1),
    faults: [],
  });
  const sales = await lab.sales(cell, lab.effort.sweepSeeds, true);
  const paidShare = Array.from({ length: WAVES }, (_, wave) =>
    estimate(sales.map(({ detail }) => paidBy(detail!, (wave + 1) * waveMs) / tickets)),
  );
  return {
    noShow,
    holdMs,
    cell,
    seeds: sales.length,
    paidShare,
    formula: Array.from({ length: WAVES }, (_, wave) => 1 - noShow ** (wave + 1)),
    waveMs,
  };
}

function payAfterMs(range: number | { readonly least: number; readonly most: number }): number {
  return typeof range === "number" ? range : (range.least + range.most) / 2;
}

function paidBy({ confirmedAtMs, confirmed }: SaleDetail, untilMs: number): number {
  const next = confirmedAtMs.findIndex((atMs) => atMs > untilMs);
  return next < 0 ? (confirmed.at(-1) ?? 0) : next === 0 ? 0 : confirmed[next - 1];
}
