/** The appendix: every sale of the answer, and the words. */
import { commandBlock, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

const GLOSSARY: readonly (readonly [string, string])[] = [
  ["sale", "one pool of tickets, sold once; one seed of the simulator is one sale"],
  ["slice, buffer, quota", "a server's share of the tickets; slots beyond it; both together"],
  ["refill", "a server whose quota is spent asks Redis for more (on-demand), or never does (off)"],
  ["sell-out", "the first moment at which every ticket is held or paid"],
  ["undersold", "tickets that stayed free while buyers who wanted them were refused"],
  ["false sold-out", "an answer SOLDOUT while tickets were free"],
  [
    "next-sale bound",
    "where the value of one more sale lies, 95 % sure: wider than the mean's interval",
  ],
  ["knee", "the highest arrival rate whose next-sale bound keeps every limit"],
];

export function appendix({ findings, replay }: Context): Section {
  const { base, baseCell, requirements } = findings.answer;
  return section("A", "Appendix", [
    table(
      "The sales of the answer, one by one. Any of them can be run again.",
      ["Seed#", "Verdict", "Sell-out#", "p99 ticket#", "p99 sold-out#", "Undersold#", "Trace hash"],
      base.map(({ seed, verdict, values, traceHash }) => [
        seed,
        verdict,
        withUnit(values.sellOutMs, "ms"),
        withUnit(values.winnerP99Ms, "ms"),
        withUnit(values.soldOutP99Ms, "ms"),
        withUnit(values.undersold, ""),
        traceHash,
      ]),
    ),
    commandBlock(replay(baseCell)),
    table(
      "The worst seeds of each requirement, the worst first, and the command of the very worst.",
      ["Requirement", "Worst seeds", "Command"],
      requirements.map(({ text, worstSeeds, cell }) => [
        text,
        worstSeeds.join(", "),
        replay(cell, worstSeeds[0]),
      ]),
    ),
    table(
      "Words.",
      ["Word", "Meaning"],
      GLOSSARY.map(([word, meaning]) => [word, meaning]),
    ),
  ]);
}
