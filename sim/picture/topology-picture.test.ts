import { describe, expect, test } from "vitest";
import type { Episode } from "../faults/vocabulary.ts";
import type { RunConfig } from "../result.ts";
import { checkScenario } from "../scenario/load.ts";
import { buildTopology } from "../world/topology.ts";
import type { TrafficSample } from "../world/traffic.ts";
import { PAGE_WIDTH_PX } from "./geometry.ts";
import { TEXT_PX } from "./svg.ts";
import type { TextSize } from "./svg.ts";
import { topologyPicture } from "./topology-picture.ts";

function configOf(scenario: unknown, episodes: readonly Episode[] = []): RunConfig {
  return {
    seed: 12306n,
    scenario: checkScenario(scenario, ""),
    strategy: "pre-deduct",
    plan: { schemaVersion: 1, episodes: [...episodes] },
  };
}

/** A rush of five seconds, one sample a second: machine i of each kind carries `100 + i` a second. */
function steadyTraffic(config: RunConfig, second?: Partial<TrafficSample>): TrafficSample[] {
  const topology = buildTopology(config.scenario);
  return Array.from({ length: 6 }, (_, i) => {
    const each = (names: readonly string[]): number[] => names.map((__, at) => i * (100 + at));
    return {
      atMs: i * 1000,
      buyersArrived: i * 50_000,
      requests: i * 50_000,
      lost: 0,
      links: each(topology.links),
      directors: each(topology.directors),
      nginx: each(topology.nginx),
      servers: each(topology.servers),
      counterCalls: i * 300,
      ordersRecorded: i * 7,
      routeChanges: 0,
      nginxRemovals: 0,
      ...(i > 2 ? second : {}),
    };
  });
}

interface Label {
  readonly content: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where each text lies, at 0.6 em a character. */
function labelsOf(svg: string): Label[] {
  const labels: Label[] = [];
  let offset = 0;
  const tag =
    /<g transform="translate\(0 ([\d.]+)\)">|<text class="(\w+)" x="([\d.-]+)" y="([\d.-]+)" text-anchor="(\w+)">([^<]*)</gu;
  for (const [, shift, size, x, y, anchor, content] of svg.matchAll(tag)) {
    if (shift !== undefined) {
      offset = Number(shift);
      continue;
    }
    const px = TEXT_PX[size as TextSize];
    const width = content.replaceAll(/&\w+;/gu, "&").length * px * 0.6;
    const before = { start: 0, middle: width / 2, end: width }[anchor] ?? NaN;
    const left = Number(x) - before;
    const baseline = Number(y) + offset;
    labels.push({
      content,
      left,
      right: left + width,
      top: baseline - 0.75 * px,
      bottom: baseline,
    });
  }
  return labels;
}

function overlaps(a: Label, b: Label): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

const LONG_NAME = "a-site-with-a-name-of-32-letters";
const EVERYTHING_FAILS: Episode[] = [
  { kind: "link-cut", target: 0, atMs: 2000 },
  { kind: "link-cut", target: 1, atMs: 754_321 },
  { kind: "router-crash", target: 1, atMs: 1999.5 },
  { kind: "director-crash", target: 0, atMs: 1234.567 },
  { kind: "nginx-crash", target: 0, atMs: 1234.567 },
  { kind: "redis-stall", atMs: 1234.567 },
  { kind: "database-stall", atMs: 1234.567 },
  ...Array.from({ length: 30 }, (_, target) => ({
    kind: "server-crash" as const,
    target,
    atMs: 1000 + target,
  })),
];

describe("no label is clipped or covers another", () => {
  const shapes: Record<string, unknown> = {
    "12306": {},
    demo: { sites: ["demo"], servers: { count: 40 }, nginx: { perSite: 1 } },
    smoke: { servers: { count: 32 }, nginx: { perSite: 2 } },
    "eight sites": {
      sites: ["a", "b", "c", "d", "e", "f", "g", LONG_NAME],
      servers: { count: 1600 },
      nginx: { perSite: 30 },
      lvs: { directorsPerSite: 8 },
    },
  };
  test.each(Object.keys(shapes))("%s", (shape) => {
    const config = configOf(shapes[shape], EVERYTHING_FAILS);
    const svg = topologyPicture(config, steadyTraffic(config));
    const [, height] = /viewBox="0 0 \d+ (\d+)"/u.exec(svg)!;
    const labels = labelsOf(svg);
    expect(labels.length).toBeGreaterThan(50);
    for (const label of labels) {
      expect(label.left, label.content).toBeGreaterThanOrEqual(0);
      expect(label.right, label.content).toBeLessThanOrEqual(PAGE_WIDTH_PX);
      expect(label.bottom, label.content).toBeLessThanOrEqual(Number(height));
    }
    const sorted = labels.toSorted((a, b) => a.top - b.top);
    sorted.forEach((label, i) => {
      for (let j = i + 1; j < sorted.length && sorted[j].top < label.bottom; j += 1)
        expect(overlaps(label, sorted[j]), `${label.content} | ${sorted[j].content}`).toBe(false);
    });
  });
});

describe("what it says", () => {
  test("without a fault, everything that was carried while buyers arrived", () => {
    const config = configOf({ sites: ["demo"], servers: { count: 4 } });
    const svg = topologyPicture(config, steadyTraffic(config));
    expect(svg).toContain("<title>server-3: 515</title>");
    expect(svg).not.toContain("After");
  });

  test("rates before a fault, and after the routes have changed", () => {
    const config = configOf({}, [{ kind: "director-crash", target: 1, atMs: 2000 }]);
    const samples = steadyTraffic(config).map((sample, i) => ({
      ...sample,
      routeChanges: i > 2 ? 1 : 0,
      lost: Math.min(i, 3) * 250,
    }));
    const svg = topologyPicture(config, samples);
    expect(svg).toContain("Before director-crash director-east-2: 0 ms to 2 s");
    expect(svg).toContain("After director-crash director-east-2: 3 s to 5 s");
    expect(svg).toContain("Noticed within 1 s; until then 250 requests were lost.");
    expect(svg).toContain("<title>director-east-2: director-crash 2 s, 101/s</title>");
  });

  test("the fault that moves most traffic, not the first", () => {
    const config = configOf({}, [
      { kind: "server-crash", target: 1, atMs: 1000 },
      { kind: "site-loss", target: 0, atMs: 3000 },
      { kind: "link-cut", target: 0, atMs: 2000 },
    ]);
    expect(topologyPicture(config, steadyTraffic(config))).toContain("Before site-loss east");
  });

  test("of a run that was interrupted at once, nothing", () => {
    const config = configOf({}, [{ kind: "site-loss", target: 0, atMs: 3000 }]);
    const [start] = steadyTraffic(config);
    const svg = topologyPicture(config, [start, start]);
    expect(svg).toContain("<title>nginx-east-1: 0</title>");
    expect(svg).not.toContain("NaN");
  });
});
