import { expect, test } from "vitest";
import { assembleScript } from "../../core/counter/assemble.ts";
import { counterKeys, decodeReply, decodeScriptError } from "../../core/counter/encoding.ts";
import { counterOnRedis } from "../../core/counter/redis-counter.ts";
import { readScripts } from "../../harness/redis/scripts.ts";

test("a script keeps its shebang first, then comes the prelude", () => {
  expect(assembleScript("#!lua flags=allow-oom\nreturn one()\n", "local one\n")).toBe(
    "#!lua flags=allow-oom\nlocal one\nreturn one()\n",
  );
  expect(() => assembleScript("return 1\n", "")).toThrow(/must begin with a #!lua line/);
});

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

test("a sale's id must be fit for a hash tag", () => {
  expect(counterKeys("2026-spring.G1:a_b")[0]).toBe("{2026-spring.G1:a_b}:sale");
  for (const id of ["", "a}b", "{a", "a b", "x".repeat(65)]) {
    expect(() => counterKeys(id)).toThrow(/not a sale id/);
  }
});

test("an error is a refusal only if the script made it", () => {
  expect(decodeScriptError("BADQTY: nothing was written")?.error).toBe("BADQTY");
  for (const message of ["OOM command not allowed", "WRONGTYPE ...", "NOSCRIPT ...", "BADQTYX: "]) {
    expect(decodeScriptError(message)).toBe(null);
  }
});

test("what is no reply of the counter is not taken for one", () => {
  for (const raw of [null, "OK", [], ["OK", 1, 2, 3]]) {
    expect(() => decodeReply({ script: "audit" }, raw)).toThrow(TypeError);
  }
});
