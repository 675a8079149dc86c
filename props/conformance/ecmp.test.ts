import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Recording } from "./adapter.ts";
import { Randomness } from "../../sim/kernel/random.ts";
import { adapter, linuxModel } from "./ecmp.ts";
import { linuxRules, referenceHash31 } from "./ecmp-reference.ts";
import { isConformant, judge } from "./judge.ts";
import { readRecordings } from "./recordings.ts";

const recordings = readRecordings(join(import.meta.dirname, "vectors"))
  .flatMap((file) => file.recordings)
  .filter((recording) => adapter.accepts(recording.meta));

test("every flow of the sample is one decision", () => {
  expect(recordings.map((each) => judge(adapter, each).decisionsTotal)).toEqual(
    recordings.map(() => 300),
  );
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

test("the fast hash is the plain one", () => {
  const stream = new Randomness(12306n).stream("flows");
  for (let id = 0; id < 2000; id++) {
    const flow = [
      stream.bits(id, 0),
      stream.bits(id, 1),
      stream.integer(id, 256, 2),
      stream.integer(id, 65536, 3),
      stream.integer(id, 65536, 4),
    ] as const;
    const seed = stream.bits(id, 5);
    for (const policy of [0, 1]) {
      const expected = referenceHash31(linuxRules, seed, policy, flow);
      expect(linuxModel.hash31(seed, policy)(flow)).toBe(expected);
    }
  }
});

describe("shapes that it does not know are failures", () => {
  const flows = [["10.50.2.167", "10.100.0.2", 17, 50899, 443]];
  const good = { seed: 1, policy: 1, weights: [1, 1], links: [1, 2], picks: [1], flows };
  const scenarios: [string, Recording["scenario"]][] = [
    ["a field", { ...good, fragments: true }],
    ["a policy", { ...good, policy: 2 }],
    ["no flows", { ...good, flows: undefined }],
    ["a flow of another form", { ...good, flows: [["10.50.2.167"]] }],
    ["a pick that is no link", { ...good, picks: ["lost"] }],
    ["more picks than flows", { ...good, picks: [1, 2] }],
    ["a link without a weight", { ...good, weights: [1] }],
    ["no seed", { ...good, seed: undefined }],
  ];
  test.each(scenarios)("%s", (_name, scenario) => {
    const recording = { file: "none", name: "none", meta: {}, scenario };
    expect(judge(adapter, recording).problem).toMatch(/^UnknownShape: ./);
  });
});
