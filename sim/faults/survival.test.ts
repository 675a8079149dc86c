import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ScenarioSchema } from "../scenario/schema.ts";
import { buildTopology } from "../world/topology.ts";
import { leavesAWay } from "./survival.ts";
import type { Episode } from "./vocabulary.ts";

/** Two sites, with one director, one nginx and one server each. */
const scenario = v.parse(ScenarioSchema, {
  servers: { count: 2 },
  lvs: { directorsPerSite: 1 },
  nginx: { perSite: 1 },
});

const survives = (...episodes: Episode[]): boolean =>
  leavesAWay(episodes, scenario, buildTopology(scenario));

const east: Episode = { kind: "site-loss", target: 0, atMs: 100 };

describe("leavesAWay", () => {
  test("one site may go, not both", () => {
    expect(survives(east)).toBe(true);
    expect(survives(east, { kind: "site-loss", target: 1, atMs: 200 })).toBe(false);
  });

  test.each<Episode>([
    { kind: "server-crash", target: 1, atMs: 150 },
    { kind: "nginx-crash", target: 1, atMs: 150 },
    { kind: "director-crash", target: 1, atMs: 150 },
    { kind: "link-cut", target: 1, atMs: 150 },
    { kind: "link-cut", target: 3, atMs: 150 },
    { kind: "router-crash", target: 2, atMs: 150 },
    { kind: "router-crash", target: 4, atMs: 150 },
  ])("every part of the other site's way counts: $kind $target", (episode) => {
    expect(survives(episode)).toBe(true);
    expect(survives(east, episode)).toBe(false);
    expect(survives(episode, east)).toBe(false);
  });

  test("a way of one site is of no use if its parts belong to two", () => {
    expect(
      survives(
        { kind: "nginx-crash", target: 0, atMs: 100 },
        { kind: "server-crash", target: 1, atMs: 100 },
      ),
    ).toBe(false);
  });

  test("what is back counts again, once it was noticed", () => {
    const briefly: Episode = { ...east, forMs: 1000 };
    expect(survives(briefly, { kind: "site-loss", target: 1, atMs: 2000 })).toBe(false);
    expect(survives(briefly, { kind: "site-loss", target: 1, atMs: 60_000 })).toBe(true);
  });

  test("an nginx that starts new workers stays a way", () => {
    const moments: Episode[] = [
      { kind: "nginx-reload", target: 1, atMs: 150 },
      { kind: "nginx-worker-crash", target: 1, atMs: 150 },
    ];
    expect(survives(east, ...moments)).toBe(true);
  });

  test("without the edge there is no way at all", () => {
    expect(survives({ kind: "router-crash", target: 0, atMs: 1 })).toBe(false);
  });
});
