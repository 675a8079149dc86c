/** On the committed sample: what the page must be, and that it says nothing the JSON does not. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseOrExplain } from "../../sim/scenario/explain.ts";
import { ReportSchema } from "../document/schema.ts";
import { reportHtml } from "./html.ts";

const text = readFileSync(new URL("../sample/report.json", import.meta.url), "utf8");
const report = parseOrExplain(ReportSchema, JSON.parse(text), "sample");
const html = reportHtml(report);

/** What a reader sees. */
function visible(page: string): string {
  return page
    .replace(/<style[\s\S]*?<\/style>/gu, " ")
    .replace(/<[^>]+>/gu, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

const numbersIn = (content: string): string[] => content.match(/\d[\d,.]*/gu) ?? [];

/** All numbers and the numbers in all texts of a JSON value. */
function* numbersOf(value: unknown): Generator<string> {
  if (typeof value === "number") yield String(value);
  else if (typeof value === "string") yield* numbersIn(value);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) yield* numbersOf(inner);
}

describe("the page", () => {
  test("prints no number that is not in report.json", () => {
    const known = new Set(numbersOf(report));
    const unknown = numbersIn(visible(html)).filter((number) => !known.has(number));
    expect(unknown).toEqual([]);
  });

  test("stands alone: no script, nothing to load, below a megabyte", () => {
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/u);
    expect(html.match(/https?:\/\/[^"\s<]+/gu) ?? []).toSatisfy((links: string[]) =>
      links.every((link) => link === "http://www.w3.org/2000/svg"),
    );
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
  });

  test("begins with the answer, and has every section and plot once", () => {
    const sections = [...html.matchAll(/<section id="(\w+)"/gu)].map(([, id]) => id);
    expect(sections[0]).toBe("S1");
    const wanted = [...Array.from({ length: 13 }, (_, i) => `S${i}`), "A"];
    expect(sections.toSorted()).toEqual(wanted.toSorted());
    const plots = [...html.matchAll(/<figure id="(\w+)"/gu)].map(([, id]) => id);
    expect(plots).toHaveLength(15);
    expect(new Set(plots)).toEqual(new Set(Array.from({ length: 15 }, (_, i) => `P${i + 1}`)));
  });

  test("answers the three questions with the numbers of the sizing", () => {
    const cards = report.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.type === "cards" ? block.cards : []));
    expect(cards.map(({ question }) => question)).toEqual([
      "How many ticket servers?",
      "How much buffer?",
      "What happens when five die?",
    ]);
    expect(cards[0].answer).toBe(`${report.sizing.servers.passes} servers`);
    expect(cards[1].detail).toContain(`${report.sizing.bufferBoundFull} per server`);
    for (const { command } of cards) {
      expect(command).toMatch(/^npx tsx sim\/run\.ts .*--seed \d+$/u);
      expect(visible(html)).toContain(command);
    }
  });

  test("names sizes only that every sale of full size kept the limits with", () => {
    const { fullSize, servers } = report.sizing;
    const last = fullSize.at(-1)!;
    expect([last.servers, last.seedsPassed]).toEqual([servers.passes, last.seeds]);
    expect(last.seeds).toBeGreaterThanOrEqual(20);
    for (const { seeds, seedsPassed } of fullSize.slice(0, -1))
      expect(seedsPassed).toBeLessThan(seeds);
    const [first] = report.sections
      .find(({ id }) => id === "S1")!
      .blocks.flatMap((block) => (block.type === "paragraph" ? [block.text] : []));
    expect(first).toMatch(
      /^To sell 1,000 tickets to 10,000 buyers, .* while 5 servers die, \d+ ticket servers /u,
    );
    expect(first).toContain(
      `${last.servers} ticket servers with a buffer of ${last.buffer} each (refill on-demand) are ` +
        `enough, and ${servers.fails} are not,`,
    );
  });
});

describe("every requirement", () => {
  test.each(report.requirements)(
    "$id: its interval is in order, its command names a seed",
    (one) => {
      const { low, mean, high, nextHigh } = one.estimate;
      if (low !== null) expect(low).toBeLessThanOrEqual(mean!);
      if (high !== null) expect(high).toBeGreaterThanOrEqual(mean!);
      if (nextHigh !== null) expect(nextHigh).toBeGreaterThanOrEqual(high!);
      expect(one.command).toMatch(/^npx tsx sim\/run\.ts .*--seed \d+$/u);
      expect(one.verdict === "PASS").toBe(one.reason === "");
    },
  );
});

test("quantile curves never fall, and stay within their axis", () => {
  const lines = report.plots
    .filter(({ id }) => id === "P3")
    .flatMap(({ panels }) => panels.flatMap(({ marks }) => marks))
    .flatMap((mark) => (mark.type === "line" && mark.points.length > 0 ? [mark.points] : []));
  expect(lines.length).toBeGreaterThan(3);
  for (const points of lines)
    for (let i = 1; i < points.length; i += 1)
      expect(points[i][1]).toBeGreaterThanOrEqual(points[i - 1][1]);
});

describe("every limit is drawn beside its value", () => {
  const rulesOf = (id: string, panel: number): number[] =>
    report.plots
      .find((plot) => plot.id === id)!
      .panels[panel].marks.flatMap((mark) => (mark.type === "rule" ? [mark.at] : []));
  const limitOf = (measure: string): number =>
    report.requirements.find(({ id }) => id === measure)!.limit;
  test.each([
    ["P2", 0, "sellOutMs", 1],
    ["P3", 0, "winnerP99Ms", 1],
    ["P4", 0, "winnerP99Ms", 1],
    ["P5", 1, "errorShare", 100],
    ["P5", 2, "winnerP99Ms", 1],
    ["P14", 4, "winnerP99Ms", 1],
  ])("%s, panel %i: %s", (id, panel, measure, factor) => {
    expect(rulesOf(id, panel)).toContain(limitOf(measure) * factor);
  });
});

test("sales are never drawn above what Redis can do", () => {
  const { marks } = report.plots.find(({ id }) => id === "P6")!.panels[0];
  const [most] = marks.flatMap((mark) => (mark.type === "rule" ? [mark.at] : []));
  const measured = marks.flatMap((mark) => (mark.type === "dots" ? mark.points : []));
  expect(measured.length).toBeGreaterThan(4);
  for (const { high } of measured) expect(high).toBeLessThan(most);
});

test("requests that wait for nginx are shown with those of the other tiers", () => {
  const { panels } = report.plots.find(({ id }) => id === "P12")!;
  expect(panels.map(({ title }) => title)).toEqual([
    "nginx",
    "Ticket servers",
    "Redis",
    "Order database",
  ]);
});
