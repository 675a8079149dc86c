import { expect, test } from "vitest";
import { cellOf } from "./cell.ts";
import { answerOf, tryAtFullSize } from "./full-size.ts";
import type { FullSizeTrial } from "./full-size.ts";
import { estimate } from "../statistics/estimate.ts";
import type { BufferSizing } from "./buffers.ts";
import { effortOf } from "./effort.ts";
import type { Cell } from "./cell.ts";
import { MEASURE_NAMES } from "./measures.ts";
import type { Values } from "./measures.ts";
import type { Lab } from "./lab.ts";
import type { Sale } from "./run-sale.ts";
import type { ServerSizing } from "./servers.ts";
import { loadScenario } from "../../sim/scenario/load.ts";

const zeros = Object.fromEntries(MEASURE_NAMES.map((name) => [name, 0])) as Values;
const smoke = loadScenario("smoke", 1n);
const big = { ...smoke, sale: { ...smoke.sale, tickets: 2000 }, slo: { ...smoke.slo, deaths: 2 } };

/** A laboratory in which sales need so many servers to be fast, and so much buffer to sell all. */
function labOf(serversNeeded: number, scenario = big, quick = false, bufferNeeded = 0) {
  const asked: { cell: Cell; count: number }[] = [];
  const lab = {
    scenario,
    effort: effortOf(scenario, quick, null),
    sales: (cell: Cell, count: number): Promise<Sale[]> => {
      asked.push({ cell, count });
      const settings = cell.settings.join(" ");
      const servers = Number(/servers\.count=(\d+)/u.exec(settings)![1]);
      const buffer = Number(/servers\.buffer=(\d+)/u.exec(settings)![1]);
      const values = {
        ...zeros,
        sellOutMs: servers < serversNeeded ? 1e9 : 1,
      };
      // Too small a buffer leaves one ticket over, in every second sale.
      const sale = (_: unknown, seed: number): Sale => ({
        seed: String(seed),
        verdict: "passed",
        traceHash: "",
        values: { ...values, undersold: buffer < bufferNeeded ? seed % 2 : 0 },
        detail: null,
      });
      return Promise.resolve(Array.from({ length: count }, sale));
    },
  };
  return { lab: lab as unknown as Lab, asked };
}

const servers = { deaths: 2, threshold: { fails: 7, passes: 8 } } as ServerSizing;
const buffers = {
  measured: { off: { fails: 9, passes: 10 }, "on-demand": { fails: null, passes: 3 } },
} as unknown as BufferSizing;

test("the size of the sweep is tried on the whole sale, with its buffer and the deaths", async () => {
  const { lab, asked } = labOf(8);
  const trials = await tryAtFullSize(lab, servers, buffers);
  expect(trials.map((trial) => [trial.servers, trial.buffer, trial.passed])).toEqual([[8, 3, 59]]);
  const { settings } = asked[0].cell;
  expect(settings).toContain("servers.count=8");
  expect(settings).toContain("servers.buffer=3");
  expect(settings.join(" ")).toContain('"kind":"server-crash","count":2');
  expect(settings.join(" ")).not.toMatch(/sale\.tickets|buyers\.count/u);
  expect(answerOf(servers, trials)).toEqual({ fails: 7, passes: 8 });
});

test("a size that fails there is raised until one passes, and is no answer", async () => {
  const { lab } = labOf(12);
  const trials = await tryAtFullSize(lab, servers, buffers);
  expect(trials.map((trial) => trial.servers)).toEqual([8, 10, 13]);
  expect(trials.map((trial) => trial.sales.length)).toEqual([5, 5, 59]);
  expect(trials.map((trial) => trial.missedSeed)).toEqual(["0", "0", null]);
  expect(answerOf(servers, trials)).toEqual({ fails: 10, passes: 13 });
});

test("where nothing passes, no size is the answer", async () => {
  const { lab } = labOf(1_000_000);
  const trials = await tryAtFullSize(lab, servers, buffers);
  expect(answerOf(servers, trials)).toEqual({ fails: trials.at(-1)!.servers, passes: null });
});

test("where tickets are left over, the buffer is raised and not the servers", async () => {
  const { lab } = labOf(8, big, false, 10);
  const trials = await tryAtFullSize(lab, servers, buffers);
  expect(trials.map((trial) => [trial.servers, trial.buffer])).toEqual([
    [8, 3],
    [8, 6],
    [8, 12],
  ]);
  expect(trials.map(({ passed, missedSeed }) => [passed, missedSeed])).toEqual([
    [3, "1"],
    [3, "1"],
    [59, null],
  ]);
  expect(answerOf(servers, trials)).toEqual({ fails: 7, passes: 8 });
});

test("with final quotas each number of servers has the buffer that its slices need", async () => {
  const { lab } = labOf(8, { ...big, quota: { ...big.quota, refill: "off" } });
  const [trial] = await tryAtFullSize(lab, servers, buffers);
  // ceil(kS / (N - k)), S = 2000 / 8.
  expect(trial.buffer).toBe(Math.ceil((2 * 250) / 6));
});

test("a rough report tries nothing, and says what the sweep found", async () => {
  const { lab, asked } = labOf(8, big, true);
  const trials: FullSizeTrial[] = await tryAtFullSize(lab, servers, buffers);
  expect([trials, asked]).toEqual([[], []]);
  expect(answerOf(servers, trials)).toEqual(servers.threshold);
});

test("a trial carries what Redis heard", async () => {
  const { lab } = labOf(8);
  const [trial] = await tryAtFullSize(lab, servers, buffers);
  expect(trial.redisPeakPerSecond).toEqual(estimate(Array.from({ length: 59 }, () => 0)));
  expect(trial.cell).toEqual(cellOf(Object.fromEntries(trial.cell.settings.map(split))));
});

function split(setting: string): [string, string] {
  const at = setting.indexOf("=");
  return [setting.slice(0, at), setting.slice(at + 1)];
}
