/**
 * Whether a fault plan can be played on a scenario: every field known, every target there, nothing
 * asked for that the design does not promise to survive.
 *
 * The schema knows each field by itself; this file knows which fields a kind of fault needs, and
 * how many machines the scenario has. A field that a kind would ignore is an error too: who writes
 * `factor` on a crash believes that it does something.
 */
import { UsageError } from "../cli/usage-error.ts";
import { parseOrExplain } from "../scenario/explain.ts";
import type { Scenario } from "../scenario/schema.ts";
import { buildTopology } from "../world/topology.ts";
import { targetNames } from "./targets.ts";
import { EXCLUDED_FAULTS, FAULT_TARGETS, FaultPlanSchema } from "./vocabulary.ts";
import type { Episode, FaultKind, FaultPlan } from "./vocabulary.ts";

type Detail = "factor" | "share" | "delayMs" | "direction" | "moment" | "silent" | "cost";

/** Of a fault that has no end of its own: it changes something for good, or is over at once. */
export type FixedDuration = "good" | "a moment";

interface DetailRule {
  readonly needs?: Detail;
  readonly allows?: readonly Detail[];
  readonly moments?: readonly NonNullable<Episode["moment"]>[];
  readonly lasts?: FixedDuration;
}

const DETAIL_RULES: Readonly<Record<FaultKind, DetailRule>> = {
  "server-crash": { allows: ["moment"], moments: ["any", "after-call"] },
  "server-pause": {},
  "server-slow": { needs: "factor" },
  "server-counter-cut": { allows: ["direction"] },
  "server-front-cut": {},
  "nginx-crash": {},
  "nginx-reload": { lasts: "a moment" },
  "nginx-worker-crash": { lasts: "a moment" },
  "director-crash": {},
  "router-crash": {},
  "link-cut": { allows: ["silent"] },
  "link-cost": { needs: "cost" },
  "site-loss": {},
  "redis-stall": {},
  "redis-restart": {},
  "redis-replies-lost": { needs: "share" },
  "redis-requests-lost": { needs: "share" },
  "redis-duplicates": { needs: "share" },
  "redis-delay": { needs: "delayMs" },
  "redis-clock-jump": { needs: "delayMs", lasts: "good" },
  "worker-crash": { allows: ["moment"], moments: ["any", "after-commit"] },
  "database-stall": {},
  "buyer-replies-lost": { needs: "share" },
  "payment-delay": { needs: "delayMs" },
  "payment-duplicates": { needs: "share" },
};

/** How long every fault of that kind lasts; null: as long as its episode says. */
export function fixedDuration(kind: FaultKind): FixedDuration | null {
  return DETAIL_RULES[kind].lasts ?? null;
}

const DETAILS: readonly Detail[] = [
  "factor",
  "share",
  "delayMs",
  "direction",
  "moment",
  "silent",
  "cost",
];

/**
 * Throws a UsageError that names the field, as `episodes.2.target`, and says what would be right.
 * Takes anything, so that a plan read from a file is checked by this one call; `where` is what the
 * message calls it.
 */
export function checkPlan(
  plan: unknown,
  scenario: Scenario,
  where = "fault plan",
): asserts plan is FaultPlan {
  refuseExcluded(plan, where);
  const { episodes } = parseOrExplain(FaultPlanSchema, plan, where);
  const topology = buildTopology(scenario);
  episodes.forEach((episode, i) => {
    const at = `${where}: episodes.${i}`;
    checkTarget(episode, targetNames(episode.kind, topology), at);
    checkDetails(episode, at);
  });
}

/** The schema would only say that the kind is unknown; the reason is what a person needs. */
function refuseExcluded(plan: unknown, where: string): void {
  const episodes: unknown = (plan as { episodes?: unknown } | null)?.episodes;
  if (!Array.isArray(episodes)) return;
  episodes.forEach((episode: { kind?: unknown } | null, i) => {
    const kind = episode?.kind;
    if (typeof kind !== "string" || !Object.hasOwn(EXCLUDED_FAULTS, kind)) return;
    throw new UsageError(
      `${where}: episodes.${i}.kind: ${kind} is excluded: ${EXCLUDED_FAULTS[kind]}`,
    );
  });
}

function checkTarget(episode: Episode, names: readonly string[] | null, at: string): void {
  const { kind, target } = episode;
  if (names === null) {
    if (target !== undefined) throw new UsageError(`${at}.target: ${kind} takes no target`);
    return;
  }
  const what = FAULT_TARGETS[kind];
  const right = `${kind} needs the number of a ${what} from 0 to ${names.length - 1}`;
  if (target === undefined) throw new UsageError(`${at}.target: missing: ${right}`);
  if (target >= names.length)
    throw new UsageError(`${at}.target: there is no ${what} ${target}: ${right}`);
}

function checkDetails(episode: Episode, at: string): void {
  const { kind } = episode;
  const { needs, allows, moments } = DETAIL_RULES[kind];
  if (needs !== undefined && episode[needs] === undefined)
    throw new UsageError(`${at}.${needs}: missing: ${kind} needs it`);
  for (const detail of DETAILS) {
    if (episode[detail] !== undefined && detail !== needs && allows?.includes(detail) !== true)
      throw new UsageError(`${at}.${detail}: ${kind} takes no ${detail}`);
  }
  if (episode.moment !== undefined && moments?.includes(episode.moment) !== true)
    throw new UsageError(
      `${at}.moment: ${kind} cannot happen ${episode.moment}: give ${moments?.join(" or ")}`,
    );
  if (fixedDuration(kind) !== null && episode.forMs !== undefined)
    throw new UsageError(`${at}.forMs: ${kind} happens at one instant and does not end`);
  if (episode.delayMs !== undefined && episode.delayMs < 0 && kind !== "redis-clock-jump")
    throw new UsageError(`${at}.delayMs: ${kind} cannot make anything earlier: give 0 or more`);
}
