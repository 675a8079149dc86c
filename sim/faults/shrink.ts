/**
 * Makes a failing run small: the plan and the sizes shrink, the seed stays.
 *
 * Because every draw is keyed by its meaning, a run with fewer buyers resembles the run it came
 * from: buyer 17 of it does what buyer 17 did. A candidate is accepted if the same invariant breaks,
 * whatever else breaks with it; the budget is a number of runs and not a time, so that everybody
 * shrinks to the same result.
 */
import type { InvariantName } from "../../core/invariants/findings.ts";
import { UsageError } from "../cli/usage-error.ts";
import type { RunConfig, SimulationResult } from "../result.ts";
import { checkConsistency } from "../scenario/consistency.ts";
import type { Scenario } from "../scenario/schema.ts";
import { NEUTRAL_KNOBS } from "./neutral-knobs.ts";
import { onScenario } from "./retarget.ts";
import {
  withBuyers,
  withDirectors,
  withNginx,
  withServers,
  withSites,
  withTickets,
  withWorkers,
} from "./sizes.ts";
import type { Episode } from "./vocabulary.ts";

export interface ShrinkOptions {
  /** Runs that may be made, the first one, of the failing run itself, included. */
  readonly runs: number;
  runOne(config: RunConfig): Promise<SimulationResult>;
  onProgress?(done: number, of: number): void;
}

export interface Shrunk {
  readonly config: RunConfig;
  readonly result: SimulationResult;
  readonly runsUsed: number;
}

/** Throws an Error if the run to shrink does not break the invariant. */
export async function shrink(
  failing: RunConfig,
  invariant: InvariantName,
  options: ShrinkOptions,
): Promise<Shrunk> {
  const search = await Search.begin(failing, invariant, options);
  for (let improved = true; improved && !search.isSpent();) {
    const before = search.best;
    for (const pass of PASSES) {
      // oxlint-disable-next-line no-await-in-loop -- each pass starts from what the last one found
      await pass(search);
    }
    improved = search.best !== before;
  }
  return { config: search.best, result: search.result, runsUsed: search.runsUsed };
}

/** The smallest failing run so far, and the runs it took. */
class Search {
  readonly #invariant: InvariantName;
  readonly #options: ShrinkOptions;
  /** A second round asks many questions of the first again. */
  readonly #rejected = new Set<string>();
  best: RunConfig;
  result: SimulationResult;
  runsUsed = 1;

  private constructor(
    invariant: InvariantName,
    options: ShrinkOptions,
    best: RunConfig,
    result: SimulationResult,
  ) {
    this.#invariant = invariant;
    this.#options = options;
    this.best = best;
    this.result = result;
  }

