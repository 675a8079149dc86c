import { expect, test } from "vitest";
import { EXIT } from "./exit-codes.ts";
import { FLAGS } from "./flags.ts";
import { helpText } from "./help.ts";

/** What stands first in each line below a heading. */
function listedBelow(heading: string): string[] {
  const lines = helpText().split("\n");
  const first = lines.indexOf(heading) + 1;
  expect(first).toBeGreaterThan(0);
  const section = lines.slice(first, lines.indexOf("", first));
  return section.flatMap((line) => /^ {2}(?:-\w, )?(?:--)?([\w-]+)/u.exec(line)?.[1] ?? []);
}

test("each flag and each exit code is explained", () => {
  expect(listedBelow("Flags:")).toEqual(Object.keys(FLAGS));
  expect(listedBelow("Exit codes:")).toEqual(Object.values(EXIT).map(String));
});
