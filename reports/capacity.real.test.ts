/** The command as a user runs it: its files, the same bytes again, and what an interrupt leaves. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const TSX = join(root, "node_modules/.bin/tsx");
/** A small sale: what a report needs most is seconds. */
const SMALL = [
  "--scenario",
  "smoke",
  "--set",
  "buyers.count=400",
  "--set",
  "sale.tickets=60",
  "--quick",
];
const MS_MAX = 300_000;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "capacity-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function run(script: string, ...args: string[]) {
  return spawnSync(TSX, [`reports/${script}`, ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: MS_MAX,
  });
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();
}

describe("a report", () => {
  test(
    "has all its files, the same ones whatever the number of processes",
    { timeout: 2 * MS_MAX },
    () => {
      const [a, b] = [join(directory, "deep/a"), join(directory, "b")];
      const first = run("capacity.ts", ...SMALL, "--seed", "7", "--jobs", "2", "--out", a);
      expect(first.stderr).toContain("9 of 9: sensitivity");
      expect(first.status).toBe(0);
      expect(first.stdout).toContain("How many ticket servers?");
      expect(first.stdout).toMatch(/calibration (?:NONE|INVALID|VALID): /u);
      const plots = Array.from({ length: 15 }, (_, i) => [
        `plots/P${i + 1}.png`,
        `plots/P${i + 1}.svg`,
      ]);
      const files = ["report.html", "report.json", "report.md", "seeds.csv", ...plots.flat()];
      expect(filesBelow(a)).toEqual(files.toSorted());
      expect(readFileSync(join(a, "report.html"), "utf8")).toContain("ROUGH");
      expect(run("capacity.ts", ...SMALL, "--seed", "7", "--jobs", "1", "--out", b).status).toBe(0);
      for (const file of files)
        expect(readFileSync(join(a, file)).equals(readFileSync(join(b, file))), file).toBe(true);
      const compared = run("compare.ts", a, b);
      expect(compared.status).toBe(0);
      expect(compared.stdout).toContain(": 0 differ by more than chance");
    },
  );

  test("that is interrupted is not written", { timeout: MS_MAX }, async () => {
    const out = join(directory, "never");
    const child = spawn(TSX, ["reports/capacity.ts", "--scenario", "smoke", "--out", out], {
      cwd: root,
    });
    let stderr = "";
    const code = await new Promise<number | null>((resolve) => {
      child.stderr.on("data", (chunk: Buffer) => {
        // The first line comes when the first experiment begins.
        if (stderr === "") setTimeout(() => child.kill("SIGINT"), 1000);
        stderr += chunk.toString();
      });
      child.on("exit", resolve);
    });
    expect(stderr).toContain("interrupted: no report was written");
    expect(code).toBe(130);
    expect(existsSync(out)).toBe(false);
  });

  test.each([
    [["capacity.ts", "--scenario", "12307"], "did you mean 12306?"],
    [["capacity.ts", "--set", "slo.death=1"], "did you mean slo.deaths?"],
    [["capacity.ts", "--out", "/proc/none"], "--out /proc/none: cannot be written"],
    [["compare.ts", "package.json", "package.json"], "package.json: "],
    [["compare.ts", "one"], "expected two reports"],
  ])("%j is refused in one line", ([script, ...args], message) => {
    const { status, stderr, stdout } = run(script, ...args);
    expect(stderr.trimEnd()).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([2, ""]);
  });
});
