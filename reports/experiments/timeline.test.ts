import { expect, test } from "vitest";
import { Histogram } from "../../sim/kernel/histogram.ts";
import type { Latencies } from "../../sim/world/gauges.ts";
import { ANSWERS } from "../../sim/world/requests.ts";
import { answersOf } from "./timeline.ts";

test("what a ticket server said to a buyer is an answer; an error, or no word, is none", () => {
  // The i-th kind of answer was given 2^i times, so that the sum tells which were counted.
  const latencies = Object.fromEntries(
    ANSWERS.map((answer, i) => {
      const histogram = new Histogram();
      for (let given = 0; given < 2 ** i; given += 1) histogram.record(1);
      return [answer, histogram];
    }),
  ) as Latencies;
  const counted = answersOf(latencies);
  expect(ANSWERS.filter((_, i) => (counted & (2 ** i)) !== 0)).toEqual([
    "ACK",
    "SOLDOUT",
    "USERLIMIT",
    "TRYAGAIN",
  ]);
});
