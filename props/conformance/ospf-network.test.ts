/**
 * What was done to the recorded networks is done to the simulated one, and its routes must change
 * as theirs did, within the bounds of detection. Events are prose, so each is spelt out here.
 */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Randomness } from "../../sim/kernel/random.ts";
import type { OspfConfig } from "../../sim/network/ospf/config.ts";
import { OspfNetwork } from "../../sim/network/ospf/network.ts";
import { networkConfig } from "./ospf-network.ts";
import type { Fields, Snapshot } from "./ospf-recording.ts";
import { readKernelRoute, readSnapshots } from "./ospf-recording.ts";
import { readRecordings } from "./recordings.ts";

const SECOND = 1e9;
const SEEDS = [1n, 2n, 3n, 12306n];

function load(file: string) {
  const found = readRecordings(join(import.meta.dirname, "vectors")).find((f) => f.file === file);
  const { scenario } = found!.recordings[0];
  const snapshots = readSnapshots(scenario);
  const at = (moment: string) => snapshots.filter(({ where }) => where.startsWith(`${moment}.`));
  return { scenario, at, events: scenario["events"] as Fields[] };
}

function networkOf(config: OspfConfig, seed: bigint): OspfNetwork {
  return new OspfNetwork(config, new Randomness(seed).stream("ospf"));
}

const fastTimers = () => ({ helloSeconds: 1, deadSeconds: 4 });
const viaLink = (side: 1 | 2, ...links: number[]) => links.map((link) => `10.0.${link}.${side}`);
const viaMiddle = (...middles: number[]) => middles.map((middle) => `10.1.${middle}.2`);

const gateways = (network: OspfNetwork, router: string, prefix: string) =>
  network.nextHops(router, prefix).map((hop) => hop.gateway);

/** Seconds from now until the router's gateways are those, or undefined if that never happens. */
function secondsUntil(
  network: OspfNetwork,
  nowNs: number,
  router: string,
  prefix: string,
  expected: readonly string[],
): number | undefined {
  let timeNs = nowNs;
  while (gateways(network, router, prefix).join() !== expected.join()) {
    timeNs = network.nextEventNs();
    if (timeNs === Infinity) return undefined;
    network.advance(timeNs);
  }
  return (timeNs - nowNs) / SECOND;
}

function expectKernelRoutes(network: OspfNetwork, snapshots: readonly Snapshot[]): void {
  for (const { router, kernelRoutes, where } of snapshots) {
    for (const [prefix, route] of Object.entries(kernelRoutes ?? {})) {
      const recorded = readKernelRoute(route, where).map((hop) => hop.gateway);
      expect([where, prefix, ...gateways(network, router, prefix)]).toEqual([
        where,
        prefix,
        ...recorded,
      ]);
    }
  }
}

describe.each(SEEDS)("parallel links, seed %i", (seed) => {
  const { at } = load("ospf_parallel.json");
  const config = networkConfig(at("routers"), (prefix) =>
    prefix === "10.0.4.0/30"
      ? { helloSeconds: 1, deadSeconds: 4 }
      : { helloSeconds: 10, deadSeconds: 40 },
  );
  const toB = "10.100.0.0/24";
  const toA = "10.50.0.0/24";

  test("it starts with the recorded routes", () => {
    expectKernelRoutes(networkOf(config, seed), at("routers"));
  });

  test("carrier loss is noticed at once at both ends, and mended after a hello interval", () => {
    const network = networkOf(config, seed);
    network.cutLink("10.0.3.0/30", SECOND, false);
    expect(secondsUntil(network, SECOND, "A", toB, viaLink(2, 1, 2, 4, 5, 6))).toBeLessThan(0.03);
    expect(gateways(network, "B", toA)).toEqual(viaLink(1, 1, 2, 4, 5, 6));
    network.restoreLink("10.0.3.0/30", 60 * SECOND);
    const back = secondsUntil(network, 60 * SECOND, "A", toB, viaLink(2, 1, 2, 3, 4, 5, 6))!;
    expect(back).toBeGreaterThanOrEqual(10);
    expect(back).toBeLessThan(13.5);
  });

  test.each([
    ["10.0.4.0/30", 3, 4, viaLink(2, 1, 2, 3, 5, 6), 3.309],
    ["10.0.5.0/30", 30, 40, viaLink(2, 1, 2, 3, 4, 6), 36.857],
  ])("a silent cut of %s is noticed in (%d, %d] s", (link, low, high, rest, recorded) => {
    const network = networkOf(config, seed);
    network.cutLink(link, SECOND, true);
    expect(gateways(network, "A", toB)).toEqual(viaLink(2, 1, 2, 3, 4, 5, 6));
    expect(network.linkIsUp(link)).toBe(false);
    const noticed = secondsUntil(network, SECOND, "A", toB, rest)!;
    for (const seconds of [noticed, recorded]) {
      expect(seconds).toBeGreaterThan(low);
      expect(seconds).toBeLessThan(high + 0.1);
    }
  });

  test("a cost set at A's end gives A a seventh way, and B none", () => {
    const network = networkOf(config, seed);
    network.setCost("A", "10.0.7.0/30", 10, SECOND);
    expect(secondsUntil(network, SECOND, "A", toB, viaLink(2, 1, 2, 3, 4, 5, 6, 7))).toBeLessThan(
      0.02,
    );
    network.advance(10 * SECOND);
    expectKernelRoutes(network, at("after_override_A_only"));
  });

  test("of seven ways, a limit of six takes the lowest addresses", () => {
    const network = networkOf({ ...config, maximumPaths: 6 }, seed);
    network.setCost("A", "10.0.7.0/30", 10, SECOND);
    network.advance(10 * SECOND);
    expect(gateways(network, "A", toB)).toEqual(viaLink(2, 1, 2, 3, 4, 5, 6));
  });
});

