/**
 * How nginx spreads requests: a thousand of them, counted at the servers.
 *
 * They ask for a ticket of a sale that is not on. So each goes the way of a purchase, and none
 * costs stock: it is answered with 404.
 */
import { Agent, request } from "node:http";
import { nginxOf } from "../../sim/scenario/per-site.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { readMetrics } from "./metrics-page.ts";

export const SPLIT_REQUESTS = 1000;
const AT_ONCE = 50;
const NO_SALE = "rehearsal";
const TIMEOUT_MS = 10_000;

export interface Split {
  readonly requests: number;
  readonly perServer: readonly { readonly port: number; readonly requests: number }[];
  /** What each server must have got; null where nginx does not go by weights alone. */
  readonly expected: readonly number[] | null;
  readonly ok: boolean;
}

/** Through `front` (a base URL) to the servers on these ports, which nobody else uses meanwhile. */
export async function measureSplit(
  front: string,
  ports: readonly number[],
  expected: readonly number[] | null,
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
  const perServer = ports.map((port, i) => ({ port, requests: after[i] - before[i] }));
  const ok =
    expected === null || perServer.every(({ requests }, server) => requests === expected[server]);
  return { requests: SPLIT_REQUESTS, perServer, expected, ok };
}

/**
 * Round robin by weight is exact over whole rounds: where one state of nginx serves all servers,
 * and a thousand requests are whole rounds.
 */
export function expectedSplit(scenario: Scenario, weights: readonly number[]): number[] | null {
  const { method, workers, zone, max_conns, servers } = nginxOf(scenario, scenario.sites[0]);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const isExact =
    method === "round_robin" &&
    (workers === 1 || zone) &&
    max_conns === 0 &&
    servers.length === 0 &&
    scenario.sites.length === 1 &&
    SPLIT_REQUESTS % total === 0;
  return isExact ? weights.map((weight) => (SPLIT_REQUESTS * weight) / total) : null;
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
