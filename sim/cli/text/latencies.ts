/** How long buyers waited, by what they were told. */
import type { LatencySummary } from "../../result.ts";
import { duration, grouped } from "./format.ts";
import { table } from "./layout.ts";
import type { Paint } from "./paint.ts";

export function latenciesText(latencies: readonly LatencySummary[], paint: Paint): string[] {
  const rows = latencies
    .filter(({ count }) => count > 0)
    .map(({ answer, count, p50Ms, p99Ms, maxMs }) => [
      answer,
      grouped(count),
      duration(p50Ms),
      duration(p99Ms),
      duration(maxMs),
    ]);
  return [
    paint("bold", "Answers, and how long buyers waited for them"),
    ...table(["answer", "count", "p50", "p99", "max"], rows, [1, 2, 3, 4]),
  ];
}
