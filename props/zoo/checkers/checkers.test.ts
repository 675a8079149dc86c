import { expect, test } from "vitest";
import { INVARIANTS } from "../../../core/invariants/findings.ts";
import { expose } from "./expose.ts";
import { CHECKER_MUTANTS } from "./mutants.ts";

test.each(CHECKER_MUTANTS)("$invariant: $title", async (mutant) => {
  expect(await expose(mutant)).not.toBeNull();
});

test("every invariant has a blind checker and one with false alarms", () => {
  const names = INVARIANTS.filter((name) => name !== "determinism");
  const of = (isBlind: boolean): string[] => {
    const some = CHECKER_MUTANTS.filter(({ blindTo }) => (blindTo !== null) === isBlind);
    return names.filter((name) => some.every(({ invariant }) => invariant !== name));
  };
  expect(of(true)).toEqual([]);
  expect(of(false)).toEqual([]);
});
