import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import type { DecisionSink, Recording, WrongVariant } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import { readIpvsScenario } from "./ipvs-recording.ts";
import { replayIpvs } from "./ipvs-replay.ts";
import { adapter } from "./ipvs.ts";

const recordings = readRecordings();

function readRecordings(): readonly Recording[] {
  const folder = new URL("vectors/", import.meta.url);
  return readdirSync(folder).flatMap((file) => {
    const { _meta: meta, scenarios } = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    if (!adapter.accepts(meta)) return [];
    return Object.entries(scenarios).map(([name, scenario]) => ({
      file,
      name,
      meta,
      scenario: scenario as Recording["scenario"],
    }));
  });
}

/** What disagrees, in words; nothing if the model is right. */
function disagreements(recording: Recording, variant?: WrongVariant): readonly string[] {
  const found: string[] = [];
  const sink: DecisionSink = {
    decision: (where, recorded, modelled, state) => {
      if (recorded !== modelled) found.push(`${where}: ${recorded}, not ${modelled} (${state()})`);
    },
    bound: (where, recorded, low, high) => {
      if (recorded < low || recorded > high) found.push(`${where}: ${recorded} s`);
    },
  };
  adapter.replay(recording, sink, variant);
  return found;
}

/** A copy of a recording with some fields replaced. */
function altered(recording: Recording, fields: Record<string, unknown>): Recording {
  return { ...recording, scenario: { ...recording.scenario, ...fields } };
}

test("there are recordings", () => {
  expect(recordings.length).toBeGreaterThanOrEqual(28);
});

test.each(recordings)("$file $name", (recording) => {
  expect(disagreements(recording)).toEqual([]);
});

// Stricter than the picks: where counters were recorded, the model's are the same, each time.
test.each(recordings)("counters and order of $file $name", (recording) => {
  const scenario = readIpvsScenario(recording);
  const order = replayIpvs(scenario, {
    pick: () => {},
    secondsLeft: () => {},
    counters: (where, recorded, modelled) => expect(modelled, where).toEqual(recorded),
  });
  if (scenario.orderInKernel !== null) expect(order).toEqual(scenario.orderInKernel);
});

test.each(adapter.wrongVariants)("wrong model rejected: $name", (variant) => {
  expect(recordings.some((recording) => disagreements(recording, variant).length > 0)).toBe(true);
});

const [sample] = recordings;
const unknown: readonly (readonly [string, Record<string, unknown>])[] = [
  ["scenario field", { weather: "fine" }],
  ["missing field", { events: undefined }],
  ["scheduler", { scheduler: "lblcr" }],
  ["scheduler flag", { sched_flags: "sh-weight" }],
  ["service argument", { service_args: "-q 1" }],
  ["timeouts", { tcp_timeouts: "long" }],
  ["event", { events: [{ op: "reboot" }] }],
  ["event field", { events: [{ op: "del", dest: "10.0.2.1", gently: true }] }],
  ["sysctl", { events: [{ op: "sysctl", key: "sloppy_tcp", value: 1 }] }],
  ["error", { events: [{ op: "open", id: "a", t: 1, pick: null, error: "TimeoutError" }] }],
];
test.each(unknown)("unknown %s is a failure that names it", (_what, fields) => {
  expect(() => disagreements(altered(sample, fields))).toThrow(UnknownShape);
});

test("a kernel whose load formula is unknown is a failure", () => {
  const meta = { ...sample.meta, software: "Linux 6.1.0-53-amd64, IP Virtual Server version 1" };
  expect(() => disagreements({ ...sample, meta })).toThrow(UnknownShape);
});
