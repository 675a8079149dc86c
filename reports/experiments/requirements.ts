/** The requirements of a scenario, each tested on independent sales at full size. */
import { plural } from "../../sim/cli/text/format.ts";
import { cellOf, deathsTemplate, rushMs, siteLossTemplate } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { isNarrow, testMeasure, testShare } from "./judgement.ts";
import type { Requirement } from "./judgement.ts";
import type { Lab } from "./lab.ts";
import { estimateOf, limitsOf, meets } from "./limits.ts";
import type { Measure } from "./measures.ts";
import type { Sale } from "./run-sale.ts";
import { rushMsOf, smallerSale } from "./sweep-cells.ts";
import type { Settings } from "./sweep-cells.ts";

export interface Answer {
  readonly base: readonly Sale[];
  readonly baseCell: Cell;
  readonly requirements: readonly Requirement[];
  readonly deathsCell: Cell;
  readonly deaths: readonly Sale[];
  readonly sitesCell: Cell | null;
  readonly sites: readonly Sale[];
}

export async function testRequirements(lab: Lab): Promise<Answer> {
  const { scenario, effort } = lab;
  const { slo, sites } = scenario;
  const size = sizeOf(lab);
  // A rough report tests the smaller sale, whose rush is shorter.
  const withinMs = effort.quick ? rushMsOf(effort.sweepTickets, scenario) : rushMs(scenario);
  const baseCell = cellOf(size);
  const deathsCell = cellOf({ ...size, faults: deathsTemplate(slo.deaths, withinMs) });
  const siteCount = Math.max(slo.sites, 1);
  const sitesCell =
    sites.length > siteCount
      ? cellOf({ ...size, faults: siteLossTemplate(siteCount, withinMs) })
      : null;
  const limits = limitsOf(scenario);
  const base = await replicate(lab, baseCell, limits, true);
  const deathsTest = (sales: readonly Sale[]): Requirement =>
    testShare(
      "deaths",
      `all of the above while ${plural(slo.deaths, "server")} ${slo.deaths === 1 ? "dies" : "die"}, without other faults`,
      sales,
      deathsCell,
      limits,
    );
  const sitesTest = (cell: Cell, sales: readonly Sale[]): Requirement =>
    testShare(
      "sites",
      `all of the above while ${slo.sites} of ${sites.length} sites ${slo.sites === 1 ? "is" : "are"} lost, without other faults`,
      sales,
      cell,
      limits,
    );
  const deaths = await untilDecided(lab, deathsCell, slo.deaths > 0 ? deathsTest : null);
  const lost =
    sitesCell === null
      ? []
      : await untilDecided(
          lab,
          sitesCell,
          slo.sites > 0 ? (sales) => sitesTest(sitesCell, sales) : null,
        );
  const requirements = limits.map((limit) =>
    testMeasure(limit, base, baseCell, effort.answerLeast),
  );
  if (slo.deaths > 0) requirements.push(deathsTest(deaths));
  if (slo.sites > 0 && sitesCell !== null) requirements.push(sitesTest(sitesCell, lost));
  return { base, baseCell, requirements, deathsCell, deaths, sitesCell, sites: lost };
}

/** A rough report tests the smaller sale. */
function sizeOf({ effort }: Lab): Settings {
  return effort.quick ? smallerSale(effort) : {};
}

/** More sales until the test says PASS or FAIL, or the cap is hit; without a test the least number. */
async function untilDecided(
  lab: Lab,
  cell: Cell,
  test: ((sales: readonly Sale[]) => Requirement) | null,
): Promise<Sale[]> {
  const { answerLeast, answerMost } = lab.effort;
  let sales = await lab.sales(cell, answerLeast);
  if (test === null) return sales;
  // oxlint-disable no-await-in-loop -- how many it takes depends on what was seen
  while (sales.length < answerMost && test(sales).verdict === "UNDECIDED")
    sales = await lab.sales(cell, Math.min(answerMost, sales.length + answerLeast));
  // oxlint-enable no-await-in-loop
  return sales;
}

/** At least so many sales, then more until every interval is narrow or the cap is hit. */
async function replicate(
  lab: Lab,
  cell: Cell,
  limits: readonly (readonly [Measure, number])[],
  detailed: boolean,
): Promise<Sale[]> {
  const { answerLeast, answerMost } = lab.effort;
  let sales = await lab.sales(cell, answerLeast, detailed);
  while (sales.length < answerMost) {
    const wide = limits.some(
      ([measure, limit]) => !isNarrow(measure, estimateOf(measure, sales), limit),
    );
    // A claim about 95 % of all sales needs all that the cap allows.
    if (!wide && !sales.every((sale) => meets(sale, limits))) break;
    sales = await lab.sales(cell, Math.min(answerMost, sales.length + answerLeast), detailed);
  }
  return sales;
}
