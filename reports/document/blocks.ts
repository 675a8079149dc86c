/** Short ways to write the blocks of a section. */
import type { Block, Section } from "./schema.ts";

export const paragraph = (text: string): Block => ({ type: "paragraph", text });
export const list = (items: string[]): Block => ({ type: "list", items });
export const commandBlock = (text: string): Block => ({ type: "command", text });
export const plotBlock = (id: string): Block => ({ type: "plot", id });

/** Columns whose heading ends in "#" hold numbers. */
export function table(legend: string, headings: readonly string[], rows: string[][]): Block {
  const columns = headings.map((heading) => ({
    text: heading.replace(/#$/u, ""),
    numeric: heading.endsWith("#"),
  }));
  return { type: "table", legend, columns, rows };
}

export function section(id: string, title: string, blocks: Block[]): Section {
  return { id, title, blocks };
}
