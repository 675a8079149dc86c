/** seeds.csv: every sale with everything that was measured of it. */
import { MEASURE_NAMES } from "../experiments/measures.ts";
import type { Report } from "../document/schema.ts";

export function seedsCsv({ cells }: Report): string {
  const lines = [
    [
      "experiment",
      "cell",
      "strategy",
      "settings",
      "seed",
      "verdict",
      "traceHash",
      ...MEASURE_NAMES,
    ].join(","),
  ];
  cells.forEach(({ experiment, strategy, settings, runs }, number) => {
    for (const { seed, verdict, traceHash, values } of runs)
      lines.push(
        [
          experiment,
          number,
          strategy,
          quoted(settings.join(" ")),
          seed,
          verdict,
          traceHash,
          ...MEASURE_NAMES.map((measure) => values[measure] ?? ""),
        ].join(","),
      );
  });
  return `${lines.join("\n")}\n`;
}

/** As RFC 4180 quotes. */
function quoted(text: string): string {
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
