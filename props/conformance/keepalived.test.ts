import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Recording, WrongVariant } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import { adapter } from "./keepalived.ts";

const file = "keepalived.json";
const { _meta: meta, scenarios } = JSON.parse(
  readFileSync(new URL(`vectors/${file}`, import.meta.url), "utf8"),
);
const recordings: readonly Recording[] = Object.entries(scenarios).map(([name, scenario]) => ({
  file,
  name,
  meta,
  scenario: scenario as Recording["scenario"],
}));

interface Outcome {
  readonly decisions: number;
  readonly bounds: number;
  readonly disagreements: readonly string[];
}

function replay(recording: Recording, variant?: WrongVariant): Outcome {
  const disagreements: string[] = [];
  let decisions = 0;
  let bounds = 0;
  adapter.replay(
    recording,
    {
      decision: (where, recorded, modelled, state) => {
        decisions += 1;
        if (recorded !== modelled) {
          disagreements.push(`${where}: ${recorded}, not ${modelled} (${state()})`);
        }
      },
      bound: (where, recorded, low, high) => {
        bounds += 1;
        if (recorded < low || recorded > high) {
          disagreements.push(`${where}: ${recorded} s, not in ${low} to ${high} s`);
        }
      },
    },
    variant,
  );
  return { decisions, bounds, disagreements };
}

test("accepts its own recordings", () => {
  expect(adapter.accepts(meta)).toBe(true);
});

test.each(recordings)("$name", (recording) => {
  const { decisions, bounds, disagreements } = replay(recording);
  expect(disagreements).toEqual([]);
  expect(decisions).toBeGreaterThan(200);
  // A refused and a black-holed server, each taken out and put back.
  expect(bounds).toBe(4);
});

test.each(adapter.wrongVariants)("wrong model rejected: $name", (variant) => {
  const rejects = (recording: Recording) => replay(recording, variant).disagreements.length > 0;
  expect(recordings.some(rejects)).toBe(true);
});

const config = String(recordings[0].scenario["config"]);
const unknown: readonly (readonly [string, Record<string, unknown>])[] = [
  ["scenario field", { weather: "fine" }],
  ["scheduler", { config: config.replace("lb_algo wrr", "lb_algo sh") }],
  ["forwarding", { config: config.replace("lb_kind NAT", "lb_kind FULLNAT") }],
  ["check", { config: config.replace("TCP_CHECK", "SMTP_CHECK") }],
  ["keyword", { config: config.replace("retry 2", "retries 2") }],
  ["braces", { config: `${config}virtual_server 192.0.2.81 80 {\n` }],
  ["event", { events: [[1, "reboot", "3"]] }],
  ["act", { events: [[1, "act", "unplug 2"]] }],
  ["server", { events: [[1, "act", "close 9"]] }],
];
test.each(unknown)("unknown %s is a failure that names it", (_what, fields) => {
  const [recording] = recordings;
  const scenario = { ...recording.scenario, ...fields };
  expect(() => replay({ ...recording, scenario })).toThrow(UnknownShape);
});

test("another major version is a failure", () => {
  const other = { ...meta, software: "keepalived 1.3.5 + ipvs, Linux 6.1.0-56-cloud-amd64" };
  expect(() => replay({ ...recordings[0], meta: other })).toThrow(UnknownShape);
});
