/** What ab measured, beside what the article reports of its own server. */
import { table } from "../../sim/cli/text/layout.ts";
import type { Paint } from "../../sim/cli/text/paint.ts";
import type { AbResult } from "../session/ab.ts";

/** What the article reports of its one server, on its author's machine. */
export const ARTICLE = {
  command: "ab -n 10000 -c 100 http://127.0.0.1:3005/buy/ticket",
  requests: 10_000,
  requestsPerSecond: 4300.96,
} as const;

/** One measurement, with what the servers answered. */
export interface Measured extends AbResult {
  readonly acked: number;
  readonly soldOut: number;
  /** The article's figure for the same; null where it has none. */
  readonly articleRequestsPerSecond: number | null;
}

/** The article's figure for so many requests, through nginx or on one server alone. */
export function articleFigure(requests: number, isAlone: boolean): number | null {
  return isAlone && requests === ARTICLE.requests ? ARTICLE.requestsPerSecond : null;
}

export function abText(measured: readonly Measured[], paint: Paint): string[] {
  const rows = measured.map((one) => [
    one.command,
    one.requestsPerSecond.toFixed(2),
    one.articleRequestsPerSecond?.toFixed(2) ?? "",
    String(one.p50Ms),
    String(one.p99Ms),
    String(one.acked),
    String(one.soldOut),
    String(one.non2xx),
    String(one.broken),
  ]);
  return [
    paint("bold", "ab, here and now, and as in the article"),
    ...table(
      ["", "requests/s", "article", "p50 ms", "p99 ms", "ACK", "SOLDOUT", "not 2xx", "broken"],
      rows,
      [1, 2, 3, 4, 5, 6, 7, 8],
    ),
    paint("dim", `article: ${ARTICLE.command}, on its author's machine`),
  ];
}
