import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Recording, UnknownShape } from "./adapter.ts";
import { isConformant, judge } from "./judge.ts";
import { adapter } from "./nginx.ts";
import { readRecordings } from "./recordings.ts";

const recordings = readRecordings(join(import.meta.dirname, "vectors"))
  .flatMap((file) => file.recordings)
  .filter((recording) => adapter.accepts(recording.meta));

describe("the model of nginx makes every recorded decision again", () => {
  test("there are recordings of all balancing methods", () => {
    const methods = new Set(recordings.map((r) => (r.scenario as Shape).upstream.method));
    expect([...methods].toSorted()).toEqual(
      ["chash", "hash", "ip_hash", "least_conn", "random", "rr"].toSorted(),
    );
  });

  test.each(recordings.map((r) => [r.file, r.name, r] as const))("%s %s", (_file, _name, r) => {
    expect(judge(adapter, r).problem).toBeUndefined();
    expect(isConformant(judge(adapter, r))).toBe(true);
  });
});

describe("recordings reject a model that", () => {
  test.each(adapter.wrongVariants.map((variant) => [variant.name, variant] as const))(
    "says: %s",
    (_name, variant) => {
      const judgements = recordings.map((recording) => judge(adapter, recording, variant));
      // A mismatch, not a crash: a variant that cannot be run shows nothing.
      expect(judgements.some((j) => j.decisionsMatched < j.decisionsTotal)).toBe(true);
    },
  );
});

interface Shape {
  upstream: { method: string; servers: object[]; [field: string]: unknown };
  events: object[];
  [field: string]: unknown;
}

const sample: Shape = {
  upstream: { method: "rr", servers: [{ addr: "127.0.0.1:9001" }, { addr: "127.0.0.1:9002" }] },
  events: [{ op: "req", t: 0, tries: ["127.0.0.1:9001"], upstream_status: ["200"], status: 200 }],
};

function recordingOf(change: (shape: Shape) => void): Recording {
  const scenario = structuredClone(sample);
  change(scenario);
  return { file: "made.json", name: "made", meta: { software: "nginx 1.22.1" }, scenario };
}

describe("a shape it does not know is a failure that names it", () => {
  test("the sample itself is known", () => {
    expect(
      judge(
        adapter,
        recordingOf(() => {}),
      ).problem,
    ).toBeUndefined();
  });

  test.each<[string, (shape: Shape) => void, RegExp]>([
    ["a field of the scenario", (s) => (s["resolver"] = "1.1.1.1"), /resolver/],
    ["a field of the upstream", (s) => (s.upstream["keepalive"] = 16), /upstream\.keepalive/],
    [
      "a field of a server",
      (s) => Object.assign(s.upstream.servers[1], { slow_start: 5 }),
      /slow_start/,
    ],
    [
      "a field of an event",
      (s) => Object.assign(s.events[0], { cookie: "x" }),
      /events\.0\.cookie/,
    ],
    ["an event", (s) => s.events.push({ op: "reload", t: 1 }), /events\.1\.op/],
    ["a mode", (s) => s.events.push({ op: "set", addr: "127.0.0.1:9001", mode: "slow" }), /mode/],
    ["a method", (s) => (s.upstream.method = "fair"), /method.*fair/],
    ["a condition", (s) => (s.upstream["proxy_next_upstream"] = "errors"), /errors/],
    ["a missing field", (s) => Object.assign(s.events[0], { status: undefined }), /status/],
    [
      "a server not in the upstream",
      (s) => Object.assign(s.events[0], { tries: ["127.0.0.1:9009"] }),
      /9009/,
    ],
    [
      "a mode of such a server",
      (s) => s.events.push({ op: "set", addr: "127.0.0.1:9009", mode: "up" }),
      /9009/,
    ],
    [
      "closing what is not open",
      (s) => s.events.push({ op: "close", t: 0, id: 7 }),
      /open request 7/,
    ],
    ["an address", (s) => Object.assign(s.events[0], { ip: "localhost" }), /localhost/],
    [
      "a hash key",
      (s) => Object.assign(s.upstream, { method: "hash", key: "$cookie_id" }),
      /cookie_id/,
    ],
    [
      "a hang without a recorded timeout",
      (s) => s.events.unshift({ op: "set", addr: "127.0.0.1:9001", mode: "hang" }),
      /proxy_read_timeout/,
    ],
    [
      "too few draws",
      (s) => Object.assign(s, { draws: [], upstream: { ...s.upstream, method: "random" } }),
      /draws/,
    ],
  ])("%s", (_what, change, naming) => {
    const recording = recordingOf(change);
    expect(() => adapter.replay(recording, { decision() {}, bound() {} })).toThrow(naming);
    expect(isConformant(judge(adapter, recording))).toBe(false);
  });

  test("as an UnknownShape", () => {
    const recording = recordingOf((s) => (s["resolver"] = "1.1.1.1"));
    expect(() => adapter.replay(recording, { decision() {}, bound() {} })).toThrow(UnknownShape);
  });
});

describe("shapes that the sample recordings do not show", () => {
  test.each<[string, (shape: Shape) => void]>([
    ["a zone as a size", (s) => (s["zone"] = "64k")],
    ["a zone of the upstream", (s) => (s.upstream["zone"] = "64k")],
    ["no upstream_status", (s) => Object.assign(s.events[0], { upstream_status: undefined })],
    [
      "all directives",
      (s) =>
        Object.assign(s.upstream, {
          proxy_next_upstream: "error timeout invalid_header http_429 non_idempotent",
          proxy_next_upstream_tries: 2,
          proxy_next_upstream_timeout: 3,
          proxy_connect_timeout: 1,
          proxy_read_timeout: 1,
        }),
    ],
    [
      "random two, with draws",
      (s) => Object.assign(s, { draws: [1, 0], upstream: { ...s.upstream, method: "random_two" } }),
    ],
    [
      "an IPv6 client of ip_hash",
      (s) => {
        s.upstream.method = "ip_hash";
        Object.assign(s.events[0], { ip: "2001:db8::1", tries: ["127.0.0.1:9001"] });
      },
    ],
    ["an empty hash key", (s) => Object.assign(s.upstream, { method: "hash", key: "$arg_k" })],
  ])("%s", (_what, change) => {
    expect(judge(adapter, recordingOf(change)).problem).toBeUndefined();
  });
});
