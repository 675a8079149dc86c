/** S2: what the answer rests on, and what is not modelled. */
import { outsideBands } from "../../../harness/calibration/file.ts";
import { duration, grouped, plural } from "../../../sim/cli/text/format.ts";
import type { Scenario } from "../../../sim/scenario/schema.ts";
import { list, paragraph, section, table } from "../blocks.ts";
import type { Context } from "../context.ts";
import { withUnit } from "../numbers.ts";
import type { Section } from "../schema.ts";

export function assumptionsSection({ scenario, effort, calibration }: Context): Section {
  const { buyers, servers, redis, nginx, orders, lvs, sale } = scenario;
  const { file } = calibration;
  const origin =
    file !== null && calibration.status === "VALID" && outsideBands(file).length === 0
      ? "assumed; what follows from it is calibrated"
      : "assumed";
  const row = (what: string, value: string, from = origin): string[] => [what, value, from];
  return section("S2", "Assumptions", [
    table(
      "What the answer rests on. Assumed: taken from the scenario, measured nowhere.",
      ["Input", "Value", "From"],
      [
        row("arrivals", `${grouped(buyers.ratePerSecond)} a second, exponential gaps`, "assumed"),
        row("never pay", withUnit(buyers.noShow, "share"), "assumed"),
        row("come back after a refusal", withUnit(buyers.returning.share, "share"), "assumed"),
        row(
          "network between buyers and the sites, one way",
          `${range(buyers.networkMs)} ms`,
          "assumed",
        ),
        row(
          "buyers without an answer",
          `ask again after ${duration(buyers.timeoutMs)}, ${plural(buyers.retries, "time")} at most`,
          "assumed",
        ),
        row("the scenario's own faults", faultsText(scenario), "decided"),
        row("hold of an unpaid ticket", duration(sale.holdMs), "decided"),
        row(
          "ticket server: work on a request",
          `${servers.serviceUs} µs, ${law(servers.serviceLaw)}`,
        ),
        row("nginx: work on a request", `${nginx.serviceUs} µs, ${law(nginx.serviceLaw)}`),
        row(
          "Redis: a call, and each item in it",
          `${redis.callUs} µs, ${redis.itemUs} µs, ${law(redis.callLaw)}`,
        ),
        row("server to Redis, one way", `${redis.linkUs} µs`),
        row(
          "order database: a transaction",
          `${orders.transactionUs} µs on ${orders.connections} connections`,
        ),
        row("director: work on a packet", `${lvs.packetUs} µs`),
        row(
          "sweeps",
          `${grouped(effort.sweepTickets)} tickets and ${grouped(effort.sweepBuyers)} buyers (report.sweepScale ${scenario.report.sweepScale}) on the same machines`,
          "decided",
        ),
        row(
          "sweeps of buffers",
          `${grouped(effort.rushTickets)} tickets, only the rush: nobody pays or comes back`,
          "decided",
        ),
      ],
    ),
    paragraph("What is not modelled:"),
    list([
      "TCP beyond connection and reset: no congestion, no retransmission, no TLS.",
      "CPU contention between processes of one machine, garbage collection, page faults.",
      "Redis losing what it acknowledged (failover, power loss), and persistence's own cost.",
      "Buyers who react to the news of the sale: arrivals are a Poisson stream of constant rate.",
      "The inside of the payment provider and of the order database beyond a queue with service times.",
    ]),
  ]);
}

/** "server-crash ×3 to 6, redis-stall". */
function faultsText({ faults }: Scenario): string {
  if (faults.length === 0) return "none";
  return faults
    .map(({ kind, count, moment }) => {
      const where = moment === undefined ? kind : `${kind} (${moment})`;
      const times = count === undefined ? "1" : range(count);
      return times === "1" ? where : `${where} ×${times}`;
    })
    .join(", ");
}

function range(value: number | { readonly least: number; readonly most: number }): string {
  return typeof value === "number" ? String(value) : `${value.least} to ${value.most}`;
}

function law(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
