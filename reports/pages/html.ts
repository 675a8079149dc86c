/** report.html: one page without script, font or network, made from report.json and nothing else. */
import { escape } from "../../sim/picture/svg.ts";
import { STYLE } from "../charts/look.ts";
import { plotElement } from "../charts/plot-svg.ts";
import type { Block, Report, Section } from "../document/schema.ts";

const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--page:#fff;--soft:#f3f5f8;--edge:#c9d1da;--quiet:#4b5563;--pass:#0a6b45;--fail:#b42318;--open:#7a5b00}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--page:#14181d;--soft:#1d232b;--edge:#3a4450;--quiet:#aab4bf;--pass:#5bd6a2;--fail:#ff8a7a;--open:#e3c04a}}
*{box-sizing:border-box}
body{margin:0 auto;padding:0 16px 48px;max-width:1040px;background:var(--page);color:var(--ink);font:16px/1.5 "DejaVu Sans",Verdana,system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:20px 0 4px}h2{font-size:1.25rem;margin:40px 0 8px;border-top:1px solid var(--edge);padding-top:16px}h3{font-size:1rem;margin:24px 0 4px}
p{margin:8px 0}
.quiet,figcaption{color:var(--quiet);font-size:.875rem;text-align:left}
.rough{border:3px dashed var(--open);padding:8px 12px;margin:12px 0}
.verdict{display:inline-block;font-weight:bold;border:2px solid;border-radius:4px;padding:0 8px;white-space:nowrap}
.PASS{color:var(--pass)}.FAIL{color:var(--fail)}.UNDECIDED{color:var(--open)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:12px;margin:12px 0}
.card{min-width:0;background:var(--soft);border:1px solid var(--edge);border-radius:8px;padding:12px}
.card b{display:block;font-size:1.35rem;line-height:1.25;margin:4px 0}.card span{font-size:.8125rem;color:var(--quiet)}.card code{display:block;margin-top:8px;white-space:nowrap;overflow-x:auto}
.scroll{overflow-x:auto;max-width:100%;margin:8px 0}
table{border-collapse:collapse;font-size:.8125rem;min-width:100%}
th,td{border:1px solid var(--edge);padding:4px 8px;text-align:left;vertical-align:top;overflow-wrap:normal;min-width:64px}
th{background:var(--soft)}td:first-child,th:first-child{position:sticky;left:0;background:var(--soft);max-width:180px}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td code{white-space:nowrap;display:block;max-width:220px;overflow-x:auto}
code{font:.75rem/1.4 "DejaVu Sans Mono",ui-monospace,monospace}
pre{background:var(--soft);border:1px solid var(--edge);padding:8px;overflow-x:auto;margin:8px 0}
figure{margin:16px 0}figure svg{display:block;width:100%;min-width:640px;max-width:760px;height:auto}
nav a{margin-right:10px;white-space:nowrap;display:inline-block}a{color:inherit}
@media print{body{max-width:none}.scroll{overflow:visible}}
`;

export function reportHtml(report: Report): string {
  const { provenance, verdict } = report;
  // The answer comes before the provenance: it is what people open the page for.
  const order = [...report.sections].toSorted((a, b) => rank(a) - rank(b));
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escape(`Capacity of ${provenance.scenario}: ${verdict}`)}</title>`,
    `<style>${PAGE_STYLE}${STYLE}</style></head><body>`,
    `<h1>Capacity of ${escape(provenance.scenario)} <span class="verdict ${verdict}">${verdict}</span></h1>`,
    `<p class="quiet">${escape(provenance.description)}</p>`,
    ...(provenance.quick
      ? [
          '<p class="rough"><b>ROUGH</b>: made with --quick from small sales and few of them. Decide nothing by it.</p>',
        ]
      : []),
    `<p class="quiet">Calibration ${provenance.calibration.status}: ${escape(provenance.calibration.text)}</p>`,
    ...order.map(
      (section, i) => `${i === 1 ? navigation(order) : ""}${sectionHtml(section, report)}`,
    ),
    "</body></html>",
    "",
  ].join("\n");
}

function rank({ id }: Section): number {
  return id === "S1" ? -1 : 0;
}

function navigation(sections: readonly Section[]): string {
  const links = sections.map(({ id, title }) => `<a href="#${id}">${escape(`${id} ${title}`)}</a>`);
  return `<nav class="quiet">${links.join("")}</nav>`;
}

function sectionHtml({ id, title, blocks }: Section, report: Report): string {
  return [
    `<section id="${id}"><h2>${escape(`${id} ${title}`)}</h2>`,
    ...blocks.map((block) => blockHtml(block, report)),
    "</section>",
  ].join("\n");
}

function blockHtml(block: Block, report: Report): string {
  switch (block.type) {
    case "paragraph":
      return `<p>${escape(block.text)}</p>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${escape(item)}</li>`).join("")}</ul>`;
    case "command":
      return commandHtml(block.text);
    case "table":
      return tableHtml(block);
    case "plot":
      return plotHtml(block.id, report);
    case "cards":
      return `<div class="cards">${block.cards
        .map(
          ({ question, answer, detail, command }) =>
            `<div class="card">${escape(question)}<b>${escape(answer)}</b><span>${escape(detail)}</span>` +
            `<code tabindex="0">${escape(command)}</code></div>`,
        )
        .join("")}</div>`;
  }
}

/** Whoever cannot use a pointer can still scroll it. */
function commandHtml(text: string): string {
  return `<pre tabindex="0"><code>${escape(text)}</code></pre>`;
}

function tableHtml({ legend, columns, rows }: Extract<Block, { type: "table" }>): string {
  const shape = (i: number): string => (columns[i].numeric ? ' class="number"' : "");
  const head = columns.map(({ text }, i) => `<th scope="col"${shape(i)}>${escape(text)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((cell, i) => `<td${shape(i)}>${cellHtml(cell)}</td>`).join("")}</tr>`,
  );
  return (
    `<p class="quiet">${escape(legend)}</p><div class="scroll" tabindex="0"><table>` +
    `<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`
  );
}

function cellHtml(cell: string): string {
  if (cell === "PASS" || cell === "FAIL" || cell === "UNDECIDED")
    return `<span class="verdict ${cell}">${cell}</span>`;
  if (cell.startsWith("npx ")) return `<code tabindex="0">${escape(cell)}</code>`;
  // A number is not parted from its unit.
  return escape(cell).replaceAll(/(?<=\d) (?=(?:%|ms|s|min|h|µs)(?!\w))|(?<=≤) /gu, "\u00A0");
}

function plotHtml(id: string, report: Report): string {
  const plot = report.plots.find((candidate) => candidate.id === id);
  if (plot === undefined) throw new Error(`the report has no plot ${id}`);
  return (
    `<figure id="${id}"><h3>${escape(`${id} ${plot.title}`)}</h3><div class="scroll" tabindex="0">${plotElement(plot)}</div>` +
    `<figcaption>${escape(plot.legend)}</figcaption>${commandHtml(plot.command)}</figure>`
  );
}
