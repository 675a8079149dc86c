/** The rounds: each puts every server under load in turn, so that all see the same machine. */
import { ab, wrk } from "./load.ts";
import type { LoadResult } from "./load.ts";
import { DIRECT, FRONTED } from "./contenders.ts";
import type { Contender, Contenders } from "./contenders.ts";

/** What was measured on one server in one way: one result for each round. */
export interface Series {
  readonly contender: Contender;
  /** wrk with keep-alive, ab with a connection for each request, ab with keep-alive. */
  readonly load: "wrk" | "ab" | "ab -k";
  readonly results: readonly Result[];
}

export interface Result extends LoadResult {
  /** Processor time of the server's own processes for each request, in microseconds. */
  readonly cpuUs: number;
}

const direct = Object.keys(DIRECT) as Contender[];
const fronted = Object.keys(FRONTED) as Contender[];

/** Before the first round each serves so many, and what is measured is compiled, or so long. */
const WARM_UP_REQUESTS = 100_000;
const WARM_UP_SECONDS_MAX = 20;

/** ab is reported only, and slow: it takes part in the first rounds. */
const AB_ROUNDS = 9;

export async function measure(
  contenders: Contenders,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: (what: string) => void,
): Promise<Series[]> {
  const every = [...direct, ...fronted];
  for (const contender of every) {
    say(`warming up: ${contender}`);
    await contenders.check(contender);
    let requests = 0;
    for (let second = 0; second < WARM_UP_SECONDS_MAX && requests < WARM_UP_REQUESTS; second += 1)
      requests += (await wrk(contenders.urlOf(contender), 1)).requests;
  }
  const plan = [
    ...every.map((contender) => ({ contender, load: "wrk" as const })),
    ...direct.map((contender) => ({ contender, load: "ab" as const })),
    ...direct.map((contender) => ({ contender, load: "ab -k" as const })),
  ].map((step) => ({ ...step, results: [] as Result[] }));
  for (let round = 0; round < rounds; round += 1) {
    await contenders.renewSales();
    // Forth and back, so that nobody is always measured right after the same neighbour.
    for (const { contender, load, results } of round % 2 === 0 ? plan : plan.toReversed()) {
      if (load !== "wrk" && round >= AB_ROUNDS) continue;
      say(`round ${round + 1} of ${rounds}: ${load} on ${contender}`);
      const url = contenders.urlOf(contender);
      const beforeUs = contenders.cpuUsOf(contender);
      const result = load === "wrk" ? await wrk(url, seconds) : await ab(url, load === "ab -k");
      const cpuUs = (contenders.cpuUsOf(contender) - beforeUs) / result.requests;
      results.push({ ...result, cpuUs });
    }
  }
  for (const contender of every) await contenders.check(contender);
  return plan;
}
