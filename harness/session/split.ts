/**
 * How nginx spreads requests: a thousand of them, counted at the servers.
 *
 * They ask for a ticket of a sale that is not on. So each goes the way of a purchase, and none
 * costs stock: it is answered with 404.
 */
import { Agent, request } from "node:http";
import { nginxOf } from "../../sim/scenario/per-site.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { buildTopology } from "../../sim/world/topology.ts";
import { readMetrics } from "./metrics-page.ts";

export const SPLIT_REQUESTS = 1000;
const AT_ONCE = 50;
const NO_SALE = "rehearsal";
const TIMEOUT_MS = 10_000;

/** What a thousand requests to the first front, that of the first site, must come to. */
export interface ExpectedSplit {
  /** For each server: whether it stands behind the front that is asked, and not behind another. */
  readonly isAsked: readonly boolean[];
  /** What each server must get; null where nothing exact can be said. */
  readonly requests: readonly number[] | null;
  /** Why nothing exact can be said; null where it can. */
  readonly whyInexact: string | null;
}

export interface Split {
  readonly requests: number;
  readonly perServer: readonly {
    readonly port: number;
    readonly requests: number;
    readonly isAsked: boolean;
  }[];
  /** What each server must have got, 0 behind other fronts; null where nothing exact can be said. */
  readonly expected: readonly number[] | null;
  readonly whyInexact: string | null;
  readonly ok: boolean;
}

/** Through `front` (a base URL) to the servers on these ports, which nobody else uses meanwhile. */
export async function measureSplit(
  front: string,
  ports: readonly number[],
  expected: ExpectedSplit,
): Promise<Split> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const before = await countRefused(ports);
  let sent = 0;
  const askers = Array.from({ length: AT_ONCE }, async () => {
    for (; sent < SPLIT_REQUESTS;) {
      sent += 1;
      await askForNoTicket(front, agent);
    }
  });
  try {
    await Promise.all(askers);
  } finally {
    agent.destroy();
  }
  const after = await countRefused(ports);
  const counts = after.map((count, server) => count - before[server]);
  return judgeSplit(ports, counts, expected);
}

/** @param counts Of the thousand requests, how many each server got. */
export function judgeSplit(
  ports: readonly number[],
  counts: readonly number[],
  { isAsked, requests: expected, whyInexact }: ExpectedSplit,
): Split {
  return {
    requests: SPLIT_REQUESTS,
    perServer: ports.map((port, server) => ({
      port,
      requests: counts[server],
      isAsked: isAsked[server],
    })),
    expected,
    whyInexact,
    ok: expected === null || counts.every((count, server) => count === expected[server]),
  };
}

/**
 * Round robin by weight is exact over whole rounds: where one state of nginx serves all servers,
 * and a thousand requests are whole rounds. Servers of other sites get nothing while those of this
 * one live.
 */
export function expectedSplit(scenario: Scenario, weights: readonly number[]): ExpectedSplit {
  const { sites, siteOfServer } = buildTopology(scenario);
  const isAsked = siteOfServer.map((site) => site === 0);
  const asked = weights.map((weight, server) => (isAsked[server] ? weight : 0));
  const round = asked.reduce((sum, weight) => sum + weight, 0);
  const whyInexact = whyInexactOf(nginxOf(scenario, sites[0]), round);
  const requests =
    whyInexact === null ? asked.map((weight) => (SPLIT_REQUESTS * weight) / round) : null;
  return { isAsked, requests, whyInexact };
}

function whyInexactOf(nginx: Scenario["nginx"], round: number): string | null {
  const { method, workers, zone, max_conns, servers } = nginx;
  if (method !== "round_robin") return "this method does not go by weights alone";
  if (workers > 1 && !zone) return "without a zone each nginx worker counts rounds of its own";
  if (max_conns > 0) return "max_conns sends requests on to other servers";
  if (servers.length > 0) return "nginx.servers makes some servers unlike the others";
  if (SPLIT_REQUESTS % round !== 0) return "so many requests are no whole rounds of these weights";
  return null;
}

function countRefused(ports: readonly number[]): Promise<number[]> {
  return Promise.all(
    ports.map(async (port) => {
      const page = await readMetrics(`http://127.0.0.1:${port}`);
      return page.sum("onceonly_bad_requests_total", 'status="404"');
    }),
  );
}

function askForNoTicket(front: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ sale: NO_SALE });
    const asking = request(
      `${front}/buy/ticket`,
      {
        method: "POST",
        agent,
        timeout: TIMEOUT_MS,
        headers: { "content-type": "application/json", "content-length": body.length },
      },
      (answer) => {
        answer.resume();
        answer.once("error", reject);
        answer.once("end", resolve);
      },
    );
    asking.once("timeout", () => asking.destroy(new Error(`${front} does not answer`)));
    asking.once("error", reject);
    asking.end(body);
  });
}
