import { expect, test } from "vitest";
import { assembleScript } from "./assemble.ts";

test.each(["#!lua", "#!lua flags=allow-oom", "#!lua flags=no-writes,allow-stale"])(
  "a script keeps its first line, %s; then comes the prelude",
  (shebang) => {
    expect(assembleScript(`${shebang}\nreturn one()\n`, "local one\n")).toBe(
      `${shebang}\nlocal one\nreturn one()\n`,
    );
  },
);

test.each(["return 1", " #!lua", "#!lua ", "#!lua5.1", "#!lua flags=", "-- #!lua"])(
  "a script must not begin with %j",
  (line) => {
    expect(() => assembleScript(`${line}\nreturn 1\n`, "")).toThrow(
      new Error(`a counter script must begin with a #!lua line, not with "${line.trim()}"`),
    );
  },
);

test("a script that ends in its first line is none", () => {
  expect(() => assembleScript("#!lua", "")).toThrow(/must begin with a #!lua line/);
});
