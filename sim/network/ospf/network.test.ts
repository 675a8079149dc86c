import { describe, expect, test } from "vitest";
import { Randomness } from "../../kernel/random.ts";
import type { LinkConfig, OspfConfig, RouterConfig } from "./config.ts";
import { OspfNetwork } from "./network.ts";

const SECOND = 1e9;
const VIP = "10.100.0.1/32";

function networkOf(config: OspfConfig, seed = 12306n): OspfNetwork {
  return new OspfNetwork(config, new Randomness(seed).stream("ospf"));
}

/** Runs until nothing more is due, and returns the time of the last event. */
function settle(network: OspfNetwork, nowNs: number): number {
  let lastNs = nowNs;
  while (network.nextEventNs() < Infinity) {
    lastNs = network.nextEventNs();
    network.advance(lastNs);
  }
  return lastNs;
}

const neighbours = (network: OspfNetwork, router: string, prefix = VIP) =>
  network.nextHops(router, prefix).map((hop) => hop.neighbour);

/** An edge router, `count` cores, and a director behind each that advertises the VIP. */
function anycast(count: number): OspfConfig {
  const routers: RouterConfig[] = [{ name: "edge" }];
  const links: LinkConfig[] = [];
  for (let i = 1; i <= count; i++) {
    routers.push({ name: `core${i}` });
    routers.push({ name: `director${i}`, prefixes: [{ prefix: VIP, cost: 0 }] });
    const link = { type: "point-to-point", bandwidthMbit: 10_000, helloSeconds: 1 } as const;
    links.push({ ...link, name: `up${i}`, ends: [{ router: "edge" }, { router: `core${i}` }] });
    links.push({
      ...link,
      name: `down${i}`,
      ends: [{ router: `core${i}` }, { router: `director${i}` }],
    });
  }
  return { routers, links };
}

