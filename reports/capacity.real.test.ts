/** The command as a user runs it: its files, the same bytes again, and what an interrupt leaves. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readProcStat } from "../harness/processes/proc-stat.ts";

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
const BEGIN_MS_MAX = 60_000;
/** Hundredths of a second of processor time: more than a worker takes to start. */
const START_TICKS = 200;

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

/** Starts a report, ends it amid its first sales, and waits until its workers are gone as well. */
async function endedBy(
  signal: NodeJS.Signals,
  [command, ...words]: readonly string[],
  flags: readonly string[],
  out: string,
  begun: (pid: number) => boolean = () => true,
) {
  const child = spawn(command, [...words, "reports/capacity.ts", ...flags, "--out", out], {
    cwd: root,
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // Not at the exit: the workers write to the same pipe, which closes when the last one ends.
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  // The first line comes when the first experiment begins; then its processes start.
  await vi.waitFor(() => expect(stderr !== "" && begun(child.pid!)).toBe(true), {
    timeout: BEGIN_MS_MAX,
    interval: 100,
  });
  await setTimeout(1000);
  const signalledMs = performance.now();
  child.kill(signal);
  const code = await closed;
  return { code, stderr, msToEnd: performance.now() - signalledMs };
}

/** Whether all workers of that process are amid a sale. */
function areAmidSale(pid: number): boolean {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return children.every((child) => (readProcStat(Number(child))?.cpuTicks ?? 0) > START_TICKS);
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

  /** tsx hands on what it is sent; what it does not, as the end of a terminal, goes to all. */
  const [launched, itself] = [[TSX], [process.execPath, "--import", "tsx"]];

  test.each([
    ["SIGINT", launched],
    ["SIGTERM", launched],
    ["SIGHUP", itself],
  ] as const)("that is ended by %s is not written", async (signal, command) => {
    const out = join(directory, "never");
    const { code, stderr } = await endedBy(signal, command, ["--scenario", "smoke"], out);
    expect(stderr).toContain("interrupted: no report was written");
    expect(code).toBe(130);
    expect(existsSync(out)).toBe(false);
  });

  test("that is killed leaves no process behind, and nothing to read", async () => {
    // A sale of a million buyers takes a process some seconds, in which it hears of nothing.
    const out = join(directory, "killed");
    const { msToEnd, stderr } = await endedBy("SIGKILL", itself, [], out, areAmidSale);
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining("1 of 9: answer")]);
    expect(msToEnd).toBeLessThan(3000);
  });

  test("of the sample tells its flags, and makes nothing", () => {
    const { status, stdout, stderr } = run("sample.ts", "--help");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("npx tsx reports/sample.ts");
  });

  test.each([
    [["capacity.ts", "--scenario", "12307"], "did you mean 12306?"],
    [["capacity.ts", "--set", "slo.death=1"], "did you mean slo.deaths?"],
    [["capacity.ts", "--out", "/proc/none"], "--out /proc/none: cannot be written"],
    [["compare.ts", "package.json", "package.json"], "package.json: "],
    [["compare.ts", "one"], "expected two reports"],
    [["sample.ts", "--bogus"], "Unknown option '--bogus'"],
    [["sample.ts", "stray"], "Unexpected argument 'stray'"],
  ])("%j is refused in one line", ([script, ...args], message) => {
    const { status, stderr, stdout } = run(script, ...args);
    expect(stderr.trimEnd()).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([status, stdout]).toEqual([2, ""]);
  });
});