describe("SPF throttling as recorded", () => {
  const { at, events } = load("ospf_parallel.json");
  const event = events.find((each) => "kernel_route_changes_s" in each)!;
  const recorded = event["kernel_route_changes_s"] as number[];
  const changes = event["changes"] as [number, string][];

  function routeChanges(growth: "linear" | "double"): number[] {
    const plain = networkConfig(at("routers"), () => ({ helloSeconds: 10, deadSeconds: 40 }));
    const spf = { delayMs: 200, holdMs: 1000, maxMs: 8000, growth };
    const network = networkOf({ ...plain, spf }, 1n);
    const times: number[] = [];
    let before = network.nextHops("A", "10.100.0.0/24");
    const runUntil = (limitNs: number) => {
      while (network.nextEventNs() <= limitNs) {
        const timeNs = network.nextEventNs();
        network.advance(timeNs);
        const now = network.nextHops("A", "10.100.0.0/24");
        if (now !== before) times.push(timeNs / SECOND);
        before = now;
      }
    };
    for (const [seconds, change] of changes) {
      runUntil(seconds * SECOND);
      network.setCost("A", "10.0.1.0/30", Number(/cost (\d+)/.exec(change)![1]), seconds * SECOND);
    }
    runUntil(60 * SECOND);
    return times;
  }

  test("FRR's hold grows linearly", () => {
    const modelled = routeChanges("linear");
    expect(modelled).toHaveLength(recorded.length);
    modelled.forEach((seconds, i) => expect(seconds).toBeCloseTo(recorded[i], 1));
  });

  test("known bad: a hold that doubles comes too late", () => {
    expect(routeChanges("double")[3]).toBeGreaterThan(recorded[3] + 0.5);
  });
});

describe.each(SEEDS)("the fan, seed %i", (seed) => {
  const { at } = load("ospf_fan.json");
  const config = networkConfig(at("routers"), fastTimers);
  const toB = "10.100.0.0/24";

  test("it starts with the recorded routes", () => {
    expectKernelRoutes(networkOf(config, seed), at("routers"));
  });

  test("an override at M6 opens a sixth way to A only", () => {
    const network = networkOf(config, seed);
    network.setCost("M6", "10.2.6.0/30", 10, SECOND);
    expect(secondsUntil(network, SECOND, "A", toB, viaMiddle(1, 2, 3, 4, 5, 6))).toBeLessThan(0.05);
    network.advance(10 * SECOND);
    expectKernelRoutes(network, at("after_override"));
  });

  test("a frozen router is missed within the dead interval, and found again", () => {
    const network = networkOf(config, seed);
    network.stopRouter("M2", SECOND, true);
    const gone = secondsUntil(network, SECOND, "A", toB, viaMiddle(1, 3, 4, 5))!;
    expect(gone).toBeGreaterThan(3);
    expect(gone).toBeLessThan(4.1);
    network.startRouter("M2", 20 * SECOND);
    const back = secondsUntil(network, 20 * SECOND, "A", toB, viaMiddle(1, 2, 3, 4, 5))!;
    expect(back).toBeLessThan(12);
  });

  test("a cut beyond the next router is learnt by flooding", () => {
    const network = networkOf(config, seed);
    network.cutLink("10.2.4.0/30", SECOND, false);
    expect(secondsUntil(network, SECOND, "A", toB, viaMiddle(1, 2, 3, 5))).toBeLessThan(0.229);
  });
});

describe.each(SEEDS)("the broadcast network, seed %i", (seed) => {
  const { at, events, scenario } = load("ospf_lan.json");
  const lan = "10.20.0.0/24";
  const priorities = Object.fromEntries(
    Object.entries(scenario["priorities"] as Record<string, number>).map(([n, p]) => [`R${n}`, p]),
  );
  const config = networkConfig(at("routers"), fastTimers, priorities);

  function expectOffices(network: OspfNetwork, event: Fields): void {
    const shown = event["lan"] as Record<string, { drId: string; bdrId: string }>;
    for (const [router, { drId, bdrId }] of Object.entries(shown)) {
      expect([router, network.offices(lan, router)]).toEqual([
        router,
        { designated: drId, backup: bdrId },
      ]);
    }
  }

  test("offices and routes are as recorded before, while split, and after the merge", () => {
    const network = networkOf(config, seed);
    expectOffices(network, events[0]);
    expectKernelRoutes(network, at("routers"));

    network.cutPort(lan, "R2", SECOND, true);
    const gone = secondsUntil(network, SECOND, "R1", "10.201.2.0/24", [])!;
    expect(gone).toBeGreaterThan(3);
    expect(gone).toBeLessThan(4.1);
    network.advance(14 * SECOND);
    expectOffices(network, events[2]);
    expect(network.offices(lan, "R2").designated).toBe("10.255.1.2");

    network.restorePort(lan, "R2", 14 * SECOND);
    network.advance(26 * SECOND);
    expectOffices(network, events[3]);
    expectKernelRoutes(network, at("after"));
  });
});
