/** Fault plans on real processes: what must pass passes, and each other strategy shows its failure. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Interrupt } from "../../sim/cli/interrupt.ts";
import { applySettings } from "../../sim/cli/settings.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import { processesWith } from "../testing/processes.ts";
import { NO_FAULTS } from "../../sim/faults/vocabulary.ts";
import type { Episode } from "../../sim/faults/vocabulary.ts";
import { checkScenario, loadScenario } from "../../sim/scenario/load.ts";
import { Simulation } from "../../sim/simulation.ts";
import type { RunConfig } from "../../sim/result.ts";
import type { RealResult } from "../verdict/result.ts";
import { playForReal } from "./play.ts";
import type { Parts, Played } from "./play.ts";
import { RunFolder } from "./run-folder.ts";
import type { RealProgress } from "./sale-run.ts";

const PORT = 25_001;

/** 60 tickets, 500 buyers in a second, three servers; everything is over in some seconds. */
const SMALL = [
  "sale.tickets=60",
  "sale.holdMs=2000",
  "sale.graceMs=300",
  "buyers.count=500",
  "buyers.ratePerSecond=500",
  "buyers.timeoutMs=2000",
  'buyers.payAfterMs={"least":50,"most":700}',
  'buyers.retryAfterMs={"least":200,"most":500}',
  'buyers.returning={"share":0.4,"afterMs":{"least":500,"most":1500},"patienceMs":8000}',
  "servers.weights=[1,2,3]",
  "servers.count=3",
  "nginx.fail_timeout=1",
  "nginx.proxyReadTimeoutMs=1500",
  "orders.pollMs=50",
  "orders.sweepMs=200",
  "orders.claimIdleMs=800",
  "payments.redeliverMs=300",
];

function configOf(
  strategy: string,
  episodes: readonly Episode[],
  ...settings: string[]
): RunConfig {
  const changed = applySettings(loadScenario("demo", 1n), [...SMALL, ...settings]);
  const scenario = { ...checkScenario(changed, ""), name: "faults" };
  const plan = episodes.length === 0 ? NO_FAULTS : { ...NO_FAULTS, episodes: [...episodes] };
  return { seed: 5n, scenario, strategy, plan };
}

let folder: RunFolder;

beforeEach(() => {
  folder = new RunFolder(null);
});

afterEach(() => folder.remove());

async function play(
  config: RunConfig,
  onProgress: (progress: RealProgress) => void = () => {},
  showsSplit = false,
): Promise<RealResult & Pick<Parts, "starts"> & Pick<Played, "split">> {
  const { result, parts, split } = await playForReal({
    config,
    strategy: await loadStrategy(config.strategy),
    saleId: "faults",
    folder,
    db: "auto",
    port: PORT,
    showsSplit,
    interrupt: new Interrupt(),
    note: () => {},
    onProgress,
  });
  return { ...result, starts: parts.starts, split };
}

/** What a failed expectation should show. */
function figures(result: RealResult): object {
  const { stock: _stock, invariants, ...numbers } = result;
  const broken = invariants.filter(({ ok }) => !ok);
  return { ...numbers, broken: broken.map(({ name, detail }) => `${name}: ${detail}`) };
}

