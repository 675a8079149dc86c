/** The table as text: one row for each check, and what it took. */
import type { Answer } from "./answer.ts";

const HEAD = [
  "verdict",
  "model",
  "station",
  "formula",
  "estimate ± half-width",
  "unit",
  "t",
  "runs",
  "command",
] as const;
/** Columns of numbers, which line up at their right. */
const RIGHT = new Set([3, 4, 6, 7]);

export function table(answers: readonly Answer[]): string {
  const rows = [HEAD, ...answers.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) => (RIGHT.has(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function cells(answer: Answer): readonly string[] {
  const { verdict, model, station, unit, formula, estimate, halfWidth, t } = answer;
  return [
    verdict,
    model,
    station,
    significant(formula, 5),
    `${significant(estimate, 5)} ± ${significant(halfWidth, 2)}`,
    unit,
    t === null ? "exact" : t.toFixed(2),
    String(answer.replications),
    commandOf(answer),
  ];
}

/** So many digits, without an exponent. */
function significant(value: number, digits: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(decimals, 17));
}

/** The command that answers a row again. */
export function commandOf({ name }: Answer): string {
  return `npm run validate -- --only ${name}`;
}

/** The last lines: how many passed, and how to see the others again. */
export function closing(answers: readonly Answer[]): string {
  const count = (verdict: Answer["verdict"]): number =>
    answers.filter((answer) => answer.verdict === verdict).length;
  const wrong = answers.filter(({ verdict }) => verdict !== "PASS");
  const lines = [
    `${count("PASS")} of ${answers.length} rows pass, ${count("FAIL")} fail, ` +
      `${count("INCONCLUSIVE")} are inconclusive.`,
    ...wrong.map((answer) => `${answer.verdict} ${answer.name}: ${commandOf(answer)}`),
  ];
  return `${lines.join("\n")}\n`;
}
