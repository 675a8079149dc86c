/** The command as others see it: exit codes, streams, signals. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulationResult } from "../result.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tsx = join(root, "node_modules/.bin/tsx");
const TIMEOUT_MS = 60_000;
const TINY = ["--scenario", "smoke", "--set", "buyers.count=300", "--set", "sale.tickets=20"];

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "command-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Ending {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], input = ""): Ending {
  return spawnSync(tsx, ["sim/run.ts", ...args], { cwd: root, input, encoding: "utf8" });
}

type Report = SimulationResult & {
  readonly wallSeconds: number;
  readonly reproFile: string | null;
  readonly replay: string;
};

function report(args: readonly string[], input = ""): Report {
  const { stdout, stderr } = run([...args, "--json"], input);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Report;
}

describe("a run that passes", { timeout: TIMEOUT_MS }, () => {
  test("says so in words, nothing on stderr, and ends with the command that repeats it", () => {
    const { status, stdout, stderr } = run(["--seed", "7", ...TINY]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^scenario smoke · seed 7 /u);
    expect(stdout).toContain("PASSED · trace hash ");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(
      `npx tsx sim/run.ts --seed 7 ${TINY.join(" ")}`,
    );
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(status).toBe(0);
  });

  test("is the same again, but for the time it took", () => {
    const first = report(["--seed", "7", ...TINY]);
    const second = report(["--seed", "7", ...TINY]);
    expect(first.verdict).toBe("passed");
    expect({ ...first, wallSeconds: 0 }).toEqual({ ...second, wallSeconds: 0 });
  });

  test("comes back from its printed configuration, and flags win over that", () => {
    const printed = run(["--seed", "7", ...TINY, "--print-config"]);
    expect(printed.status).toBe(0);
    const first = report(["--seed", "7", ...TINY]);
    const again = report(["--scenario", "-"], printed.stdout);
    expect(again.traceHash).toBe(first.traceHash);
    const other = report(["--scenario", "-", "--seed", "8", "--faults", "none"], printed.stdout);
    expect(other).toMatchObject({ seed: "8", faults: [] });
  });

  /** A plan's file, and the configuration that is printed with it. */
  function printedWithPlan() {
    const plan = { schemaVersion: 1, episodes: [{ kind: "server-crash", target: 3, atMs: 50 }] };
    const file = join(directory, "plan.json");
    writeFileSync(file, JSON.stringify(plan));
    const printed = run(["--seed", "7", ...TINY, "--faults", file, "--print-config"]).stdout;
    return { file, printed };
  }

  test("takes the printed faults to a smaller system", () => {
    const { printed } = printedWithPlan();
    const { faults } = report(["--scenario", "-", "--set", "servers.count=2"], printed);
    expect(faults).toEqual([{ kind: "server-crash", target: 1, atMs: 50 }]);
  });

  test("takes no others there: a target that does not exist is a mistake", () => {
    const { file, printed } = printedWithPlan();
    const edited = printed.replace('"target": 3', '"target": 9');
    expect(run(["--scenario", "-"], edited)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        "fault plan: episodes.0.target: there is no server 9",
      ) as string,
    });
    const smaller = ["--scenario", "-", "--faults", file, "--set", "servers.count=2"];
    expect(run(smaller, printed)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${file}: episodes.0.target: there is no server 3`) as string,
    });
  });

  test("is repeated with what came on standard input, whatever it was for", () => {
    const plan = { schemaVersion: 1, episodes: [] };
    const lines = JSON.stringify(plan, null, 2);
    const { replay } = report(["--seed", "7", ...TINY, "--faults", "-"], lines);
    expect(replay).toBe(
      String.raw`printf '%s\n' '${JSON.stringify(plan)}' | npx tsx sim/run.ts --seed 7 --scenario smoke ` +
        `--faults - ${TINY.slice(2).join(" ")}`,
    );
    const { status, stderr } = run(["--scenario", "-", "--faults", "-"], "{}");
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: "sim: standard input can be read once: give the other file by its name\n",
    });
  });

  test("fills a directory, and checks that it is the same twice", () => {
    const out = join(directory, "out");
    const args = ["--seed", "7", ...TINY, "--check-determinism", "--out", out];
    const { invariants, traceHash } = report(args);
    expect(invariants.find(({ name }) => name === "determinism")).toMatchObject({ ok: true });
    expect(readFileSync(join(out, "trace-hash.txt"), "utf8")).toBe(`${traceHash}\n`);
    expect(readFileSync(join(out, "summary.txt"), "utf8")).toContain("PASSED");
    const written = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Report;
    expect(written.traceHash).toBe(traceHash);
    const config = readFileSync(join(out, "config.json"), "utf8");
    expect(report(["--scenario", "-"], config).traceHash).toBe(traceHash);
  });

  test("draws a seed and tells it", () => {
    const drawn = report(TINY);
    expect(drawn.replay).toContain(`--seed ${drawn.seed} `);
    expect(report(["--seed", drawn.seed, ...TINY]).traceHash).toBe(drawn.traceHash);
  });
});

describe("a strategy module that leaves its place", { timeout: TIMEOUT_MS }, () => {
  test.each([
    ["rejects", `Promise.reject("boo");`, "throws outside of any call: boo"],
    [
      "throws later",
      `setTimeout(() => { throw Error("boo"); });`,
      "throws outside of any call: boo",
    ],
    ["ends the process", "process.exit(0);", "ends the process while it is loaded"],
  ])("%s", (_what, line, message) => {
    const file = join(directory, "stray.mts");
    const ours = new URL("../../core/strategies/pre-deduct.ts", import.meta.url).href;
    writeFileSync(file, `export { preDeduct as default } from "${ours}";\n${line}\n`);
    const { status, stdout, stderr } = run(["--seed", "1", ...TINY, "--strategy", file, "--json"]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `sim: --strategy ${file}: ${message}\n`,
    });
    expect(stdout).toBe("");
  });
});

describe("a run that is violated", { timeout: TIMEOUT_MS }, () => {
  test("leaves a repro file that breaks the same again", () => {
    const args = ["--seed", "3", ...TINY, "--strategy", "article", "--out", directory];
    const { status, stdout } = run([...args, "--shrink-runs", "20"]);
    expect(status).toBe(1);
    expect(stdout).toContain("VIOLATED: no-oversell");
    const repro = join(directory, "repro-3.json");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`npx tsx sim/run.ts --repro ${repro}`);

    const replayed = run(["--repro", repro]);
    expect(replayed.status).toBe(1);
    expect(replayed.stdout).toContain("✓ the verdict is as recorded");
    expect(replayed.stdout).toContain("✓ the trace hash is as recorded");

    const cut = join(directory, "cut.json");
    writeFileSync(cut, readFileSync(repro, "utf8").slice(0, 500));
    expect(run(["--repro", cut])).toMatchObject({ status: 2, stdout: "" });
  });

  test("by a strategy that throws in a step", () => {
    const module = join(directory, "thrower.mjs");
    const preDeduct = join(root, "core/strategies/pre-deduct.ts");
    writeFileSync(
      module,
      `import { preDeduct } from ${JSON.stringify(preDeduct)};
       export default { ...preDeduct, name: "thrower", server: { create: preDeduct.server.create,
         step(state, input, nowMs, out) {
           if (input.type === "buy") throw new Error("thrown on purpose");
           preDeduct.server.step(state, input, nowMs, out);
         } } };`,
    );
    const args = ["--seed", "3", ...TINY, "--strategy", module, "--no-shrink", "--out", directory];
    const { status, stdout, stderr } = run(args);
    expect(stderr).toBe("");
    expect(status).toBe(1);
    expect(stdout).toContain("thrown on purpose");
  });
});

describe("wrong input is one line and exit code 2", { timeout: TIMEOUT_MS }, () => {
  test.each([
    [["--sede", "1"]],
    [["--scenario", "smoke", "--set", "buyers.count=-5"]],
    [["--strategy", "./nowhere.ts"]],
    [["--scenario", "smoke", "--trace", "trace.txt"]],
    [["--scenario", "smoke", "--out", "package.json"]],
  ])("%j", (args) => {
    const { status, stdout, stderr } = run(args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^sim: [^\n]+\n$/u);
  });
});

describe("what is only printed", { timeout: TIMEOUT_MS }, () => {
  test("help shows examples before flags", () => {
    const { status, stdout } = run(["--help"]);
    expect(status).toBe(0);
    expect(stdout.indexOf("Examples:")).toBeLessThan(stdout.indexOf("Flags:"));
  });

  test("the JSON Schema of a scenario", () => {
    const { status, stdout } = run(["--print-schema", "scenario"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: "scenario", type: "object" });
  });
});

describe("interruptions", { timeout: TIMEOUT_MS }, () => {
  test("a closed pipe ends it quietly", () => {
    const line = `"${tsx}" sim/run.ts --seed 7 ${TINY.join(" ")} | head -c 1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
    expect(stdout).toBe("s");
    expect(stderr).toBe("");
  });

  test("a full disk is not a usage error", () => {
    if (!existsSync("/dev/full")) return;
    const line = `"${tsx}" sim/run.ts --seed 7 ${TINY.join(" ")} > /dev/full`;
    const { status, stderr } = spawnSync("sh", ["-c", line], { cwd: root, encoding: "utf8" });
    expect(stderr).toBe("sim: standard output: no space left on the device\n");
    expect(status).toBe(3);
  });

  test("Ctrl-C gives what there is so far", async () => {
    const child = spawn(
      tsx,
      ["sim/run.ts", "--seed", "1", "--trace", join(directory, "t.jsonl"), "--json"],
      {
        cwd: root,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let stdout = "";
    child.stdout.on("data", (text) => (stdout += text));
    // The trace file appears when the run begins.
    while (!existsSync(join(directory, "t.jsonl"))) await pause(50);
    await pause(500);
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    const sentMs = performance.now();
    process.kill(-child.pid!, "SIGINT");
    expect(await ended).toBe(130);
    expect(performance.now() - sentMs).toBeLessThan(3000);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, partial: true });
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
