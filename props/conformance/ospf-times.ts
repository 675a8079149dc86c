/**
 * The times in OSPF recordings, as bounds: how long after an event the routes had changed.
 *
 * What happened is told in prose, for people, so it is sorted into kinds by the words used. An event
 * of no known kind is still reported, with no upper bound: visible, but it claims nothing.
 */
import { SpfThrottle } from "../../sim/network/ospf/throttle.ts";
import type { SpfThrottleConfig } from "../../sim/network/ospf/throttle.ts";
import type { DecisionSink } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import type { Fields } from "./ospf-recording.ts";
import { isFields } from "./ospf-recording.ts";

const NS_PER_SECOND = 1e9;
/** For flooding, SPF and the measurement itself. */
const SLACK_SECONDS = 1;
/** An LSA that was lost, or refused for coming too soon, comes again. */
const RETRANSMIT_SECONDS = 5;

interface Timers {
  readonly helloSeconds: number;
  readonly deadSeconds: number;
}

/** Reports every time in the scenario's events, and the time to the first convergence. */
export function reportTimes(scenario: Fields, sink: DecisionSink): void {
  const timers = neighbourTimers(scenario);
  for (const [name, value] of Object.entries(scenario)) {
    if (!name.endsWith("_s")) continue;
    // A start-up is two Hellos each way, and an LSA refused for coming too soon.
    const high = 2 * longestHello(timers) + RETRANSMIT_SECONDS;
    for (const [label, seconds] of times(name, value)) sink.bound(label, seconds, 0, high);
  }
  const events: readonly unknown[] = Array.isArray(scenario["events"]) ? scenario["events"] : [];
  for (const event of events) {
    if (!isFields(event)) throw new UnknownShape(`event ${JSON.stringify(event)}`);
    reportEvent(event, timers, sink);
  }
}

function reportEvent(event: Fields, timers: readonly Timers[], sink: DecisionSink): void {
  const text = String(event["event"]);
  const throttle = readThrottle(text);
  if (Array.isArray(event["changes"]) && throttle !== undefined) {
    reportThrottle(event, throttle, sink);
    return;
  }
  const [low, high] = boundsOf(text, timers);
  for (const [name, value] of Object.entries(event)) {
    if (name !== "seconds_until" && !name.endsWith("_s")) continue;
    for (const [label, seconds] of times(name, value)) {
      sink.bound(`${text}: ${label}`, seconds, low, high);
    }
  }
}

/** Seconds within which routes may change after an event that is told like this. */
function boundsOf(text: string, all: readonly Timers[]): [low: number, high: number] {
  const told = /hello (\d+)\D+dead (\d+)/.exec(text);
  const timers =
    told === null ? all : [{ helloSeconds: Number(told[1]), deadSeconds: Number(told[2]) }];
  const deadMax = Math.max(...timers.map((t) => t.deadSeconds));
  if (/silent|frozen|carrier stays/.test(text)) {
    const low = Math.min(...timers.map((t) => t.deadSeconds - t.helloSeconds));
    return [low, deadMax + SLACK_SECONDS];
  }
  if (/restored|set up|resumed|back for/.test(text)) {
    return [0, 1.25 * longestHello(timers) + SLACK_SECONDS];
  }
  if (/carrier lost|cost|maximum-paths/.test(text)) return [0, SLACK_SECONDS];
  // Told without saying whether the ends saw it.
  if (/down|cut/.test(text)) return [0, deadMax + SLACK_SECONDS];
  return [0, Infinity];
}

function longestHello(timers: readonly Timers[]): number {
  return Math.max(...timers.map((t) => t.helloSeconds));
}

/** Timers of all interfaces that have a neighbour. */
function neighbourTimers(scenario: Fields): Timers[] {
  const timers: Timers[] = [];
  const visit = (value: unknown): void => {
    if (!isFields(value)) return;
    const { timerMsecs, timerDeadSecs, nbrCount } = value;
    if (typeof timerMsecs === "number" && typeof timerDeadSecs === "number") {
      if (nbrCount !== 0) {
        timers.push({ helloSeconds: timerMsecs / 1000, deadSeconds: timerDeadSecs });
      }
      return;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(scenario);
  // FRR's defaults, for a recording that does not show its interfaces.
  return timers.length > 0 ? timers : [{ helloSeconds: 10, deadSeconds: 40 }];
}

/** The times under a name: a number, one per router (null: it saw no change), or [seconds, ...]. */
function times(label: string, value: unknown): [label: string, seconds: number][] {
  if (typeof value === "number") return [[label, value]];
  if (Array.isArray(value)) return typeof value[0] === "number" ? [[label, value[0]]] : [];
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => times(`${label} ${name}`, child));
}

/** "throttle spf <delay> <hold> <max>" in milliseconds, as FRR grows it. */
function readThrottle(text: string): SpfThrottleConfig | undefined {
  const match = /throttle spf (\d+) (\d+) (\d+)/.exec(text);
  if (match === null) return undefined;
  const [delayMs, holdMs, maxMs] = match.slice(1).map(Number);
  return { delayMs, holdMs, maxMs, growth: "linear" };
}

function reportThrottle(event: Fields, config: SpfThrottleConfig, sink: DecisionSink): void {
  const changes = (event["changes"] as [number, string][]).map(([seconds]) => seconds);
  const runs = throttledRuns(config, changes);
  const recorded = event["kernel_route_changes_s"];
  if (!Array.isArray(recorded)) return;
  recorded.forEach((seconds: number, index) => {
    const run = runs[index] ?? Infinity;
    sink.bound(`${String(event["event"])}: run ${index + 1}`, seconds, run, run + 0.1);
  });
}

/** When SPF runs, in seconds, if something changes at these times. */
function throttledRuns(config: SpfThrottleConfig, changes: readonly number[]): number[] {
  const throttle = new SpfThrottle(config);
  const runs: number[] = [];
  let dueNs = Infinity;
  const runUntil = (nowNs: number): void => {
    if (dueNs > nowNs) return;
    throttle.ran(dueNs);
    runs.push(dueNs / NS_PER_SECOND);
    dueNs = Infinity;
  };
  for (const seconds of changes) {
    const nowNs = Math.round(seconds * NS_PER_SECOND);
    runUntil(nowNs);
    dueNs = throttle.request(nowNs) ?? dueNs;
  }
  // The last request, if there was one, is due at a finite time.
  if (dueNs < Infinity) runUntil(dueNs);
  return runs;
}
