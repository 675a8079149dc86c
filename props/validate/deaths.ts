/**
 * Servers that die while their slices sell, at random instants.
 *
 * The closed forms take a dead server's sales for uniform: they count time by how far its slice
 * has come. On the clock that is not even where servers die one after the other, since those that
 * are left then sell faster; so the instants are drawn as progress and turned into times.
 *
 * One replication is a handful of sales whose instants are stratified: each coordinate takes one
 * value in every part of the time, so that few sales cover it evenly. Replications stay
 * independent of each other, and their mean unbiased.
 */
import type { Episode } from "../../sim/faults/vocabulary.ts";
import { Randomness } from "../../sim/kernel/random.ts";
import type { Stream } from "../../sim/kernel/random.ts";
import type { Sales } from "./check.ts";

export const SALES_PER_REPLICATION = 5;

export type Instants = "one" | "own";

const kept = new WeakMap<Sales, Map<string, readonly number[]>>();

/** Tickets left unsold in each sale of one replication, if `deaths` servers die. */
export function unsoldAfterDeaths(
  sales: Sales,
  deaths: number,
  instants: Instants,
  seed: bigint,
): readonly number[] {
  let bySeed = kept.get(sales);
  if (bySeed === undefined) kept.set(sales, (bySeed = new Map()));
  const key = `${deaths} ${instants} ${seed}`;
  let unsold = bySeed.get(key);
  if (unsold === undefined) bySeed.set(key, (unsold = sell(sales, deaths, instants, seed)));
  return unsold;
}

function sell(sales: Sales, deaths: number, instants: Instants, seed: bigint): readonly number[] {
  const { sale, buyers, servers } = sales.scenario;
  const sellingMs = (sale.tickets / buyers.ratePerSecond) * 1000;
  const random = new Randomness(seed);
  const together = stratified(random.stream("validate/deaths"));
  // Any of them: those that stand first in nginx's round are always a request ahead.
  const targets = permutation(random.stream("validate/targets"), servers.count);
  const alone = Array.from({ length: deaths }, (_, server) =>
    stratified(random.stream(`validate/deaths/${server}`)),
  );
  return Array.from({ length: SALES_PER_REPLICATION }, (_, i) => {
    const progress = alone.map((own) => (instants === "one" ? together[i] : own[i]));
    const episodes = timesOf(progress, servers.count).map((at, death): Episode => {
      return { kind: "server-crash", target: targets[death], atMs: at * sellingMs };
    });
    const saleSeed = seed * BigInt(SALES_PER_REPLICATION) + BigInt(i);
    return sale.tickets - sales.runWith(saleSeed, { schemaVersion: 1, episodes }).acked;
  });
}

/**
 * When each server's slice has come so far, as a share of the time that selling takes with all of
 * them: what `d` dead servers would sell goes to the others, who are n/(n - d) times as fast.
 */
function timesOf(progress: readonly number[], servers: number): number[] {
  const order = progress.map((_, server) => server).toSorted((a, b) => progress[a] - progress[b]);
  const times: number[] = [];
  let at = 0;
  let reached = 0;
  order.forEach((server, dead) => {
    at += ((progress[server] - reached) * (servers - dead)) / servers;
    reached = progress[server];
    times[server] = at;
  });
  return times;
}

/** One point in each of as many equal parts of [0, 1) as there are sales, in random order. */
function stratified(stream: Stream): number[] {
  return permutation(stream, SALES_PER_REPLICATION).map(
    (part, i) => (part + stream.uniform(i)) / SALES_PER_REPLICATION,
  );
}

/** The numbers below `count` in random order (Fisher and Yates). */
function permutation(stream: Stream, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const other = stream.integer(i, i + 1, 1);
    [numbers[i], numbers[other]] = [numbers[other], numbers[i]];
  }
  return numbers;
}