describe("an edge with six equal ways to one address", () => {
  test("starts converged, with nothing due", () => {
    const network = networkOf(anycast(6));
    expect(neighbours(network, "edge")).toEqual([1, 2, 3, 4, 5, 6].map((i) => `core${i}`));
    expect(network.nextEventNs()).toBe(Infinity);
    expect(network.advance(SECOND)).toBe(false);
    expect(neighbours(network, "director3")).toEqual([]);
  });

  test("gives the same array until the route changes", () => {
    const network = networkOf(anycast(6));
    const before = network.nextHops("edge", VIP);
    network.setCost("director1", "down1", 7, SECOND);
    settle(network, SECOND);
    expect(network.nextHops("edge", VIP)).toBe(before);
    network.withdraw("director1", VIP, 10 * SECOND);
    settle(network, 10 * SECOND);
    expect(network.nextHops("edge", VIP)).not.toBe(before);
    expect(neighbours(network, "edge")).toEqual([2, 3, 4, 5, 6].map((i) => `core${i}`));
  });

  test("tells once that routes changed", () => {
    const network = networkOf(anycast(2));
    network.cutLink("up1", SECOND, false);
    let changes = 0;
    while (network.nextEventNs() < Infinity)
      changes += Number(network.advance(network.nextEventNs()));
    expect(changes).toBeGreaterThan(0);
    expect(network.advance(60 * SECOND)).toBe(false);
  });

  test("loses packets on a silent cut until it is noticed", () => {
    const network = networkOf(anycast(2));
    network.cutLink("up1", SECOND, true);
    const [dead, alive] = network.nextHops("edge", VIP);
    expect([network.carries(dead), network.carries(alive)]).toEqual([false, true]);
    expect(network.linkIsUp("up1")).toBe(false);
    network.advance(3.9 * SECOND);
    expect(neighbours(network, "edge")).toContain("core1");
    network.advance(5.1 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core2"]);
    network.restoreLink("up1", 6 * SECOND);
    network.advance(8 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core1", "core2"]);
  });

  test("does not notice a silent cut that is mended within the dead interval", () => {
    const network = networkOf(anycast(2));
    network.cutLink("up1", SECOND, true);
    network.restoreLink("up1", 3 * SECOND);
    settle(network, 3 * SECOND);
    expect(network.advance(60 * SECOND)).toBe(false);
  });

  test("an LSA lost in a short silent cut comes again", () => {
    const network = networkOf(anycast(2));
    network.cutLink("up1", SECOND, true);
    network.withdraw("director1", VIP, 2 * SECOND);
    network.restoreLink("up1", 3 * SECOND);
    network.advance(3.5 * SECOND);
    // The detour over the other core does not exist, so the edge has not heard.
    expect(neighbours(network, "edge")).toEqual(["core1", "core2"]);
    settle(network, 4 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core2"]);
  });

  test("a router without power is missed at once and forwards nothing; a hung one still does", () => {
    const network = networkOf(anycast(2));
    network.stopRouter("core1", SECOND, false);
    expect(neighbours(network, "core1")).toEqual([]);
    network.advance(1.1 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core2"]);
    network.stopRouter("core2", 10 * SECOND, true);
    network.advance(12 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core2"]);
    expect(neighbours(network, "core2")).toEqual(["director2"]);
    expect(network.carries(network.nextHops("edge", VIP)[0])).toBe(true);
    network.advance(15 * SECOND);
    expect(neighbours(network, "edge")).toEqual([]);
  });

  test("a cost that flaps within a second is held back by MinLSArrival until it comes again", () => {
    const network = networkOf(anycast(2));
    for (let i = 0; i < 6; i++) {
      network.setCost("core1", "down1", i % 2 === 0 ? 50 : 1, SECOND + i * 0.1 * SECOND);
    }
    network.advance(2.3 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core2"]);
    settle(network, 2.3 * SECOND);
    expect(neighbours(network, "edge")).toEqual(["core1", "core2"]);
  });
});

test("with RFC 2328's MinLSInterval a second change waits for it", () => {
  const network = networkOf({ ...anycast(2), timing: { minLsIntervalMs: 5000 } });
  network.setCost("core1", "down1", 50, SECOND);
  network.setCost("core1", "down1", 1, 2 * SECOND);
  network.advance(5.9 * SECOND);
  expect(neighbours(network, "edge")).toEqual(["core2"]);
  network.advance(6.1 * SECOND);
  expect(neighbours(network, "edge")).toEqual(["core1", "core2"]);
});

test("a better router that joins a broadcast network later takes no office", () => {
  const network = networkOf({
    routers: [{ name: "a" }, { name: "b" }, { name: "best" }],
    links: [
      {
        name: "lan",
        type: "broadcast",
        bandwidthMbit: 1000,
        helloSeconds: 1,
        ends: [{ router: "a" }, { router: "b" }, { router: "best", priority: 9 }],
      },
    ],
  });
  expect(network.offices("lan", "a")).toEqual({ designated: "10.255.0.3", backup: "10.255.0.2" });
  network.stopRouter("best", SECOND, false);
  settle(network, SECOND);
  expect(network.offices("lan", "a")).toEqual({ designated: "10.255.0.2", backup: "10.255.0.1" });
  network.startRouter("best", 20 * SECOND);
  settle(network, 20 * SECOND);
  for (const router of ["a", "b", "best"]) {
    expect(network.offices("lan", router)).toEqual({
      designated: "10.255.0.2",
      backup: "10.255.0.1",
    });
  }
});

/** Times at which routes changed after a silent cut. */
function changeTimes(seed: bigint): number[] {
  const network = networkOf(anycast(2), seed);
  network.cutLink("up1", SECOND, true);
  const times: number[] = [];
  while (network.nextEventNs() < Infinity) {
    const timeNs = network.nextEventNs();
    if (network.advance(timeNs)) times.push(timeNs);
  }
  return times;
}

test("the seed decides all times, and that is pinned: a change here is a breaking change", () => {
  expect(changeTimes(12307n)).not.toEqual(changeTimes(12306n));
  expect(changeTimes(12306n)).toEqual([4081127248, 4086127248, 4091127248, 4118849980, 4123849980]);
});

describe("configurations that cannot work", () => {
  const routers = [{ name: "a" }, { name: "b" }];
  const link: LinkConfig = {
    name: "ab",
    type: "point-to-point",
    bandwidthMbit: 100,
    ends: [{ router: "a" }, { router: "b" }],
  };
  const [enda] = link.ends;
  test.each<[string, Partial<OspfConfig>]>([
    ["an unknown router", { links: [{ ...link, ends: [enda, { router: "c" }] }] }],
    ["a router linked to itself", { links: [{ ...link, ends: [enda, enda] }] }],
    ["three ends", { links: [{ ...link, ends: [enda, enda, enda] }] }],
    ["a name twice", { links: [link, link] }],
    ["dead before hello", { links: [{ ...link, helloSeconds: 10, deadSeconds: 10 }] }],
    [
      "a cost beyond 16 bits",
      { links: [{ ...link, ends: [{ ...enda, cost: 65536 }, link.ends[1]] }] },
    ],
    [
      "an address outside",
      { links: [{ ...link, ends: [{ router: "a", address: "9.9.9.9" }, link.ends[1]] }] },
    ],
    ["one subnet twice", { links: [link, { ...link, name: "ba", prefix: "172.16.0.0/30" }] }],
    ["no paths", { maximumPaths: 0 }],
  ])("%s", (_name, change) => {
    expect(() => networkOf({ routers, links: [link], ...change })).toThrow(RangeError);
  });
});
