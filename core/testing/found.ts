/** What the checks found, in one line each. */
import type { Findings } from "../invariants/findings.ts";
import { INVARIANTS } from "../invariants/findings.ts";

/** `invariant at time: detail` for the first violation of each invariant. */
export function found(findings: Findings): string[] {
  return INVARIANTS.flatMap((name) => {
    const first = findings.first(name);
    return first === undefined ? [] : [`${name} at ${first.atMs}: ${first.detail}`];
  });
}