  static async begin(
    failing: RunConfig,
    invariant: InvariantName,
    options: ShrinkOptions,
  ): Promise<Search> {
    const result = await options.runOne(failing);
    const search = new Search(invariant, options, failing, result);
    if (!search.#fails(result))
      throw new Error(`the run to shrink does not break ${invariant}, so nothing can be kept`);
    return search;
  }

  isSpent(): boolean {
    return this.runsUsed >= this.#options.runs;
  }

  /** When the invariant broke; the end of time if only the end of the run showed it. */
  violatedAtMs(): number {
    const found = this.result.invariants.find(({ name }) => name === this.#invariant);
    return found?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Runs the candidate and keeps it if it fails the same way. False, too, once the budget is spent. */
  async accepts(candidate: RunConfig): Promise<boolean> {
    const key = JSON.stringify([candidate.scenario, candidate.plan]);
    if (this.isSpent() || this.#rejected.has(key)) return false;
    this.runsUsed += 1;
    const result = await this.#run(candidate);
    this.#options.onProgress?.(this.runsUsed, this.#options.runs);
    if (result === null || !this.#fails(result)) {
      this.#rejected.add(key);
      return false;
    }
    this.best = candidate;
    this.result = result;
    return true;
  }

  acceptsScenario(scenario: Scenario): Promise<boolean> {
    return this.accepts(onScenario(this.best, scenario));
  }

  acceptsEpisodes(episodes: readonly Episode[]): Promise<boolean> {
    return this.accepts({ ...this.best, plan: { ...this.best.plan, episodes: [...episodes] } });
  }

  /** Null if the candidate is no legal run. */
  async #run(candidate: RunConfig): Promise<SimulationResult | null> {
    try {
      checkConsistency(candidate.scenario);
      return await this.#options.runOne(candidate);
    } catch (error) {
      if (error instanceof UsageError) return null;
      throw error;
    }
  }

  #fails(result: SimulationResult): boolean {
    return result.invariants.some(({ name, ok }) => name === this.#invariant && !ok);
  }
}

type Pass = (search: Search) => Promise<void>;

/** In the order of what saves most time in the runs that follow. */
const PASSES: readonly Pass[] = [
  truncate,
  (search) => fewer(search, (s) => s.buyers.count, withBuyers),
  fewerEpisodes,
  scaleDown,
  (search) => fewer(search, (s) => s.sale.tickets, withTickets),
  (search) => fewer(search, (s) => s.sites.length, withSites),
  (search) => fewer(search, (s) => s.servers.count, withServers),
  (search) => fewer(search, (s) => s.nginx.perSite, withNginx),
  (search) => fewer(search, (s) => s.lvs.directorsPerSite, withDirectors),
  (search) => fewer(search, (s) => s.orders.workers, withWorkers),
  neutralKnobs,
  shorterEpisodes,
  earlierEpisodes,
];

/** What comes after the violation had no part in it. */
async function truncate(search: Search): Promise<void> {
  const { scenario, plan } = search.best;
  const untilMs = search.violatedAtMs();
  const episodes = plan.episodes.filter(({ atMs }) => atMs <= untilMs);
  // The templates went into the plan; in a shrunk scenario they would only mislead.
  const candidate = {
    ...search.best,
    scenario: { ...scenario, faults: [] },
    plan: { ...plan, episodes },
  };
  if (episodes.length < plan.episodes.length || scenario.faults.length > 0)
    await search.accepts(candidate);
}

/** Makes one number of the scenario as small as it can be. */
async function fewer(
  search: Search,
  get: (scenario: Scenario) => number,
  set: (scenario: Scenario, value: number) => Scenario,
): Promise<void> {
  await smallest(get(search.best.scenario), 1, (value) =>
    search.acceptsScenario(set(search.best.scenario, value)),
  );
}

/** Above this, within a tenth of the smallest is small enough. */
const EXACT_MAX = 64;

/** Looks for the smallest value from `least` on that still fails, the cheap small ones first. */
async function smallest(
  current: number,
  least: number,
  fails: (value: number) => Promise<boolean>,
): Promise<void> {
  if (current <= least || (await fails(least))) return;
  let low = least;
  let high = current;
  while (high - low > 1 && (high <= EXACT_MAX || high > low * 1.1)) {
    const middle = Math.floor(high > 4 * low ? Math.sqrt(low * high) : (low + high) / 2);
    // oxlint-disable-next-line no-await-in-loop -- a bisection
    if (await fails(middle)) high = middle;
    else low = middle;
  }
}

/**
 * Many bugs need more buyers than tickets, and faults while tickets are sold: none of the three can
 * then fall alone.
 */
async function scaleDown(search: Search): Promise<void> {
  for (const divisor of [100, 10, 2, 2, 2]) {
    const { scenario, plan } = search.best;
    const scaled = withBuyers(
      withTickets(scenario, Math.ceil(scenario.sale.tickets / divisor)),
      Math.ceil(scenario.buyers.count / divisor),
    );
    const episodes = plan.episodes.map((episode) => ({ ...episode, atMs: episode.atMs / divisor }));
    const candidate = { ...search.best, scenario: scaled, plan: { ...plan, episodes } };
    // oxlint-disable-next-line no-await-in-loop -- each starts from what the last one found
    if (scenario.buyers.count > 1) await search.accepts(candidate);
  }
}

/** Delta debugging: leaves out ever smaller runs of neighbours. */
async function fewerEpisodes(search: Search): Promise<void> {
  if (search.best.plan.episodes.length === 0 || (await search.acceptsEpisodes([]))) return;
  let size = Math.ceil(search.best.plan.episodes.length / 2);
  while (size >= 1) {
    let removed = false;
    for (let from = 0; from < search.best.plan.episodes.length;) {
      const { episodes } = search.best.plan;
      const rest = [...episodes.slice(0, from), ...episodes.slice(from + size)];
      // oxlint-disable-next-line no-await-in-loop -- each starts from what the last one found
      if (rest.length > 0 && (await search.acceptsEpisodes(rest))) removed = true;
      else from += size;
    }
    if (size > 1) size = Math.floor(size / 2);
    else if (!removed) return;
  }
}

/** Faults that begin earlier leave room for a shorter sale in the next round. */
async function earlierEpisodes(search: Search): Promise<void> {
  for (let i = 0; i < search.best.plan.episodes.length; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one episode after the other
    await smallest(Math.ceil(search.best.plan.episodes[i].atMs), 1, (atMs) =>
      search.acceptsEpisodes(changed(search.best.plan.episodes, i, { atMs })),
    );
  }
}

async function shorterEpisodes(search: Search): Promise<void> {
  for (let i = 0; i < search.best.plan.episodes.length; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one episode after the other
    await smallest(Math.ceil(search.best.plan.episodes[i].forMs ?? 0), 1, (forMs) =>
      search.acceptsEpisodes(changed(search.best.plan.episodes, i, { forMs })),
    );
  }
}

function changed(
  episodes: readonly Episode[],
  index: number,
  change: Partial<Episode>,
): readonly Episode[] {
  return episodes.map((episode, i) => (i === index ? { ...episode, ...change } : episode));
}

async function neutralKnobs(search: Search): Promise<void> {
  for (const toNeutral of NEUTRAL_KNOBS) {
    const neutral = toNeutral(search.best.scenario);
    if (JSON.stringify(neutral) === JSON.stringify(search.best.scenario)) continue;
    // oxlint-disable-next-line no-await-in-loop -- each starts from what the last one found
    await search.acceptsScenario(neutral);
  }
}
