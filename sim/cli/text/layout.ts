/** Plain text in columns, at most 100 characters wide. */

export const WIDTH = 100;

/** `label` on the left, then the facts, separated and wrapped in a column of their own. */
export function facts(label: string, pieces: readonly string[], labelWidth: number): string[] {
  return wrap(pieces, " · ", WIDTH - labelWidth - 2).map(
    (line, i) => `  ${(i === 0 ? label : "").padEnd(labelWidth)}${line}`,
  );
}

/** Running text. */
export function paragraph(text: string, indent = ""): string[] {
  return wrap(text.split(" "), " ", WIDTH - indent.length).map((line) => indent + line);
}

/** Joins pieces to lines of at most `width`; a piece that is longer has a line of its own. */
function wrap(pieces: readonly string[], separator: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of pieces) {
    if (line === "") line = piece;
    else if (line.length + separator.length + piece.length <= width) line += separator + piece;
    else {
      lines.push(line);
      line = piece;
    }
  }
  return [...lines, line];
}

/** Rows of a term and what it means. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
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
