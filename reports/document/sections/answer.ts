/** The first screen: verdict, the three questions, and the requirements. */
import { duration, grouped, plural } from "../../../sim/cli/text/format.ts";
import type { Threshold } from "../../experiments/bisect.ts";
import { estimateOf, limitsOf, meets } from "../../experiments/limits.ts";
import { answerOf, hasPassed } from "../../experiments/full-size.ts";
import type { Requirement, Verdict } from "../../experiments/judgement.ts";
import type { Sale } from "../../experiments/run-sale.ts";
import { paragraph, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { interval, withInterval, withUnit } from "../numbers.ts";
import type { Block, Section } from "../schema.ts";

type Card = Extract<Block, { type: "cards" }>["cards"][number];

export function overallVerdict(requirements: readonly Requirement[]): Verdict {
  const verdicts = requirements.map(({ verdict }) => verdict);
  if (verdicts.includes("FAIL")) return "FAIL";
  return verdicts.every((verdict) => verdict === "PASS") ? "PASS" : "UNDECIDED";
}

export function answerSection(context: Context): Section {
  return section("S1", "The answer", [
    paragraph(sizeSentence(context)),
    paragraph(ownSentence(context)),
    cards(context),
    requirementsTable(context),
    paragraph(
      "Estimate and interval are of the mean over independent sales (one seed is one sale); for a p99 " +
        "they are of its logarithm. The next-sale bound is where the next single sale stays, 95 % sure. " +
        "PASS needs every seed within the limit, at least 20 of them, an interval narrow beside the mean " +
        "or the limit (half-width 5 %, for a p99 10 %) and a next-sale " +
        "bound within the limit. Headroom is the part of the limit that this bound leaves. UNDECIDED is " +
        "neither shown nor refuted: the reason stands beside it. 20 of 20 seeds show that at least 86 % " +
        "of sales pass, 59 of 59 that 95 % do, 95 % sure; what never happened in n sales happens in " +
        "fewer than 3/n of them.",
    ),
  ]);
}

/** "To sell … you need …": sizes, and whether they were tried on the whole sale. */
function sizeSentence({ findings, scenario, effort }: Context): string {
  const { servers, fullSize } = findings;
  const { sale, buyers, slo } = scenario;
  const task =
    `To sell ${plural(sale.tickets, "ticket")} to ${plural(buyers.count, "buyer")}, ` +
    `${grouped(buyers.ratePerSecond)} a second, within ${duration(slo.sellOutMs)} at a p99 below ` +
    `${duration(slo.p99Ms.winner)} for those who get one, while ${dying(servers.deaths)}, `;
  const last = fullSize.at(-1);
  if (last === undefined)
    return (
      `${task}you need ${sizeText(servers.threshold, "ticket servers")}` +
      (effort.quick ? ", roughly: no sale of full size was run." : ".")
    );
  const { sales, passed, redisPeakPerSecond } = last;
  const size =
    `${plural(last.servers, "ticket server")} with a buffer of ${last.buffer} each ` +
    `(refill ${scenario.quota.refill})`;
  const tried = `${passed} of ${plural(sales.length, "sale")} of full size`;
  const busy = withUnit(estimateOf("redisBusyShareMax", sales).mean, "share");
  const { fails } = answerOf(servers, fullSize);
  const tooFew = fails === null ? "" : `, and ${grouped(fails)} are not`;
  return hasPassed(last)
    ? `${task}${size} are enough${tooFew}, with a Redis that hears ` +
        `${withInterval(redisPeakPerSecond, "/s")} at its peak (10 ms bins; its thread was busy ` +
        `${busy} of the busiest 100 ms). So tried, without other faults: ${tried} kept every limit.`
    : `${task}even ${size} are not enough: ${tried} kept every limit.`;
}

function ownSentence({ tickets, buyers, scenario, findings }: Context): string {
  const { servers } = scenario;
  const { redisPeak, backlog } = redisLoad(findings);
  const isWhole = tickets === scenario.sale.tickets && buyers === scenario.buyers.count;
  const what = isWhole ? "the scenario as it is" : "a smaller sale on the scenario's machines";
  return (
    `Tested below is ${what}: ${plural(servers.count, "ticket server")}, a buffer of ` +
    `${servers.buffer}, refill ${scenario.quota.refill}, ${plural(tickets, "ticket")}, ` +
    `${plural(buyers, "buyer")}, under faults of its own (S2). There Redis hears ${redisPeak} at its ` +
    `peak, with up to ${backlog} calls at it at once.`
  );
}

function redisLoad({ answer }: Context["findings"]) {
  return {
    redisPeak: withInterval(estimateOf("redisPeakPerSecond", answer.base), "/s"),
    backlog: withUnit(estimateOf("redisBacklogMax", answer.base).most, ""),
  };
}

function cards(context: Context): Block {
  return {
    type: "cards",
    cards: [serversCard(context), bufferCard(context), deathsCard(context)],
  };
}

function serversCard({ findings, scenario, effort, replay }: Context): Card {
  const { servers, fullSize } = findings;
  const threshold = answerOf(servers, fullSize);
  const tried = fullSize
    .map(
      ({ servers: count, buffer, passed, sales }) =>
        `${count} (buffer ${buffer}): ${passed} of ${sales.length}`,
    )
    .join(", ");
  return {
    question: "How many ticket servers?",
    answer: sizeText(threshold, "servers"),
    detail:
      `so that every limit holds while ${dying(servers.deaths)}: ${edgeText(threshold)}. ` +
      (tried === ""
        ? "Not tried at full size. "
        : `Sales of full size that kept every limit, by servers: ${tried}. `) +
      `With no deaths ${sizeText(servers.undisturbed, "servers")}. Sizes were looked for in sales of ` +
      `${grouped(effort.sweepTickets)} tickets and ${grouped(effort.sweepBuyers)} buyers at the ` +
      `scenario's arrival rate, ${plural(servers.seeds, "seed")} for each. The scenario has ` +
      `${scenario.servers.count}.`,
    command: replay(fullSize.at(-1)?.cell ?? servers.cell),
  };
}

function bufferCard({ findings, scenario, replay }: Context): Card {
  const { buffers, fullSize } = findings;
  const { refill } = scenario.quota;
  const { bound, boundFull, measured, seeds, rushSeeds, answerCells, deaths } = buffers;
  const withRefill = sizeText(measured["on-demand"], "per server");
  const last = fullSize.at(-1);
  const tried = last !== undefined && hasPassed(last) ? last : null;
  const own = refill === "off" ? `${boundFull} per server` : withRefill;
  return {
    question: "How much buffer?",
    answer: tried === null ? own : `${grouped(tried.buffer)} per server`,
    detail:
      (tried === null ? "" : `with ${plural(tried.servers, "server")}, as tried at full size. `) +
      `To lose no ticket in the rush when ${dying(deaths)} of the scenario's ` +
      `${scenario.servers.count}: with refill on demand ${withRefill}, since servers ask for what is ` +
      `left; with refill off (final quotas) ${boundFull} per server for all ` +
      `${grouped(scenario.sale.tickets)} tickets (arithmetic; ${grouped(buffers.tickets)} tickets: ` +
      `${bound}, tried: ${edgeText(measured.off)}). ${plural(seeds, "seed")} for each buffer with the ` +
      `deaths before the first sale, with refill ${rushSeeds} more with deaths in the rush. The ` +
      `scenario has ${scenario.servers.buffer}, refill ${refill}.`,
    command: replay(tried?.cell ?? answerCells[refill]),
  };
}

function ticketP99(sales: readonly Sale[]): string {
  return withInterval(estimateOf("winnerP99Ms", sales), "ms");
}

function deathsCard({ findings, scenario, tickets, replay }: Context): Card {
  const { answer, servers } = findings;
  const limits = limitsOf(scenario);
  const kept = (sales: readonly Sale[]): number =>
    sales.filter((sale) => meets(sale, limits)).length;
  const { deaths, sites } = answer;
  const missed = deaths.length - kept(deaths);
  return {
    question: `What happens when ${numberWord(servers.deaths)} ${servers.deaths === 1 ? "dies" : "die"}?`,
    answer: missed === 0 ? "Every limit holds" : `${missed} of ${deaths.length} sales miss a limit`,
    detail:
      `${kept(deaths)} of ${plural(deaths.length, "sale")} with ${plural(servers.deaths, "server")} of ` +
      `${scenario.servers.count} dying for good in the rush, and no other fault, kept every limit; ` +
      `${withUnit(estimateOf("undersold", deaths).mean, "")} of ${grouped(tickets)} tickets stayed ` +
      `unsold although wanted; sold out after ${withInterval(estimateOf("sellOutMs", deaths), "ms")}; ` +
      `p99 of those who get a ticket ${ticketP99(deaths)} (under the scenario's own faults ` +
      `${ticketP99(answer.base)}).` +
      (sites.length === 0
        ? ""
        : ` With ${Math.max(1, scenario.slo.sites)} of ${scenario.sites.length} sites lost for good ` +
          `${kept(sites)} of ${sites.length} kept every limit.`),
    command: replay(answer.deathsCell),
  };
}

/** "1 server dies", "5 servers die". */
export function dying(count: number): string {
  return `${plural(count, "server")} ${count === 1 ? "dies" : "die"}`;
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
    : `${grouped(passes)} ${passes === 1 ? what.replace(/servers$/u, "server") : what}`;
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
    requirement.noneSeenBound === null
      ? interval(requirement.estimate.low, requirement.estimate.high, requirement.unit)
      : `in < ${withUnit(requirement.noneSeenBound, "share")} of sales`,
    requirement.estimate.nextHigh === null || requirement.noneSeenBound !== null
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
