/** A station that is a little wrong must not pass for the right one. */
import { describe, expect, test, vi } from "vitest";
import { Stream } from "../../sim/kernel/random.ts";
import { answer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Check, Sales, StatisticalCheck, Subject } from "./check.ts";
import { checkNamed } from "./checks.ts";
import { sojournQuantileMM1 } from "./queue-forms.ts";
import { loadSales } from "./sales.ts";
import { compare } from "./verdict.ts";

const SLOW = 120_000;
/** A fraction of the check's own size is enough to see through errors of some percent. */
const SHORT = "buyers.count=10000";

/** The answer to a check if the simulator ran something else than the check says. */
async function answerOn(name: string, ...wrong: string[]): Promise<Answer> {
  const check = checkNamed(name);
  const right = await loadSales(check.subject);
  const subject: Subject = { ...check.subject, settings: [...check.subject.settings, ...wrong] };
  const runs = await loadSales(subject);
  const sales: Sales = {
    scenario: right.scenario,
    run: (seed) => runs.run(seed),
    runWith: (seed, plan) => runs.runWith(seed, plan),
  };
  return answer(check, sales, 1n);
}

describe("a wrong station fails", () => {
  test("service that is 5 % longer", { timeout: SLOW }, async () => {
    expect(await answerOn("mm1-half", SHORT, "servers.serviceUs=105")).toMatchObject({
      verdict: "FAIL",
    });
  });

  test("service of another law with the same mean", { timeout: SLOW }, async () => {
    const wrong = 'servers.serviceLaw={"squaredVariation":1.5}';
    expect(await answerOn("mm1-half", SHORT, wrong)).toMatchObject({ verdict: "FAIL" });
  });

  test("one connection too many", { timeout: SLOW }, async () => {
    expect(await answerOn("mmcc", SHORT, "orders.connections=11")).toMatchObject({
      verdict: "FAIL",
    });
    expect(await answerOn("mm2-half", SHORT, "orders.connections=3")).toMatchObject({
      verdict: "FAIL",
    });
  });

  test("arrivals that are 5 % too many", { timeout: SLOW }, async () => {
    expect(await answerOn("mm1-half", SHORT, "buyers.ratePerSecond=5250")).toMatchObject({
      verdict: "FAIL",
    });
  });

  test("a biased draw", { timeout: SLOW }, async () => {
    // The longest twentieth of the gaps and services is cut short.
    const biased = vi.spyOn(Stream.prototype, "exponential").mockImplementation(function (
      this: Stream,
      id: number,
      purpose?: number,
    ) {
      return Math.min(3, -Math.log(1 - this.uniform(id, purpose)));
    });
    try {
      expect(await answerOn("gated-exponential", SHORT)).toMatchObject({ verdict: "FAIL" });
    } finally {
      biased.mockRestore();
    }
  });

  test("a whole sale with other buyers", { timeout: SLOW }, async () => {
    expect(await answerOn("waves-2", "buyers.noShow=0.48")).toMatchObject({ verdict: "FAIL" });
    expect(await answerOn("calls-by-quota", "servers.buffer=51")).toMatchObject({
      verdict: "FAIL",
    });
  });
});

test("last come, first served: the mean is right, the p99 is not", () => {
  const { precision, tolerance, logarithmic } = checkNamed("mm1-p99-half") as StatisticalCheck;
  const sojourns = Array.from({ length: 20 }, (_, i) => lastComeFirstServed(new Stream(i, 77)));
  const rule = { precision, tolerance, logarithmic };
  const means = sojourns.map((times) => times.reduce((sum, time) => sum + time, 0) / times.length);
  expect(compare(means, { ...rule, logarithmic: false, formula: 2 }).verdict).not.toBe("FAIL");
  const quantiles = sojourns.map((times) => times.toSorted((a, b) => a - b)[times.length * 0.99]);
  const formula = sojournQuantileMM1(0.5, 1, 0.99);
  expect(compare(quantiles, { ...rule, formula }).verdict).toBe("FAIL");
});

/** Sojourns at an M/M/1 station of load .5 that serves the youngest first. */
function lastComeFirstServed(stream: Stream): number[] {
  const sojourns: number[] = [];
  const waiting: number[] = [];
  let arrivalAt = 0;
  let freeAt = 0;
  for (let served = 0; served < 10_000; served += 1) {
    if (waiting.length === 0) {
      freeAt = Math.max(freeAt, arrivalAt);
      waiting.push(arrivalAt);
      arrivalAt += 2 * stream.exponential(served, 3);
    }
    const came = waiting.pop()!;
    freeAt += stream.exponential(served, 1);
    sojourns.push(freeAt - came);
    let id = served * 1000;
    while (arrivalAt <= freeAt) {
      waiting.push(arrivalAt);
      arrivalAt += 2 * stream.exponential((id += 1), 2);
    }
  }
  return sojourns;
}

describe("exact checks", () => {
  const exact = (estimates: readonly number[]): Check => ({
    ...checkNamed("little-nginx"),
    replicate: (_sales, seed) => estimates[Number(seed)],
  });
  const sales = { scenario: null, run: vi.fn(), runWith: vi.fn() } as unknown as Sales;

  test("every run counts, and no number is no agreement", () => {
    expect(answer(exact([1, 1, 1]), sales, 0n).verdict).toBe("PASS");
    expect(answer(exact([1, 1 + 1e-6, 1]), sales, 0n)).toMatchObject({ verdict: "FAIL" });
    expect(answer(exact([1, Number.NaN, 1]), sales, 0n)).toMatchObject({ verdict: "FAIL" });
  });
});

test("a vague answer is made sharper, up to a cap", () => {
  const check: StatisticalCheck = {
    ...(checkNamed("mm1") as StatisticalCheck),
    formula: () => 100,
    replicationsLeast: 4,
    replicationsMost: 50,
  };
  const sales = {} as Sales;
  const noise = (size: number): StatisticalCheck => ({
    ...check,
    replicate: (_sales, seed) => 100 + (seed % 2n === 0n ? size : -size),
  });
  expect(answer(noise(1), sales, 0n)).toMatchObject({ verdict: "PASS", replications: 4 });
  expect(answer(noise(8), sales, 0n)).toMatchObject({ verdict: "INCONCLUSIVE", replications: 50 });
  expect(answer(noise(4), sales, 0n)).toMatchObject({ verdict: "PASS", replications: 32 });
});