/** Process ids, as long as it is up. */
function workersOf(nginx: string): string[] {
  try {
    const master = readFileSync(folder.pathOf(`${nginx}/nginx.pid`), "utf8").trim();
    const children = readFileSync(`/proc/${master}/task/${master}/children`, "utf8");
    return children.split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

async function simulate(config: RunConfig): Promise<string> {
  const simulation = new Simulation(config, await loadStrategy(config.strategy));
  while (!simulation.advance(100_000));
  return simulation.result().verdict;
}

describe("the engine", () => {
  test.each<[string, Episode[], Record<string, number>]>([
    [
      "a server killed after its call and before its answer, another at any moment",
      [
        { kind: "server-crash", target: 2, atMs: 40, moment: "after-call", forMs: 900 },
        { kind: "server-crash", target: 1, atMs: 500 },
      ],
      { "server-0": 1, "server-1": 2, "server-2": 2 },
    ],
    [
      "Redis restarted from its own persistence, and stalled",
      [
        { kind: "redis-restart", atMs: 80, forMs: 300 },
        { kind: "redis-stall", atMs: 700, forMs: 300 },
      ],
      { "server-0": 1, "worker-0": 1 },
    ],
    [
      "an order worker killed after its commit and before its acknowledgement",
      [
        { kind: "worker-crash", target: 0, atMs: 0, moment: "after-commit" },
        { kind: "worker-crash", target: 1, atMs: 0, moment: "after-commit", forMs: 1500 },
      ],
      { "worker-0": 2, "worker-1": 2 },
    ],
    [
      "replies and requests lost, calls doubled, on the way to Redis",
      [
        { kind: "redis-replies-lost", atMs: 20, forMs: 500, share: 0.3 },
        { kind: "redis-requests-lost", atMs: 300, forMs: 500, share: 0.3 },
        { kind: "redis-duplicates", atMs: 0, forMs: 1500, share: 0.5 },
      ],
      { "server-0": 1, "worker-0": 1 },
    ],
    [
      "nginx killed, a server paused, another cut off from Redis and a third from nginx",
      [
        { kind: "nginx-crash", target: 0, atMs: 300, forMs: 400 },
        { kind: "server-pause", target: 0, atMs: 100, forMs: 700 },
        { kind: "server-counter-cut", target: 1, atMs: 100, forMs: 600, direction: "replies" },
        { kind: "server-front-cut", target: 2, atMs: 900, forMs: 500 },
        { kind: "buyer-replies-lost", atMs: 0, forMs: 800, share: 0.3 },
      ],
      { "server-0": 1, "server-1": 1, "server-2": 1 },
    ],
  ])("survives %s, in both worlds", async (_, episodes, starts) => {
    const config = configOf("pre-deduct", episodes);
    const result = await play(config);
    expect(figures(result)).toMatchObject({ verdict: "passed", broken: [], pending: [] });
    // Buyers come back for what others did not pay.
    expect(result.confirmed).toBeGreaterThan(50);
    // The faults have happened, and no others.
    expect(result.starts).toMatchObject(starts);
    const history = readFileSync(folder.pathOf("history.jsonl"), "utf8");
    expect(history.match(/"type":"fault"/gu)).toHaveLength(episodes.length);
    expect(await simulate(config)).toBe("passed");
  });
});

test("whom somebody outside kills is started again, and the sale bears it", async () => {
  const config = configOf("pre-deduct", []);
  const kill = (name: string): void => {
    const [{ pid }] = processesWith(folder.pathOf(`processes/${name}.json`));
    process.kill(pid, "SIGKILL");
  };
  // As soon as the split begins, and in the middle of the sale.
  const looks = setInterval(() => {
    if (workersOf("nginx-demo-1").length === 0) return;
    clearInterval(looks);
    kill("server-2");
  }, 5);
  const victims = ["server-1", "worker-0"];
  const onProgress = ({ phase, ticketsTaken }: RealProgress): void => {
    if (phase === "sale" && ticketsTaken >= 10) victims.splice(0).forEach(kill);
  };
  const result = await play(config, onProgress, true).finally(() => clearInterval(looks));
  expect(victims).toEqual([]);
  // Back in time for the split, it has its share; else nobody can tell.
  expect(result.split?.ok ?? true).toBe(true);
  expect(figures(result)).toMatchObject({
    verdict: "passed",
    broken: [],
    pending: [],
    oversold: 0,
    undersold: 0,
  });
  // Every ticket was sold, and what was not paid was sold again to buyers who came back.
  expect(result.acked).toBeGreaterThanOrEqual(60);
  expect(result.confirmed).toBeGreaterThan(50);
  expect(result.starts).toEqual({
    "server-0": 1,
    "server-1": 2,
    "server-2": 2,
    "worker-0": 2,
    "worker-1": 1,
  });
  const deaths = result.unplannedDeaths.toSorted((a, b) => a.process.localeCompare(b.process));
  expect(deaths).toMatchObject([
    { process: "server-1", signal: "SIGKILL" },
    { process: "server-2", signal: "SIGKILL" },
    { process: "worker-0", signal: "SIGKILL" },
  ]);
  const [duringSale, duringSplit] = deaths;
  expect(duringSplit.atMs).toBeLessThan(0);
  expect(duringSale.atMs).toBeGreaterThan(0);
  expect(duringSale.atMs).toBeLessThan(result.seconds * 1000);
});

describe("nginx", () => {
  test("a reload and the death of a worker amid a sale do no harm, in both worlds", async () => {
    const config = configOf(
      "pre-deduct",
      [
        { kind: "nginx-reload", target: 0, atMs: 700 },
        { kind: "nginx-worker-crash", target: 0, atMs: 1500 },
      ],
      "nginx.workers=2",
    );
    const workers = new Set<string>();
    const looks = setInterval(() => {
      for (const pid of workersOf("nginx-demo-1")) workers.add(pid);
    }, 20);
    const result = await play(config).finally(() => clearInterval(looks));
    expect(figures(result)).toMatchObject({ verdict: "passed", broken: [], pending: [] });
    expect(result.confirmed).toBeGreaterThan(50);
    // Two, two more after the reload, and the one that took the place of the dead one.
    expect(workers.size).toBe(5);
    const log = readFileSync(folder.pathOf("nginx-demo-1/error.log"), "utf8");
    const [, killed] = /worker process (\d+) exited on signal 9/u.exec(log) ?? [];
    expect([...workers].indexOf(killed)).toBeGreaterThanOrEqual(2);
    // Each was over as soon as it had happened.
    const faults = readFileSync(folder.pathOf("history.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line.includes('"type":"fault"'))
      .map((line) => JSON.parse(line) as { atMs: number; endMs: number });
    expect(faults).toHaveLength(2);
    for (const { atMs, endMs } of faults) expect(endMs - atMs).toBeLessThan(50);
    expect(await simulate(config)).toBe("passed");
  });
});

describe("the others show their failures", () => {
  /** Each request is some transactions here: fewer buyers, and more patience. */
  const BY_DATABASE = [
    "buyers.count=200",
    "buyers.ratePerSecond=200",
    "buyers.timeoutMs=8000",
    "rules.callTimeoutMs=4000",
    "nginx.proxyReadTimeoutMs=8000",
  ];

  test("order-first: seats of buyers who never pay are held for ever", async () => {
    const result = await play(configOf("order-first", [], ...BY_DATABASE));
    expect(figures(result)).toMatchObject({ verdict: "no-progress", oversold: 0, acked: 60 });
    expect(result.hoarded).toBeGreaterThan(3);
    // An order, its stock and its payment, each by itself: nothing is done in bulk.
    expect(result.statementsPerTicket).toBeGreaterThan(2);
  });

  test("pay-first: more buyers pay than there are tickets", async () => {
    const result = await play(configOf("pay-first", [], ...BY_DATABASE));
    expect(figures(result)).toMatchObject({
      verdict: "violated",
      broken: [expect.stringMatching(/^no-charge-in-vain/u)],
      confirmed: 60,
    });
    expect(result.chargedInVain).toBeGreaterThan(30);
    expect(result.statementsPerTicket).toBeGreaterThan(10);
  });

  test("article: with quota enough it sells its 10,001st ticket of 10,000", async () => {
    const result = await play(
      configOf(
        "article",
        [],
        "sale.tickets=10000",
        "servers.count=2",
        "servers.weights=[1,1]",
        "servers.buffer=10001",
        "buyers.count=10200",
        "buyers.ratePerSecond=1500",
        "buyers.timeoutMs=60000",
        "rules.callTimeoutMs=10000",
        "nginx.proxyReadTimeoutMs=60000",
        "buyers.returning.share=0",
      ),
    );
    expect(figures(result)).toMatchObject({
      verdict: "violated",
      broken: [expect.stringMatching(/^no-oversell/u)],
      oversold: 1,
      acked: 10_001,
    });
  }, 240_000);
});
