/** Plain text in columns, at most 100 characters wide. */

export const WIDTH = 100;

/** `label` on the left, then the facts, separated and wrapped in a column of their own. */
export function facts(label: string, pieces: readonly string[], labelWidth: number): string[] {
  const room = WIDTH - labelWidth - 2;
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    if (line !== "" && line.length + 3 + piece.length > room) {
      lines.push(line);
      line = piece;
    } else {
      line = line === "" ? piece : `${line} · ${piece}`;
    }
  }
  lines.push(line);
  return lines.map((text, i) => `  ${(i === 0 ? label : "").padEnd(labelWidth)}${text}`);
}

/** Rows under a heading; numbers are aligned to the right, which `right` lists by column. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string[] {
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  return [heading, ...rows].map((row) =>
    row
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join("  ")
      .replace(/^/u, "  ")
      .trimEnd(),
  );
}
