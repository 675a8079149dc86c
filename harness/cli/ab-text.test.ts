import { expect, test } from "vitest";
import { abText, ARTICLE, articleFigure } from "./ab-text.ts";
import type { Measured } from "./ab-text.ts";

function measured(requests: number, isAlone: boolean): Measured {
  return {
    command: `ab -n ${requests} -c 100 -l http://127.0.0.1:${isAlone ? 3005 : 8080}/buy/ticket`,
    requests,
    requestsPerSecond: requests + 0.5,
    p50Ms: 1,
    p99Ms: 2,
    non2xx: 0,
    broken: 0,
    acked: 100,
    soldOut: requests - 100,
    articleRequestsPerSecond: articleFigure(requests, isAlone),
  };
}

test("the article's figure stands beside the measured one that it belongs to, and no other", () => {
  const all = [false, true].flatMap((isAlone) =>
    [1000, 10_000].map((requests) => measured(requests, isAlone)),
  );
  const lines = abText(all, (_, text) => text);
  const [heading, ...rows] = lines.slice(1, 6);
  expect(heading).toMatch(/^ +requests\/s +article +p50 ms/u);
  expect(rows.filter((row) => row.includes("4300.96"))).toEqual([
    expect.stringMatching(
      /^ {2}ab -n 10000 -c 100 -l http:\S+:3005\/\S+ +10000\.50 +4300\.96 +1 /u,
    ),
  ]);
  // The columns stand under their headings.
  const end = (line: string, text: string): number => line.indexOf(text) + text.length;
  expect(end(rows[3], "4300.96")).toBe(end(heading, "article"));
  expect(lines.at(-1)).toContain(ARTICLE.command);
});
