/** S2: what the answer rests on, and what is not modelled. */
import { outsideBands } from "../../../harness/calibration/file.ts";
import { duration, grouped } from "../../../sim/cli/text/format.ts";
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

function law(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
