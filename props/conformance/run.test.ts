import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const RUN = join(import.meta.dirname, "run.ts");
const folder = mkdtempSync(join(tmpdir(), "conformance-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", RUN, ...args], { encoding: "utf8" });
}

/** A folder with these files; their contents are JSON unless they are text. */
function vectors(name: string, files: Record<string, unknown>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, content] of Object.entries(files)) {
    writeFileSync(
      join(path, file),
      typeof content === "string" ? content : JSON.stringify(content),
    );
  }
  return path;
}

function recording(firstServer: string, more: object = {}): object {
  const servers = [{ addr: "127.0.0.1:9001" }, { addr: "127.0.0.1:9002" }];
  const events = [{ op: "req", t: 0, tries: [firstServer], status: 200 }];
  return {
    _meta: { software: "nginx 1.22.1" },
    scenarios: { made: { upstream: { method: "rr", servers }, events, ...more } },
  };
}

const good = recording("127.0.0.1:9001");

describe("exit 0", () => {
  test("when every decision matches; what is not JSON is passed over", () => {
    const { status, stdout } = run(
      "--vectors",
      vectors("good", { "a.json": good, "README.md": "about", "notes.txt": "x" }),
    );
    expect(stdout).toBe(
      `${"a.json".padEnd(36)} 1/1 decisions\n${"total".padEnd(36)} 1/1 decisions\n`,
    );
    expect(status).toBe(0);
  });

  test("for --help, with examples", () => {
    const { status, stdout } = run("--help");
    expect(stdout).toContain("--vectors DIR");
    expect(status).toBe(0);
  });
});

describe("exit 1", () => {
  test("on a mismatch, with the state that led to it", () => {
    const { status, stdout } = run(
      "--vectors",
      vectors("bad", { "a.json": good, "b.json": recording("127.0.0.1:9002") }),
    );
    expect(stdout).toMatch(/^b\.json +0\/1 decisions\n {2}b\.json made: event 0/m);
    expect(stdout).toMatch(/recorded: 127\.0\.0\.1:9002 .*\n *modelled: 127\.0\.0\.1:9001/);
    expect(stdout).toMatch(/state:\n *127\.0\.0\.1:9001 weight=1 effective=1 current=0/);
    expect(stdout).toMatch(/^total +1\/2 decisions, 1 failed$/m);
    expect(status).toBe(1);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["malformed JSON", { "x.json": "{" }, "x.json: malformed JSON"],
    ["a file without scenarios", { "x.json": { _meta: {} } }, "x.json: scenarios"],
    ["a file with no scenario", { "x.json": { _meta: {}, scenarios: {} } }, "x.json: no scenarios"],
    [
      "software without a model",
      { "x.json": { _meta: { software: "haproxy" }, scenarios: { s: {} } } },
      'x.json s: unknown shape: no model of software "haproxy"',
    ],
    [
      "an unknown field",
      { "x.json": recording("127.0.0.1:9001", { ttl: 1 }) },
      "x.json made: Unkn",
    ],
    [
      "a recording in which nothing happens",
      { "x.json": recording("127.0.0.1:9001", { events: [] }) },
      "nothing in it to decide",
    ],
    ["a folder without recordings", { "README.md": "about" }, "no recordings"],
  ])("on %s", (name, files, message) => {
    const { status, stdout } = run("--vectors", vectors(name, files));
    expect(stdout).toContain(message);
    expect(status).toBe(1);
  });
});

describe("exit 2, with one line,", () => {
  test.each([
    ["an unknown flag", ["--vector", "x"], "--vector"],
    ["a stray argument", ["x"], "x"],
    ["a folder that cannot be read", ["--vectors", join(folder, "none")], "none"],
    ["a number that is none", ["--live", "many"], '--live: must be a whole number, got "many"'],
    ["a seed that is none", ["--seed", "1.5"], "--seed"],
  ])("on %s", (_name, args, message) => {
    const { status, stdout, stderr } = run(...args);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(status).toBe(2);
  });
});
