/** Where the wall time of a run goes, layer by layer. */
import type { Profiler } from "node:inspector";
import { fileURLToPath } from "node:url";
import { selfTimes } from "./cpu-profile.ts";
import { LAYERS, layerOf } from "./layers.ts";

export interface LayerShare {
  readonly layer: string;
  readonly ms: number;
  readonly share: number;
}

export interface HotSpot {
  /** "sim/world/buyers.ts #send". */
  readonly name: string;
  readonly share: number;
}

export interface Breakdown {
  readonly layers: readonly LayerShare[];
  readonly hotSpots: readonly HotSpot[];
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GARBAGE_COLLECTOR = "(garbage collector)";
const HOT_SPOTS_MAX = 12;

/** Shares of all time that the profile saw; they add up to 1. */
export function breakDown(profile: Profiler.Profile): Breakdown {
  const times = selfTimes(profile, (url) => pathOf(url) !== null);
  let totalMs = 0;
  const msOf = new Map<string, number>(LAYERS.map((layer) => [layer, 0]));
  for (const { place, ms } of times) {
    const path = pathOf(place);
    const layer =
      path === null ? (place === GARBAGE_COLLECTOR ? "garbage collector" : "Node") : layerOf(path);
    const name = layer ?? "Node";
    msOf.set(name, (msOf.get(name) ?? 0) + ms);
    totalMs += ms;
  }
  return {
    layers: [...msOf].map(([layer, ms]) => ({ layer, ms, share: ms / totalMs })),
    hotSpots: times
      .flatMap(({ place, functionName, line, ms }) => {
        const path = pathOf(place);
        return path === null
          ? []
          : [{ name: `${path} ${functionName || `:${line}`}`, share: ms / totalMs }];
      })
      .slice(0, HOT_SPOTS_MAX),
  };
}

/** The path below the project's root of a module of ours, whatever query a loader appended. */
function pathOf(url: string): string | null {
  if (!url.startsWith("file://")) return null;
  const path = fileURLToPath(url.replace(/[?#].*$/u, ""));
  if (!path.startsWith(ROOT) || path.includes("/node_modules/")) return null;
  return path.slice(ROOT.length);
}
