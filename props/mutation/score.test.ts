import { describe, expect, test } from "vitest";
import { readEquivalents } from "./equivalents.ts";
import { scoreOf, scoreText } from "./score.ts";
import type { MutatedFile } from "./score.ts";
import { readFileSync } from "node:fs";

const SOURCE = ["export function f(a: number): boolean {", "  return (", "    a < 3", "  );", "}"];

/** A mutant of `a < 3` on the third line. */
const mutant = (status: string, replacement: string): MutatedFile["mutants"][number] => ({
  mutatorName: "EqualityOperator",
  replacement,
  status,
  location: { start: { line: 3, column: 5 }, end: { line: 3, column: 10 } },
});
const file = (...mutants: MutatedFile["mutants"]): MutatedFile => ({
  source: SOURCE.join("\n"),
  mutants,
});
const listed = {
  file: "core/f.ts",
  line: "a < 3",
  operator: "EqualityOperator",
  original: "a < 3",
  replacement: "a <= 3",
  reason: "a is never 3",
};

describe("the score", () => {
  test("is the killed of all, timeouts among them, what never ran left out", () => {
    const mutants = [
      ...["Killed", "Timeout", "Survived", "NoCoverage"].map((status) => mutant(status, "a > 3")),
      ...["CompileError", "RuntimeError", "Ignored"].map((status) => mutant(status, "a > 3")),
    ];
    const score = scoreOf({ "core/f.ts": file(...mutants) }, []);
    expect(score).toMatchObject({ killed: 2, share: 0.5, stale: [] });
    expect(score.files).toEqual([{ file: "core/f.ts", killed: 2, survived: 2, equivalent: 0 }]);
    expect(score.survivors[1]).toEqual({
      file: "core/f.ts",
      lineNumber: 3,
      line: "a < 3",
      operator: "EqualityOperator",
      original: "a < 3",
      replacement: "a > 3",
      status: "NoCoverage",
    });
  });

  test("leaves listed equivalents out, and only them", () => {
    const mutants = [mutant("Killed", "false"), mutant("Survived", "a <= 3")];
    const files = { "core/f.ts": file(...mutants, mutant("Survived", "true")) };
    expect(scoreOf(files, [listed])).toMatchObject({ killed: 1, share: 0.5, stale: [] });
    expect(scoreOf({ "core/f.ts": file(...mutants) }, [listed]).share).toBe(1);
    for (const other of [
      { ...listed, file: "core/g.ts" },
      { ...listed, line: "a < 4" },
      { ...listed, operator: "ConditionalExpression" },
      { ...listed, original: "a" },
      { ...listed, replacement: "a > 3" },
    ])
      expect(scoreOf({ "core/f.ts": file(...mutants) }, [other]).share).toBe(0.5);
  });

  test("names entries that fit no survivor any more, of the files that were mutated", () => {
    const files = { "core/f.ts": file(mutant("Killed", "a <= 3")) };
    expect(scoreOf(files, [listed, { ...listed, file: "core/g.ts" }]).stale).toEqual([listed]);
  });

  test("mutated code may span lines", () => {
    const location = { start: { line: 2, column: 3 }, end: { line: 4, column: 4 } };
    const whole = { ...mutant("Survived", ""), location };
    const [survivor] = scoreOf({ "core/f.ts": file(whole) }, []).survivors;
    expect(survivor.original).toBe("return (\n    a < 3\n  )");
    expect(survivor.line).toBe("return (");
  });
});

test("the text lists survivors and says what is demanded", () => {
  const files = { "core/f.ts": file(mutant("Killed", "true"), mutant("Survived", "a <= 3")) };
  expect(scoreText(scoreOf(files, []))).toBe(
    [
      "core/f.ts   50.0 %  1 killed, 1 survived, 0 equivalent",
      "",
      "Survived core/f.ts:3 EqualityOperator: a < 3 -> a <= 3",
      "FAILED: 1 of 2 mutants killed (50.0 %; listed equivalents left out), 90 % demanded",
      "",
    ].join("\n"),
  );
  expect(scoreText(scoreOf(files, [listed]))).toContain("PASSED: 1 of 1 mutants killed (100.0 %");
  const gone = { "core/f.ts": file(mutant("Killed", "true")) };
  expect(scoreText(scoreOf(gone, [listed]))).toContain(
    "equivalents.json: no survivor of core/f.ts fits a < 3 -> a <= 3",
  );
});

test("every listed equivalent names a line that there is, and a reason", () => {
  for (const { file: path, line, reason } of readEquivalents()) {
    const source = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
    expect(source.split("\n").map((text) => text.trim())).toContain(line);
    expect(reason.length).toBeGreaterThan(20);
  }
});
