/** The sweep as a command: processes, exit codes, and what happens to both when things go wrong. */
import { spawn } from "node:child_process";
import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { SweepSummary } from "../../sim/sweep/summary.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function sweep(args: readonly string[], onStart?: (pid: number) => void): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", "sim/sweep.ts", ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  onStart?.(child.pid!);
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

const summaryIn = ({ stdout }: Ended): SweepSummary => JSON.parse(stdout) as SweepSummary;

/** A module that brings its process down, or breaks the rules, as a sweep may meet it. */
function strategyFile(body: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "sweep-")), "strategy.ts");
  const engine = join(ROOT, "core/strategies/pre-deduct.ts");
  writeFileSync(file, `import { preDeduct } from ${JSON.stringify(engine)};\n${body}`);
  return file;
}

describe("npm run sweep", () => {
  test("gives the same for any number of processes", async () => {
    const args = ["--seeds", "12", "--from", "300", "--json"];
    const [alone, together] = await Promise.all([
      sweep([...args, "--jobs", "1"]),
      sweep([...args, "--jobs", "3"]),
    ]);
    expect(alone.code).toBe(0);
    expect(together).toEqual(alone);
    expect(summaryIn(alone)).toMatchObject({ seeds: 12, passed: 12, partial: false });
  });

  test("finds a planted bug", async () => {
    const mutant = "props/zoo/mutants/01-sold-above-total.ts";
    const ended = await sweep(["--seeds", "5", "--strategy", mutant, "--json"]);
    expect(ended.code).toBe(1);
    expect(summaryIn(ended).brokenByInvariant["no-oversell"]).toBeGreaterThan(0);
  });

  test("survives its processes: a seed that kills one twice is to blame", async () => {
    const file = strategyFile(
      "export default { ...preDeduct, counter: { ...preDeduct.counter, apply() {\n" +
        "  process.kill(process.pid, 'SIGKILL'); } } };\n",
    );
    const ended = await sweep(["--seeds", "2", "--strategy", file, "--json"]);
    expect(ended.code).toBe(70);
    expect(summaryIn(ended).failures.map(({ seed, detail }) => [seed, detail])).toEqual([
      ["1", "its process ended with SIGKILL"],
      ["2", "its process ended with SIGKILL"],
    ]);
  });

  test("tells what it has on Ctrl-C", async () => {
    const ended = await sweep(["--seeds", "100000", "--json"], (pid) => {
      setTimeout(() => process.kill(pid, "SIGINT"), 5000);
    });
    expect(ended.code).toBe(130);
    expect(summaryIn(ended)).toMatchObject({ partial: true, violated: 0 });
  });

  test.each([[["--seeds", "x"]], [["--scenario", "smal"]], [["--strategy", "pre-deduc"]]])(
    "refuses %j with one line and exit code 2",
    async (args) => {
      const ended = await sweep(args);
      expect(ended).toMatchObject({ code: 2, stdout: "" });
      expect(ended.stderr).toMatch(/^[^\n]+\n$/u);
    },
  );
});
