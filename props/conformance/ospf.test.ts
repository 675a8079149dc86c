import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Recording } from "./adapter.ts";
import { isConformant, judge } from "./judge.ts";
import { adapter } from "./ospf.ts";
import { readRecordings } from "./recordings.ts";

const recordings = readRecordings(join(import.meta.dirname, "vectors"))
  .flatMap((file) => file.recordings)
  .filter((recording) => adapter.accepts(recording.meta));

test("there are recordings of every kind", () => {
  const totals = recordings.map((recording) => judge(adapter, recording).decisionsTotal);
  // 116 cost rows; 2 + 2 routers of `parallel`, 8 + 2 of `fan` and 6 + 6 of `lan`, each with its
  // OSPF routes and kernel routes, but for the two whose OSPF routes were not recorded.
  expect(totals.reduce((a, b) => a + b)).toBe(116 + 2 * 26 - 2);
});

test.each(recordings.map((each) => [each.file, each.name, each] as const))(
  "%s %s is reproduced",
  (_file, _name, recording) => {
    const judgement = judge(adapter, recording);
    expect(judgement.problem).toBeUndefined();
    expect(isConformant(judgement)).toBe(true);
  },
);

test.each(adapter.wrongVariants.map((variant) => [variant.name, variant] as const))(
  "wrong on purpose: %s is rejected",
  (_name, variant) => {
    const judgements = recordings.map((recording) => judge(adapter, recording, variant));
    // A mismatch, not a crash: a variant that cannot be run shows nothing.
    expect(judgements.some((each) => each.decisionsMatched < each.decisionsTotal)).toBe(true);
  },
);

describe("shapes that it does not know are failures", () => {
  const lsa = { type: "router", id: "1.1.1.1", links: [] as unknown[] };
  const router = { router_id: "1.1.1.1", lsdb: [lsa], kernel_routes: {} };
  const scenarios: [string, Recording["scenario"]][] = [
    ["nothing to decide", { description: "empty" }],
    ["a field of a snapshot", { routers: { A: { ...router, bgp_routes: {} } } }],
    ["an unnamed router", { routers: { A: { ...router, router_id: undefined } } }],
    ["an LSA type", { routers: { A: { ...router, lsdb: [{ ...lsa, type: "summary" }] } } }],
    [
      "a link type",
      {
        routers: {
          A: {
            ...router,
            lsdb: [{ ...lsa, links: [{ linkType: "a Virtual Link", tos0Metric: 1 }] }],
          },
        },
      },
    ],
    [
      "a kernel route",
      { routers: { A: { ...router, kernel_routes: { "10.0.0.0/8": "blackhole" } } } },
    ],
    ["a column", { columns: ["bandwidth_mbit", "cost"], rows: [[10, 10]] }],
    ["a field of a cost table", { columns: [], rows: [], auto_cost: true }],
  ];
  test.each(scenarios)("%s", (_name, scenario) => {
    const recording = { file: "none", name: "none", meta: {}, scenario };
    expect(judge(adapter, recording).problem).toMatch(/^UnknownShape: ./);
  });
});
