/**
 * A small sale drawn from the seed: what a sweep runs a thousand of in the time of one big one.
 *
 * The smaller the sale, the more of its life is an edge case: the last ticket, the second request
 * of a buyer, a hold that runs out in mid-outage. Every field has a stream of its own, so a field
 * that is added here moves the draws of no other.
 */
import * as v from "valibot";
import { Randomness } from "../kernel/random.ts";
import type { Stream } from "../kernel/random.ts";
import { SCHEDULER_NAMES } from "../network/lvs/schedulers/create.ts";
import { ScenarioSchema } from "./schema.ts";
import type { Scenario } from "./schema.ts";

const NGINX_METHODS = [
  "round_robin",
  "ip_hash",
  "hash",
  "hash consistent",
  "least_conn",
  "random",
  "random two",
] as const;

type ScenarioInput = v.InferInput<typeof ScenarioSchema>;

/** The fields of one seed, each drawn under its own name. */
class Fields {
  readonly #randomness: Randomness;

  constructor(seed: bigint) {
    this.#randomness = new Randomness(seed);
  }

  #stream(name: string): Stream {
    return this.#randomness.stream(`small/${name}`);
  }

  whole(name: string, least: number, most: number): number {
    return this.#stream(name).between(0, least, most);
  }

  /** To the hundredth. */
  share(name: string, least: number, most: number): number {
    return this.whole(name, Math.round(least * 100), Math.round(most * 100)) / 100;
  }

  chance(name: string, probability: number): boolean {
    return this.#stream(name).chance(1, probability);
  }

  /** 0 in half of the seeds: swarm testing leaves features out, not only faults. */
  shareOrNone(name: string, least: number, most: number): number {
    return this.chance(name, 0.5) ? this.share(name, least, most) : 0;
  }

  oneOf<T>(name: string, choices: readonly T[]): T {
    return choices[this.#stream(name).integer(2, choices.length)];
  }

  list(name: string, length: number, least: number, most: number): number[] {
    const stream = this.#stream(name);
    return Array.from({ length }, (_, i) => stream.between(i, least, most));
  }
}

/** The scenario `small` of this seed: 2 to 8 servers, 10 to 200 tickets, 100 to 2000 buyers. */
export function drawSmallScenario(seed: bigint): Scenario {
  const fields = new Fields(seed);
  const input = fields.chance("quota.refill", 1 / 8)
    ? withoutRefill(drawInput(fields), fields)
    : drawInput(fields);
  return v.parse(ScenarioSchema, input);
}

function drawInput(fields: Fields): ScenarioInput {
  const servers = fields.whole("servers.count", 2, 8);
  return {
    name: "small",
    description: "a small sale, drawn from the seed",
    sites: fields.oneOf("sites", [["east"], ["east", "west"]]),
    ...drawSale(fields),
    servers: {
      count: servers,
      buffer: fields.whole("servers.buffer", 0, 20),
      ...(fields.chance("servers.weighted", 0.5) && {
        weights: fields.list("servers.weights", servers, 1, 4),
      }),
      queueLimit: fields.oneOf("servers.queueLimit", [16, 1024]),
    },
    rules: {
      pollMs: fields.whole("rules.pollMs", 10, 200),
      callTimeoutMs: fields.whole("rules.callTimeoutMs", 50, 500),
      requestLifetimeMs: fields.whole("rules.requestLifetimeMs", 500, 2000),
      settleMs: fields.whole("rules.settleMs", 100, 1000),
      batchMax: fields.oneOf("rules.batchMax", [1, 3, 100]),
      inflightMax: fields.whole("rules.inflightMax", 1, 4),
    },
    orders: {
      workers: fields.whole("orders.workers", 1, 3),
      batchMax: fields.oneOf("orders.batchMax", [1, 10, 100]),
      pollMs: fields.whole("orders.pollMs", 20, 200),
      claimIdleMs: fields.whole("orders.claimIdleMs", 1000, 5000),
      sweepMs: fields.whole("orders.sweepMs", 100, 1000),
      sweepLimit: fields.oneOf("orders.sweepLimit", [1, 10, 100]),
    },
    ...drawNetwork(fields),
    payments: { redeliverMs: fields.whole("payments.redeliverMs", 100, 1000) },
  };
}

