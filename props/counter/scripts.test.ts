import { expect, test } from "vitest";
import { counterOnRedis } from "../../core/counter/redis-counter.ts";
import { readScripts } from "../../harness/redis/scripts.ts";

test("the scripts that must run at maxmemory say so, and no other", () => {
  const flags = [...readScripts(counterOnRedis)].map(
    ([name, text]) => [name, text.split("\n", 1)[0]] as const,
  );
  const flagged = flags.filter(([, shebang]) => shebang !== "#!lua");
  expect(Object.fromEntries(flagged)).toEqual({
    confirm: "#!lua flags=allow-oom",
    release: "#!lua flags=allow-oom",
    refund: "#!lua flags=allow-oom",
    settle: "#!lua flags=allow-oom",
    sweep: "#!lua flags=allow-oom",
    audit: "#!lua flags=no-writes",
  });
});
