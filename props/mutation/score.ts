/** The arithmetic of the mutation score, and how it is told. */
import type { Equivalent } from "./equivalents.ts";

/** Killed mutants of all but the equivalent ones. */
export const SCORE_LEAST = 0.9;

/** Found: a mutant that makes a test run for ever is found too. */
const KILLED: readonly string[] = ["Killed", "Timeout"];
/** Never ran as a program. */
const INVALID: readonly string[] = ["CompileError", "RuntimeError", "Ignored"];

/** The part that matters here of a report in the schema of mutation-testing-elements. */
export interface MutatedFile {
  readonly source: string;
  readonly mutants: readonly {
    readonly mutatorName: string;
    readonly replacement?: string;
    readonly status: string;
    /** Lines and columns from 1; the end is exclusive. */
    readonly location: { readonly start: Place; readonly end: Place };
  }[];
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Survivor {
  readonly file: string;
  readonly lineNumber: number;
  readonly line: string;
  readonly operator: string;
  readonly original: string;
  readonly replacement: string;
  /** Survived, or NoCoverage. */
  readonly status: string;
}

export interface Score {
  readonly files: readonly {
    readonly file: string;
    readonly killed: number;
    readonly survived: number;
    readonly equivalent: number;
  }[];
  /** Listed equivalents left out. */
  readonly survivors: readonly Survivor[];
  /** Listed equivalents of these files that fit no survivor. */
  readonly stale: readonly Equivalent[];
  readonly killed: number;
  readonly share: number;
}

/** @param files By path. */
export function scoreOf(
  files: Readonly<Record<string, MutatedFile>>,
  equivalents: readonly Equivalent[],
): Score {
  const survivors: Survivor[] = [];
  const used = new Set<Equivalent>();
  const rows = Object.entries(files).map(([file, { source, mutants }]) => {
    const row = { file, killed: 0, survived: 0, equivalent: 0 };
    for (const mutant of mutants) {
      if (INVALID.includes(mutant.status)) continue;
      if (KILLED.includes(mutant.status)) {
        row.killed += 1;
        continue;
      }
      const survivor = describe(file, source.split("\n"), mutant);
      const listed = equivalents.find((equivalent) => fits(equivalent, survivor));
      if (listed === undefined) {
        row.survived += 1;
        survivors.push(survivor);
      } else {
        row.equivalent += 1;
        used.add(listed);
      }
    }
    return row;
  });
  const killed = rows.reduce((sum, row) => sum + row.killed, 0);
  const counted = killed + survivors.length;
  return {
    files: rows,
    survivors,
    stale: equivalents.filter(
      (equivalent) => !used.has(equivalent) && Object.hasOwn(files, equivalent.file),
    ),
    killed,
    share: counted === 0 ? 1 : killed / counted,
  };
}

function describe(
  file: string,
  lines: readonly string[],
  { location, mutatorName, replacement, status }: MutatedFile["mutants"][number],
): Survivor {
  const { start, end } = location;
  const mutated = lines.slice(start.line - 1, end.line);
  mutated[mutated.length - 1] = mutated.at(-1)!.slice(0, end.column - 1);
  mutated[0] = mutated[0].slice(start.column - 1);
  return {
    file,
    lineNumber: start.line,
    line: lines[start.line - 1].trim(),
    operator: mutatorName,
    original: mutated.join("\n"),
    replacement: replacement ?? "",
    status,
  };
}

function fits(equivalent: Equivalent, survivor: Survivor): boolean {
  return (
    equivalent.file === survivor.file &&
    equivalent.line === survivor.line &&
    equivalent.operator === survivor.operator &&
    equivalent.original === survivor.original &&
    equivalent.replacement === survivor.replacement
  );
}

/** A line for each file, then what has to be looked at, then the verdict. */
export function scoreText({ files, survivors, stale, killed, share }: Score): string {
  const width = Math.max(...files.map(({ file }) => file.length));
  const rows = files.map(
    (row) =>
      `${row.file.padEnd(width)}  ` +
      `${percent(row.killed, row.killed + row.survived).padStart(7)}  ` +
      `${row.killed} killed, ${row.survived} survived, ${row.equivalent} equivalent`,
  );
  const alive = survivors.map(
    ({ file, lineNumber, operator, original, replacement, status }) =>
      `${status} ${file}:${lineNumber} ${operator}: ${short(original)} -> ${short(replacement)}`,
  );
  const unused = stale.map(
    ({ file, original, replacement }) =>
      `equivalents.json: no survivor of ${file} fits ${short(original)} -> ${short(replacement)}`,
  );
  const counted = killed + survivors.length;
  const verdict =
    `${share < SCORE_LEAST ? "FAILED" : "PASSED"}: ${killed} of ${counted} mutants killed ` +
    `(${percent(killed, counted)}; listed equivalents left out), ${100 * SCORE_LEAST} % demanded`;
  return `${[...rows, "", ...alive, ...unused, verdict].join("\n")}\n`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** On one line, and not all of a long function. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ");
  return line.length <= 70 ? line : `${line.slice(0, 70)}…`;
}
