/** report.md: the answer for a pull request. */
import type { Block, Report } from "../document/schema.ts";

/** The sections that a reviewer reads; the rest is in report.html. */
const SECTIONS = ["S1", "S7", "S10", "S12", "S0"];

export function reportMarkdown(report: Report): string {
  const { provenance, verdict } = report;
  const lines = [
    `# Capacity of ${provenance.scenario}: ${verdict}`,
    "",
    ...(provenance.quick ? ["**ROUGH**: made with --quick. Decide nothing by it.", ""] : []),
  ];
  for (const id of SECTIONS) {
    const section = report.sections.find((candidate) => candidate.id === id);
    if (section === undefined) continue;
    lines.push(`## ${section.title}`, "");
    for (const block of section.blocks) lines.push(...blockLines(block, report), "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function blockLines(block: Block, report: Report): string[] {
  switch (block.type) {
    case "paragraph":
      return [block.text];
    case "list":
      return block.items.map((item) => `- ${item}`);
    case "command":
      return ["```sh", block.text, "```"];
    case "cards":
      return block.cards.map(
        ({ question, answer, detail, command }) =>
          `- ${question} **${answer}** ${detail} \`${command}\``,
      );
    case "table":
      return [
        block.legend,
        "",
        row(block.columns.map(({ text }) => text)),
        row(block.columns.map(({ numeric }) => (numeric ? "---:" : "---"))),
        ...block.rows.map((cells) => row(cells.map(cellText))),
      ];
    case "plot": {
      const plot = report.plots.find(({ id }) => id === block.id);
      return [`![${plot?.title ?? block.id}](plots/${block.id}.svg)`, "", plot?.legend ?? ""];
    }
  }
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function cellText(cell: string): string {
  return cell.startsWith("npx ") ? `\`${cell}\`` : cell;
}
