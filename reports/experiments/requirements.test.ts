/** How many sales each requirement gets, in a laboratory whose sales are made up. */
import { expect, test } from "vitest";
import { loadScenario } from "../../sim/scenario/load.ts";
import type { Cell } from "./cell.ts";
import { effortOf } from "./effort.ts";
import type { Lab } from "./lab.ts";
import { MEASURE_NAMES } from "./measures.ts";
import type { Values } from "./measures.ts";
import { testRequirements } from "./requirements.ts";
import type { Sale } from "./run-sale.ts";

const zeros = Object.fromEntries(MEASURE_NAMES.map((name) => [name, 0])) as Values;
const siteLoss = loadScenario("site-loss", 1n);

/** @param isBroken of the n-th sale of a cell with these settings */
function labOf(
  scenario: typeof siteLoss,
  isBroken: (settings: string, sale: number) => boolean,
  quick = false,
) {
  const lab = {
    scenario,
    effort: effortOf(scenario, quick, null),
    sales: ({ settings }: Cell, count: number): Promise<Sale[]> =>
      Promise.resolve(
        Array.from({ length: count }, (_, sale) => ({
          seed: String(sale),
          verdict: "passed",
          traceHash: "",
          values: {
            ...zeros,
            sellOutMs: 1,
            undersold: isBroken(settings.join(" "), sale) ? 1 : 0,
          },
          detail: null,
        })),
      ),
  };
  return lab as unknown as Lab;
}

const slo = { ...siteLoss.slo, deaths: 2, sites: 1 };

test("a claim about 95 % of sales is tried on 59 of them", async () => {
  const { requirements, deaths, sites } = await testRequirements(
    labOf({ ...siteLoss, slo }, () => false),
  );
  expect([deaths.length, sites.length]).toEqual([59, 59]);
  const shares = requirements.filter(({ id }) => id === "deaths" || id === "sites");
  expect(shares.map(({ verdict, seeds }) => [verdict, seeds])).toEqual([
    ["PASS", 59],
    ["PASS", 59],
  ]);
});

test("it is not tried on when it is refuted", async () => {
  const lab = labOf({ ...siteLoss, slo }, (settings) => settings.includes("site-loss"));
  const { requirements, sites } = await testRequirements(lab);
  expect(sites).toHaveLength(20);
  expect(requirements.find(({ id }) => id === "sites")!.verdict).toBe("FAIL");
});

test("a lost site that nothing is claimed of is shown with the least number of sales", async () => {
  const lab = labOf({ ...siteLoss, slo: { ...slo, sites: 0 } }, () => false);
  const { requirements, sites } = await testRequirements(lab);
  expect(sites).toHaveLength(20);
  expect(requirements.map(({ id }) => id)).not.toContain("sites");
});

test("in a rough report too servers die while there are tickets", async () => {
  const small = { ...siteLoss, slo, report: { ...siteLoss.report, sweepScale: 0.2 } };
  const withinMs = async (quick: boolean): Promise<number> => {
    const { deathsCell } = await testRequirements(labOf(small, () => false, quick));
    const [, most] = /"most":([\d.]+)/u.exec(deathsCell.settings.join(" "))!;
    return Number(most);
  };
  const tickets = effortOf(small, true, null).sweepTickets;
  const expected = ((await withinMs(false)) * tickets) / small.sale.tickets;
  expect(tickets).toBeLessThan(small.sale.tickets);
  expect(await withinMs(true)).toBeCloseTo(expected, 2);
});
