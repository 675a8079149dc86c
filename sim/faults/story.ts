/** A failed run as one sentence that a person understands: who was there, what failed, what broke. */
import type { RunConfig, SimulationResult } from "../result.ts";
import { buildTopology } from "../world/topology.ts";
import { inOrderOfTime } from "./draw.ts";
import { targetNames } from "./targets.ts";
import type { Episode } from "./vocabulary.ts";

/** More than these are counted, not told. */
const EPISODES_TOLD_MAX = 5;

/**
 * For example: "4 buyers want 1 ticket from 2 servers; at 12.5 ms server-1 dies after a counter
 * call and before its answer; at 60.1 ms no-oversell breaks: …". Episodes after the violation had
 * no part in it and are left out.
 */
export function story(config: RunConfig, result: SimulationResult): string {
  const { scenario, plan } = config;
  const broken = result.invariants
    .filter(({ ok }) => !ok)
    .toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity))[0];
  const untilMs = broken?.atMs ?? Number.POSITIVE_INFINITY;
  const topology = buildTopology(scenario);
  const before = inOrderOfTime(plan.episodes).filter(({ atMs }) => atMs <= untilMs);
  const told = before
    .slice(0, EPISODES_TOLD_MAX)
    .map((episode) => tellEpisode(episode, targetNames(episode.kind, topology)));
  if (before.length > told.length) told.push(`${before.length - told.length} more faults follow`);
  return [
    `${plural(scenario.buyers.count, "buyer")} ` +
      `${scenario.buyers.count === 1 ? "wants" : "want"} ${plural(scenario.sale.tickets, "ticket")} ` +
      `from ${plural(scenario.servers.count, "server")}`,
    ...told,
    tellEnd(broken, result),
  ].join("; ");
}

function tellEnd(
  broken: SimulationResult["invariants"][number] | undefined,
  result: SimulationResult,
): string {
  if (broken !== undefined) {
    const when = broken.atMs === null ? "in the end" : `at ${time(broken.atMs)}`;
    return `${when} ${broken.name} breaks: ${broken.detail}`;
  }
  if (result.verdict === "no-progress")
    return `in the end something is still pending: ${result.pending.join("; ")}`;
  return "nothing breaks";
}

function tellEpisode(episode: Episode, names: readonly string[] | null): string {
  const { atMs, forMs } = episode;
  const who = names === null ? "" : (names[episode.target ?? -1] ?? "nobody");
  const lasting = forMs === undefined ? "" : ` for ${time(forMs)}`;
  return `at ${time(atMs)} ${tellFault(episode, who)}${lasting}`;
}

function tellFault(episode: Episode, who: string): string {
  const { share = 0, delayMs = 0 } = episode;
  switch (episode.kind) {
    case "server-crash":
      return episode.moment === "after-call"
        ? `${who} dies after a counter call and before its answer`
        : `${who} dies`;
    case "server-pause":
      return `${who} is stopped`;
    case "server-slow":
      return `${who} is ${episode.factor ?? 1} times slower`;
    case "server-counter-cut":
      return `${who} loses ${tellDirection(episode.direction)} Redis`;
    case "server-front-cut":
      return `${who} is cut off from nginx`;
    case "nginx-crash":
    case "director-crash":
    case "router-crash":
      return `${who} dies`;
    case "nginx-reload":
      return `${who} reads its configuration again`;
    case "nginx-worker-crash":
      return `a worker process of ${who} dies`;
    case "link-cut":
      return `link ${who} is cut${episode.silent === true ? " silently" : ""}`;
    case "link-cost":
      return `link ${who} gets cost ${episode.cost ?? 1}`;
    case "site-loss":
      return `site ${who} is lost`;
    case "redis-stall":
      return "Redis stalls";
    case "redis-restart":
      return "Redis restarts";
    case "redis-replies-lost":
      return `${percent(share)} of Redis's replies are lost after the call was applied`;
    case "redis-requests-lost":
      return `${percent(share)} of the calls to Redis are lost`;
    case "redis-duplicates":
      return `${percent(share)} of the calls reach Redis twice`;
    case "redis-delay":
      return `messages to and from Redis take ${time(delayMs)} longer`;
    case "redis-clock-jump":
      return `Redis's clock steps ${delayMs < 0 ? "back" : "forward"} by ${time(Math.abs(delayMs))}`;
    case "worker-crash":
      return episode.moment === "after-commit"
        ? `${who} dies after a commit and before it acknowledges it`
        : `${who} dies`;
    case "database-stall":
      return "the order database stalls";
    case "buyer-replies-lost":
      return `${percent(share)} of the answers to buyers are lost`;
    case "payment-delay":
      return `payment messages come ${time(delayMs)} later`;
    default:
      episode.kind satisfies "payment-duplicates";
      return `${percent(share)} of the payment messages are delivered twice`;
  }
}

function tellDirection(direction: Episode["direction"]): string {
  switch (direction) {
    case "requests":
      return "its calls to";
    case "replies":
      return "the replies of";
    default:
      return "its connection to";
  }
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function time(ms: number): string {
  return ms < 1000 ? `${Number(ms.toFixed(3))} ms` : `${Number((ms / 1000).toFixed(4))} s`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
