import { expect, test } from "vitest";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { FLAGS as SIMULATOR_FLAGS } from "../../sim/cli/flags.ts";
import { helpText } from "./help.ts";
import { ABSENT, FLAGS } from "./options.ts";

/** The lines between two headings. */
function section(from: RegExp): string[] {
  const lines = helpText().split("\n");
  const first = lines.findIndex((line) => from.test(line)) + 1;
  expect(first).toBeGreaterThan(0);
  return lines.slice(first, lines.indexOf("", first));
}

test("each flag of the simulator is explained, or it is said why it makes no sense here", () => {
  const flags = section(/^Flags:/u);
  const absent = section(/^Flags and values of sim\/run\.ts that make no sense here:/u);
  for (const name of Object.keys(SIMULATOR_FLAGS)) {
    const lines = Object.hasOwn(FLAGS, name) ? flags : absent;
    expect(lines.filter((line) => line.includes(`--${name} `))).toHaveLength(1);
  }
  expect(absent).toHaveLength(Object.keys(ABSENT).length);
  expect(absent.join("\n")).toMatch(/--faults swarm +draws faults .*npm run soak/u);
});

test("exit codes are listed, and how they differ from the simulator's", () => {
  const codes = (lines: readonly string[]): number[] =>
    lines.flatMap((line) => /^ {2}(\d+) +\S/u.exec(line)?.[1] ?? []).map(Number);
  expect(codes(section(/^Exit codes:/u))).toEqual(Object.values(EXIT));
  const differences = section(/^How they differ from those of sim\/run\.ts:/u);
  expect(new Set(codes(differences))).toEqual(new Set([0, 1, 2, 3, 70, 130]));
});
