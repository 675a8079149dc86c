/** V8's sampling profiler on the process itself, and its self time by place in the source. */
import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";

const SAMPLING_INTERVAL_US = 500;

/** Profiles `run`. */
export function profileOf(run: () => void): Profiler.Profile {
  const session = new Session();
  session.connect();
  // Without promises: the callbacks of an inspector of the own thread are called at once.
  let profile: Profiler.Profile | null = null;
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: SAMPLING_INTERVAL_US });
  session.post("Profiler.start");
  run();
  session.post("Profiler.stop", (error, result) => {
    if (error !== null) throw error;
    profile = result.profile;
  });
  session.disconnect();
  if (profile === null) throw new Error("the profiler gave no profile");
  return profile;
}

/** Self time in milliseconds of each function, under the place that its time counts for. */
export interface SelfTime {
  /** "file:///…" of a module; "(garbage collector)"; or "(other)": neither. */
  readonly place: string;
  readonly functionName: string;
  readonly line: number;
  readonly ms: number;
}

/**
 * Self times, longest first, without idle time. What has no source of its own (a Map's `get`, a
 * module of Node's) counts for the nearest caller that `isOurs`.
 */
export function selfTimes(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  isOurs: (url: string) => boolean,
): SelfTime[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parentOf = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parentOf.set(child, id);
  const times = new Map<string, SelfTime>();
  samples.forEach((id, i) => {
    let node = byId.get(id)!;
    let place = "(other)";
    const leaf = node.callFrame;
    if (leaf.functionName === "(idle)") return;
    if (leaf.functionName === "(garbage collector)") place = leaf.functionName;
    else {
      while (!isOurs(node.callFrame.url) && parentOf.has(node.id))
        node = byId.get(parentOf.get(node.id)!)!;
      if (isOurs(node.callFrame.url)) place = node.callFrame.url;
    }
    const { functionName, lineNumber } = place === "(other)" ? leaf : node.callFrame;
    const key = `${place} ${functionName} ${lineNumber}`;
    const ms = (times.get(key)?.ms ?? 0) + timeDeltas[i] / 1000;
    times.set(key, { place, functionName, line: lineNumber + 1, ms });
  });
  return [...times.values()].toSorted((a, b) => b.ms - a.ms);
}
