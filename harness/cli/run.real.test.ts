/** The command from outside: what it shows, and that nothing of it stays. */
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeHistory } from "../../core/history/codec.ts";
import { judgeHistory } from "../../core/history/judge-history.ts";
import { EXIT } from "../../sim/cli/exit-codes.ts";
import { freePorts } from "../provision/ports.ts";
import { CommandWorld } from "../testing/command.ts";

/** Ports of the whole test; those of a real demo stay free for one. */
const PORT = 24_001;

/** The demo in some seconds. */
const QUICK = [
  "--scenario=demo",
  "--seed=1",
  "--set=sale.holdMs=2500",
  "--set=sale.graceMs=500",
  '--set=buyers.payAfterMs={"least":50,"most":1200}',
  "--set=buyers.count=2000",
  "--set=buyers.ratePerSecond=2000",
];

let world: CommandWorld;
let squatter: Server | null = null;

beforeEach(() => {
  world = new CommandWorld();
});

afterEach(async () => {
  squatter?.close();
  squatter = null;
  await world.close();
});

async function expectNothingLeft(): Promise<void> {
  // A watchdog looks after what a killed command could not end itself.
  await expect.poll(() => world.processesLeft(), { timeout: 20_000, interval: 200 }).toEqual([]);
  await expect.poll(() => world.filesLeft(), { timeout: 10_000, interval: 200 }).toEqual([]);
}

interface Report {
  readonly verdict: string;
  readonly partial: boolean;
  readonly confirmed: number;
  readonly acked: number;
  readonly oversold: number;
  readonly split: { readonly perServer: { port: number; requests: number }[]; ok: boolean };
  readonly parts: { readonly serverPorts: number[] };
  readonly replay: string;
}

test("the demo: an exact split, the sale sold out by thousands, a verdict, and nothing left", async () => {
  const ports = await freePorts(PORT, 4);
  squatter = createServer().listen(ports[1], "127.0.0.1");
  const out = join(world.temporary, "out");
  const args = [...QUICK, "--json", "--out", out, "--port", String(ports[0])];
  const { code, stdout, stderr } = await world.start("harness/run.ts", args).ended();
  expect({ code, stderr }).toMatchObject({ code: EXIT.passed });

  const report = JSON.parse(stdout) as Report;
  expect(report.verdict).toBe("passed");
  expect(report.oversold).toBe(0);
  expect(report.acked).toBeGreaterThanOrEqual(500);
  expect(report.confirmed).toBeGreaterThan(300);
  expect(report.split.perServer.map(({ requests }) => requests)).toEqual([100, 200, 300, 400]);
  expect(report.parts.serverPorts).not.toContain(ports[1]);
  expect(stderr).toMatch(/taken.*servers use/u);
  expect(report.replay).toContain("harness/run.ts --seed 1");

  const history = decodeHistory(readFileSync(join(out, "history.jsonl"), "utf8").split("\n"));
  const judgement = judgeHistory(history, true);
  expect(judgement.acked).toBe(report.acked);
  expect(judgement.confirmed).toBe(report.confirmed);
  const configuration = readFileSync(join(out, "nginx-demo-1", "nginx.conf"), "utf8");
  expect(configuration).toContain("upstream load_rule");
  expect(configuration).toContain("server_name load_balance.com");
  expect(world.processesLeft()).toEqual([]);
  expect(world.filesLeft()).toEqual(["out"]);
});

test("Ctrl-C in the middle: a partial result, exit code 130, nothing left", async () => {
  const command = world.start("harness/run.ts", [...QUICK, "--json", "--port", String(PORT)]);
  await expect
    .poll(() => world.processesLeft().filter((line) => /nginx/u.test(line)), { timeout: 60_000 })
    .not.toEqual([]);
  // The split, and the first buyers.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  command.kill("SIGINT");
  const { code, stdout } = await command.ended();
  expect(code).toBe(EXIT.interrupted);
  if (stdout !== "") expect(JSON.parse(stdout)).toMatchObject({ partial: true });
  await expectNothingLeft();
});

test("killed without a chance to clean up, it leaves nothing either", async () => {
  const command = world.start("harness/run.ts", [...QUICK, "--port", String(PORT)]);
  await expect
    .poll(() => world.processesLeft().filter((line) => /nginx/u.test(line)), { timeout: 60_000 })
    .not.toEqual([]);
  command.kill("SIGKILL");
  expect((await command.ended()).code).toBe(null);
  await expectNothingLeft();
});

test("one server alone serves until it is told to end", async () => {
  const command = world.start("harness/run.ts", [
    ...QUICK,
    "--server-only",
    "--port",
    String(PORT),
    "--json",
  ]);
  await expect.poll(() => command.stdout, { timeout: 60_000 }).toContain("\n");
  const { url } = JSON.parse(command.stdout) as { url: string };
  const answer = await fetch(`${url}/buy/ticket`, { method: "POST" });
  expect(await answer.json()).toMatchObject({ code: 1, result: "ACK" });
  command.kill("SIGTERM");
  expect((await command.ended()).code).toBe(EXIT.passed);
  await expectNothingLeft();
});
