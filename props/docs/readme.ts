/**
 * The README as data: its commands, what it says that they show, and the output it prints.
 *
 * A block tagged `sh` holds commands, a line each unless it ends in a backslash. A comment that
 * begins with `exit` states what the command shows, and is checked against `--json`:
 *
 *     npx tsx sim/run.ts --strategy article   # exit 1, oversold 1, acked > 10000
 *
 * `sh slow`: too long for a test, so only the arguments are checked. `text` blocks are output.
 */

export interface ReadmeCommand {
  readonly text: string;
  readonly isSlow: boolean;
  readonly exitCode: number;
  readonly figures: readonly Figure[];
}

/** A number of the result, as the README states it. */
export interface Figure {
  readonly field: string;
  readonly relation: "=" | ">" | "<";
  readonly value: number;
}

/** The blocks of one kind, such as `sh`, in order. */
export function blocksOf(markdown: string, kind: string): string[] {
  const blocks = [...markdown.matchAll(/^```([^\n]*)\n(.*?)^```$/gmsu)];
  return blocks.filter(([, tag]) => tag === kind).map(([, , content]) => content);
}

/** @throws Error if a comment that begins with `exit` cannot be understood. */
export function commandsOf(markdown: string): ReadmeCommand[] {
  return ["sh", "sh slow"].flatMap((kind) =>
    blocksOf(markdown, kind)
      .flatMap((block) => block.replaceAll(/\s*\\\n\s*/gu, " ").split("\n"))
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => parseCommand(line, kind === "sh slow")),
  );
}

function parseCommand(line: string, isSlow: boolean): ReadmeCommand {
  const [text, comment = ""] = line.split(/\s+# /u, 2) as [string, string?];
  if (!/^exit\b/u.test(comment)) return { text, isSlow, exitCode: 0, figures: [] };
  const [exit, ...figures] = comment.split(/,\s+/u);
  const exitCode = /^exit (\d+)$/u.exec(exit)?.[1];
  if (exitCode === undefined) throw new Error(`README: no exit code in ${comment}`);
  return { text, isSlow, exitCode: Number(exitCode), figures: figures.map(parseFigure) };
}

function parseFigure(words: string): Figure {
  const parts = /^(?<field>\w+) (?<relation>[<>] )?(?<value>[\d.]+)$/u.exec(words)?.groups;
  if (parts === undefined) throw new Error(`README: ${words} is not "field value"`);
  const relation = (parts["relation"]?.trim() ?? "=") as Figure["relation"];
  return { field: parts["field"], relation, value: Number(parts["value"]) };
}

/** A line of output without what may differ from one version to the next: numbers and widths. */
export function shapeOf(line: string): string {
  return line
    .replaceAll(/\d[\d,.]*/gu, "#")
    .replaceAll(/\s+/gu, " ")
    .trim();
}
