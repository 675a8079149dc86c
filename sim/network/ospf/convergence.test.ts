/**
 * Whatever happens to a network, once it is quiet it routes as if it had been built as it is then.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Randomness } from "../../kernel/random.ts";
import type { LinkConfig, OspfConfig } from "./config.ts";
import { OspfNetwork } from "./network.ts";

const SECOND = 1e9;
const VIP = "10.100.0.1/32";

function networkOf(config: OspfConfig): OspfNetwork {
  return new OspfNetwork(config, new Randomness(12306n).stream("ospf"));
}

function settle(network: OspfNetwork): void {
  while (network.nextEventNs() < Infinity) network.advance(network.nextEventNs());
}

const ROUTERS = 7;
const nat = (max: number) => fc.nat({ max });
const cost = fc.integer({ min: 1, max: 3 });
const drawnLink = fc.tuple(nat(ROUTERS - 1), nat(ROUTERS - 1), cost, cost);
const drawnStep = fc.record({
  verb: fc.constantFrom(
    "cut",
    "silentCut",
    "restore",
    "cutPort",
    "silentCutPort",
    "restorePort",
    "cost",
    "stop",
    "hang",
    "start",
    "withdraw",
    "advertise",
  ),
  which: nat(1000),
  cost,
  waitSeconds: fc.constantFrom(0, 0.3, 0.9, 2.5, 8, 30),
});

interface Truth {
  down: Set<string>;
  /** Routers cut off the broadcast network. */
  ports: Set<string>;
  stopped: Set<string>;
  costs: Map<string, number>;
  advertisers: Set<string>;
}

function currentConfig(config: OspfConfig, truth: Truth): OspfConfig {
  const routers = config.routers
    .filter(({ name }) => !truth.stopped.has(name))
    .map(({ name, routerId }) => ({
      name,
      routerId: routerId!,
      prefixes: truth.advertisers.has(name) ? [{ prefix: VIP, cost: 0 }] : [],
    }));
  const isOn = (link: LinkConfig, router: string) =>
    !truth.stopped.has(router) && !(link.type === "broadcast" && truth.ports.has(router));
  const links = config.links
    .filter(({ name }) => !truth.down.has(name))
    .map((link) => ({
      ...link,
      ends: link.ends
        .filter(({ router }) => isOn(link, router))
        .map((end) => ({
          ...end,
          cost: truth.costs.get(`${link.name} ${end.router}`) ?? end.cost!,
        })),
    }))
    .filter(({ ends }) => ends.length >= 2);
  return { ...config, routers, links };
}

test("after any faults the quiet network routes as one built in that state", () => {
  fc.assert(
    fc.property(
      fc.array(drawnLink, { minLength: 4, maxLength: 12 }),
      fc.array(drawnStep, { maxLength: 12 }),
      (drawnLinks, steps) => {
        const config = meshOf(drawnLinks);
        const network = networkOf(config);
        const truth: Truth = {
          down: new Set(),
          ports: new Set(),
          stopped: new Set(),
          costs: new Map(),
          advertisers: new Set(["r0", "r1"]),
        };
        let nowNs = 0;
        for (const step of steps) {
          nowNs += step.waitSeconds * SECOND;
          apply(network, config, truth, step, nowNs);
        }
        settle(network);
        const built = networkOf(currentConfig(config, truth));
        for (const { name } of config.routers) {
          if (truth.stopped.has(name)) continue;
          const hops = (from: OspfNetwork) => {
            return from.nextHops(name, VIP).map((hop) => `${hop.link} ${hop.gateway}`);
          };
          expect([name, ...hops(network)]).toEqual([name, ...hops(built)]);
        }
      },
    ),
    { numRuns: 300 },
  );
});

function meshOf(drawn: readonly [number, number, number, number][]): OspfConfig {
  const routers = Array.from({ length: ROUTERS }, (_, i) => ({
    name: `r${i}`,
    routerId: `10.255.0.${i + 1}`,
    prefixes: i < 2 ? [{ prefix: VIP, cost: 0 }] : [],
  }));
  const links = drawn
    .filter(([a, b]) => a !== b)
    .map(([a, b, there, back], n): LinkConfig => {
      return {
        name: `link${n}`,
        type: "point-to-point",
        prefix: `10.0.${n}.0/30`,
        bandwidthMbit: 100,
        helloSeconds: 1,
        ends: [
          { router: `r${a}`, cost: there },
          { router: `r${b}`, cost: back },
        ],
      };
    });
  links.push({
    name: "lan",
    type: "broadcast",
    prefix: "10.20.0.0/24",
    bandwidthMbit: 100,
    helloSeconds: 1,
    ends: [1, 3, 4, 5].map((i, n) => ({
      router: `r${i}`,
      address: `10.20.0.${i}`,
      cost: 1 + (n % 3),
      priority: [1, 5, 0, 1][n],
    })),
  });
  return { routers, links };
}

interface Step {
  verb: string;
  which: number;
  cost: number;
}

function apply(
  network: OspfNetwork,
  config: OspfConfig,
  truth: Truth,
  step: Step,
  nowNs: number,
): void {
  const link = config.links[step.which % config.links.length];
  const end = link.ends[step.cost % 2].router;
  const port = ["r1", "r3", "r4", "r5"][step.which % 4];
  const { name } = config.routers[step.which % config.routers.length];
  switch (step.verb) {
    case "cut":
    case "silentCut":
      network.cutLink(link.name, nowNs, step.verb === "silentCut");
      truth.down.add(link.name);
      break;
    case "restore":
      network.restoreLink(link.name, nowNs);
      truth.down.delete(link.name);
      if (link.type === "broadcast") truth.ports.clear();
      break;
    case "cutPort":
    case "silentCutPort":
      if (truth.down.has("lan")) break;
      network.cutPort("lan", port, nowNs, step.verb === "silentCutPort");
      truth.ports.add(port);
      break;
    case "restorePort":
      if (truth.down.has("lan")) break;
      network.restorePort("lan", port, nowNs);
      truth.ports.delete(port);
      break;
    case "cost":
      network.setCost(end, link.name, step.cost, nowNs);
      truth.costs.set(`${link.name} ${end}`, step.cost);
      break;
    case "stop":
    case "hang":
      network.stopRouter(name, nowNs, step.verb === "hang");
      truth.stopped.add(name);
      break;
    case "start":
      network.startRouter(name, nowNs);
      truth.stopped.delete(name);
      break;
    case "withdraw":
      network.withdraw(name, VIP, nowNs);
      truth.advertisers.delete(name);
      break;
    default:
      network.advertise(name, VIP, nowNs);
      truth.advertisers.add(name);
  }
}