function drawSale(fields: Fields): Pick<ScenarioInput, "sale" | "buyers"> {
  const holdMs = fields.whole("sale.holdMs", 2000, 20_000);
  return {
    sale: {
      tickets: fields.whole("sale.tickets", 10, 200),
      holdMs,
      graceMs: fields.whole("sale.graceMs", 0, 2000),
      maxPerBuyer: fields.oneOf("sale.maxPerBuyer", [0, 1, 2, 4]),
      latePayment: fields.oneOf("sale.latePayment", ["lazy", "strict", "revive"]),
    },
    buyers: {
      count: fields.whole("buyers.count", 100, 2000),
      ratePerSecond: fields.whole("buyers.ratePerSecond", 100, 2000),
      noShow: fields.shareOrNone("buyers.noShow", 0.1, 0.5),
      payLate: fields.shareOrNone("buyers.payLate", 0.1, 0.5),
      payTwice: fields.shareOrNone("buyers.payTwice", 0.05, 0.3),
      cancelPaid: fields.shareOrNone("buyers.cancelPaid", 0.1, 0.5),
      changeQuantity: fields.shareOrNone("buyers.changeQuantity", 0.1, 0.5),
      cancel: fields.shareOrNone("buyers.cancel", 0.1, 0.5),
      doubleClick: fields.shareOrNone("buyers.doubleClick", 0.1, 0.5),
      quantities: fields.oneOf("buyers.quantities", [[1], [1], [4, 1], [1, 1, 1], [0, 1]]),
      payAfterMs: { least: 50, most: Math.round(holdMs * 0.9) },
      timeoutMs: fields.whole("buyers.timeoutMs", 1000, 10_000),
      returning: {
        share: fields.shareOrNone("buyers.returning.share", 0.2, 1),
        afterMs: { least: Math.round(holdMs / 4), most: holdMs },
        patienceMs: 3 * holdMs,
      },
      bots: {
        share: fields.shareOrNone("buyers.bots.share", 0.01, 0.05),
        requests: fields.whole("buyers.bots.requests", 2, 10),
        addresses: 4,
      },
    },
  };
}

function drawNetwork(fields: Fields): Pick<ScenarioInput, "ospf" | "lvs" | "nginx"> {
  const method = fields.oneOf("nginx.method", NGINX_METHODS);
  return {
    ospf: { hashPolicy: fields.oneOf("ospf.hashPolicy", [0, 1]) },
    lvs: {
      directorsPerSite: fields.whole("lvs.directorsPerSite", 1, 2),
      scheduler: fields.oneOf("lvs.scheduler", SCHEDULER_NAMES),
      // Under `ovf` the weight is a number of connections, and one would be none to spare.
      weight: 1000,
      mode: fields.oneOf("lvs.mode", ["nat", "dr", "tun"]),
      persistenceSeconds: fields.oneOf("lvs.persistenceSeconds", [0, 0, 0, 5]),
    },
    nginx: {
      perSite: fields.whole("nginx.perSite", 1, 3),
      workers: fields.whole("nginx.workers", 1, 2),
      zone: fields.chance("nginx.zone", 0.5),
      method,
      // nginx knows backup servers with these methods only.
      backupSites:
        (method === "round_robin" || method === "least_conn") &&
        fields.chance("nginx.backupSites", 0.5),
    },
  };
}

/**
 * The same sale with slices that are never refilled. The published arithmetic of the buffer speaks
 * of tickets that stay sold, of buyers enough for every server, and of traffic that follows the
 * weights; outside of that it promises nothing.
 */
function withoutRefill(input: ScenarioInput, fields: Fields): ScenarioInput {
  return {
    ...input,
    sites: ["east"],
    quota: { refill: "off" },
    sale: { ...input.sale, tickets: fields.whole("sale.tickets", 10, 100) },
    servers: {
      count: fields.whole("servers.count", 2, 8),
      buffer: fields.whole("servers.buffer", 0, 50),
    },
    buyers: {
      ...input.buyers,
      count: 2000,
      quantities: [1],
      noShow: 0,
      payLate: 0,
      cancel: 0,
      bots: { share: 0 },
    },
    nginx: { ...input.nginx, method: "round_robin", backupSites: false },
  };
}
