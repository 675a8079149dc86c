/**
 * The article's own code, hunted beside the mutants: it is no engine of ours with a bug, it has
 * all of its own.
 */
import { article } from "../../core/strategies/article.ts";
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Suite } from "./subject.ts";
import { play, playStrategy } from "./suites/sale.ts";

export const SPECIMEN = "article";

export const specimen: { title: string; breaks: readonly InvariantName[] } = {
  title: "the published demo",
  breaks: ["no-oversell", "no-undersell"],
};

export function specimenSuite(): Suite {
  let runs = 0;
  return {
    name: "sale",
    play: async (seed) => {
      runs += 1;
      return playStrategy(article, seed);
    },
    playEngine: async (seed) => play(seed),
    plantedHits: () => runs,
  };
}
