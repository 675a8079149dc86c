import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { command, commandWithInput } from "./replay.ts";

test("plain arguments stand as they are", () => {
  expect(command(["--seed", "12306", "--set", "buyers.count=5"])).toBe(
    "npx tsx sim/run.ts --seed 12306 --set buyers.count=5",
  );
});

test("a shell reads the others back as they were", () => {
  const argument = `sites=["it's"] $HOME *`;
  const line = command([argument]).replace("npx tsx sim/run.ts", "printf %s");
  expect(execFileSync("sh", ["-c", line], { encoding: "utf8" })).toBe(argument);
});

test("standard input comes along", () => {
  expect(commandWithInput("{}", ["--scenario", "-"])).toBe(
    String.raw`printf '%s\n' '{}' | npx tsx sim/run.ts --scenario -`,
  );
});

test("a shell hands standard input on as it was", () => {
  const input = JSON.stringify({ description: `two\nlines, "quoted", it's 100 %` });
  const line = commandWithInput(input, []).replace("npx tsx sim/run.ts", "cat");
  expect(execFileSync("sh", ["-c", line], { encoding: "utf8" })).toBe(`${input}\n`);
});
