/** The first screen: verdict, the three questions, and the requirements. */
import { grouped, plural } from "../../../sim/cli/text/format.ts";
import type { Threshold } from "../../experiments/bisect.ts";
import { estimateOf, limitsOf, meets } from "../../experiments/limits.ts";
import type { Requirement, Verdict } from "../../experiments/judgement.ts";
import { paragraph, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { interval, withInterval, withUnit } from "../numbers.ts";
import type { Block, Section } from "../schema.ts";

export function overallVerdict(requirements: readonly Requirement[]): Verdict {
  const verdicts = requirements.map(({ verdict }) => verdict);
  if (verdicts.includes("FAIL")) return "FAIL";
  return verdicts.every((verdict) => verdict === "PASS") ? "PASS" : "UNDECIDED";
}

export function answerSection(context: Context): Section {
  return section("S1", "The answer", [
    paragraph(question(context)),
    cards(context),
    requirementsTable(context),
    paragraph(
      "Estimate and interval are of the mean over independent sales (one seed is one sale); for a p99 " +
        "they are of its logarithm. The next-sale bound is where the next single sale stays, 95 % sure. " +
        "PASS needs every seed within the limit, at least 20 of them, an interval narrow beside the mean " +
        "or the limit (half-width 5 %, for a p99 10 %) and a next-sale " +
        "bound within the limit. Headroom is the part of the limit that this bound leaves. 20 of 20 seeds " +
        "show that at least 86 % of sales pass, 59 of 59 that 95 % do, 95 % sure.",
    ),
  ]);
}

function question({ tickets, buyers, scenario, findings }: Context): string {
  const { servers, slo } = scenario;
  const { redisPeak, backlog } = redisLoad(findings);
  return (
    `${plural(tickets, "ticket")}, ${plural(buyers, "buyer")} at ` +
    `${grouped(scenario.buyers.ratePerSecond)} a second, ${plural(servers.count, "ticket server")} with a ` +
    `buffer of ${servers.buffer} and refill ${scenario.quota.refill}: may ${plural(slo.deaths, "server")} ` +
    `die? At its peak Redis hears ${redisPeak} (10 ms bins), with up to ${backlog} calls at it at once.`
  );
}

function redisLoad({ answer }: Context["findings"]) {
  return {
    redisPeak: withInterval(estimateOf("redisPeakPerSecond", answer.base), "/s"),
    backlog: withUnit(estimateOf("redisBacklogMax", answer.base).most, ""),
  };
}

function cards({ findings, scenario, effort, tickets }: Context): Block {
  const { servers, buffers, answer } = findings;
  const { deaths } = servers;
  const dead = plural(deaths, "server");
  const limits = limitsOf(scenario);
  const kept = answer.deaths.filter((sale) => meets(sale, limits)).length;
  const unsold = estimateOf("undersold", answer.deaths);
  return {
    type: "cards",
    cards: [
      {
        question: "How many ticket servers?",
        answer: sizeText(servers.threshold, "servers"),
        detail:
          `so that every limit holds while ${dead} die; ${edgeText(servers.threshold)}. With no deaths ` +
          `${sizeText(servers.undisturbed, "servers")}. Found with ${servers.seeds} seeds for each size, ` +
          `${grouped(effort.sweepTickets)} tickets and ${grouped(effort.sweepBuyers)} buyers at the ` +
          `scenario's arrival rate. The scenario has ${scenario.servers.count}.`,
      },
      {
        question: "How much buffer?",
        answer:
          scenario.quota.refill === "off"
            ? `${buffers.boundFull} per server`
            : sizeText(buffers.measured["on-demand"], "per server"),
        detail:
          `to lose no ticket when ${dead} die. With refill off (final quotas) it takes ` +
          `${buffers.boundFull} per server for all ${grouped(scenario.sale.tickets)} tickets; with refill ` +
          `on demand ${sizeText(buffers.measured["on-demand"], "per server")}, since servers ask for what ` +
          `is left. The scenario has ${scenario.servers.buffer}, refill ${scenario.quota.refill}.`,
      },
      {
        question: `What happens when ${numberWord(deaths)} die?`,
        answer:
          kept === answer.deaths.length
            ? "Every limit holds"
            : `${answer.deaths.length - kept} of ${answer.deaths.length} sales miss a limit`,
        detail:
          `${kept} of ${plural(answer.deaths.length, "sale")} with ${dead} dying for good in the rush kept ` +
          `every limit; ${withUnit(unsold.mean, "")} of ${grouped(tickets)} tickets stayed unsold although ` +
          `wanted; p99 of those who get a ticket ` +
          `${withInterval(estimateOf("winnerP99Ms", answer.deaths), "ms")}, without deaths ` +
          `${withInterval(estimateOf("winnerP99Ms", answer.base), "ms")}.`,
      },
    ],
  };
}

const WORDS = [
  "none",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
];

function numberWord(count: number): string {
  return WORDS[count] ?? String(count);
}

/** "12 servers"; "more than 2,000 servers" if none passed. */
export function sizeText({ fails, passes }: Threshold, what: string): string {
  return passes === null
    ? `more than ${grouped(fails ?? 0)} ${what}`
    : `${grouped(passes)} ${what}`;
}

export function edgeText({ fails, passes }: Threshold): string {
  if (passes === null) return `${grouped(fails ?? 0)} is not enough`;
  return fails === null
    ? `nothing smaller is left to try`
    : `${grouped(fails)} is not enough, ${grouped(passes)} is`;
}

function requirementsTable({ findings, replay }: Context): Block {
  const rows = findings.answer.requirements.map((requirement) => [
    requirement.verdict,
    requirement.text,
    requirement.id === "deaths" || requirement.id === "sites"
      ? `${withUnit(requirement.limit, "share")} of sales`
      : `≤ ${withUnit(requirement.limit, requirement.unit)}`,
    withUnit(requirement.estimate.mean, requirement.unit),
    interval(requirement.estimate.low, requirement.estimate.high, requirement.unit),
    requirement.estimate.nextHigh === null
      ? "–"
      : `≤ ${withUnit(requirement.estimate.nextHigh, requirement.unit)}`,
    requirement.headroom === null ? "–" : withUnit(requirement.headroom, "share"),
    seedsText(requirement),
    requirement.reason === "" ? "–" : requirement.reason,
    replay(requirement.cell, requirement.worstSeeds[0]),
  ]);
  return table(
    "Requirements of the scenario (slo). The command repeats the sale with the worst value.",
    [
      "Verdict",
      "Requirement",
      "Limit#",
      "Estimate#",
      "95 % interval#",
      "Next sale#",
      "Headroom#",
      "Seeds passed#",
      "Why not PASS",
      "Command",
    ],
    rows,
  );
}

function seedsText({ seedsPassed, seeds, shareShown }: Requirement): string {
  const shown = shareShown === null ? "" : `: at least ${Math.floor(shareShown * 100)} % of sales`;
  return `${seedsPassed} of ${seeds}${shown}`;
}
