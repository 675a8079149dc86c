import { expect, test } from "vitest";
import { parseFlags } from "./flags.ts";
import { resolveRun } from "./resolve.ts";
import { UsageError } from "./usage-error.ts";

test.each([
  ["swarn", "--faults swarn: no such file; did you mean swarm?"],
  ["./plan.json", "./plan.json: cannot be read: no such file or directory"],
])("faults that are neither a word nor a file: %s", async (faults, message) => {
  const options = parseFlags(["--scenario", "smoke", "--faults", faults]);
  await expect(resolveRun(options)).rejects.toThrow(new UsageError(message));
});
