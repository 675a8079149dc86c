/**
 * A scenario: one sale, its buyers, the machines and the network between them, and what fails.
 * Every key has a default, so a scenario file says only what is special about it. Times are in
 * milliseconds (`…Ms`) or microseconds (`…Us`).
 */
import * as v from "valibot";
import { FAULT_KINDS } from "../faults/vocabulary.ts";
import { SCHEDULER_NAMES } from "../network/lvs/schedulers/create.ts";
import { amount, drawn, milliseconds, share, whole } from "./fields.ts";
import { ReportSchema, SloSchema } from "./requirements.ts";

/** An object whose keys are all optional, and which is there even if not written. */
const section = <T extends v.ObjectEntries>(entries: T) =>
  v.optional(v.strictObject(entries), {} as never);

const microseconds = () => amount(0, 10_000_000);

/** The shape of service times around their mean; see sim/kernel/service-law.ts. */
const law = () =>
  v.optional(
    v.union([
      v.picklist(["constant", "exponential"]),
      v.strictObject({ squaredVariation: amount(1, 100) }),
      v.strictObject({
        quantiles: v.pipe(
          v.array(amount(0, 1e9)),
          v.minLength(2),
          v.maxLength(1001),
          v.check(ascending, "quantiles must not descend, and the last must be above 0"),
        ),
      }),
    ]),
    "constant",
  );

function ascending(quantiles: number[]): boolean {
  return (
    quantiles.at(-1)! > 0 && quantiles.every((value, i) => i === 0 || value >= quantiles[i - 1])
  );
}

const SaleSchema = section({
  tickets: v.optional(whole(1, 10_000_000), 10_000),
  /** How long an unpaid ticket is held. */
  holdMs: v.optional(v.pipe(milliseconds(), v.integer(), v.minValue(1)), 600_000),
  /** A hold is swept this long after its deadline, for payments on their way. */
  graceMs: v.optional(v.pipe(milliseconds(), v.integer()), 30_000),
  /** Tickets one buyer may hold and own together; 0: no limit. */
  maxPerBuyer: v.optional(whole(0, 999_999_999), 1),
  latePayment: v.optional(v.picklist(["lazy", "strict", "revive"]), "revive"),
});

const BuyersSchema = section({
  count: v.optional(whole(1, 1_000_000_000), 1_000_000),
  /** Mean arrival rate; `count` scales the length of the sale. */
  ratePerSecond: v.optional(amount(0.001, 100_000_000), 50_000),
  /** Share of holders who never pay. */
  noShow: v.optional(share(), 0.2),
  /** Share of payers who pay only after their deadline. */
  payLate: v.optional(share(), 0),
  /** Share of payers who pay a second time, on another device. */
  payTwice: v.optional(share(), 0),
  /** Share of holders who give their ticket back. */
  cancel: v.optional(share(), 0),
  /** Share of payers who then try to give their ticket back: they are told that it is paid. */
  cancelPaid: v.optional(share(), 0),
  /** Share of buyers whose first request goes out twice, with one id. */
  doubleClick: v.optional(share(), 0),
  /** Share of double clicks whose second one asks for one ticket more under the same id. */
  changeQuantity: v.optional(share(), 0),
  /** `quantities[i]` is the weight of buyers who want i + 1 tickets. */
  quantities: v.optional(v.pipe(v.array(amount(0, 1e9)), v.minLength(1), v.maxLength(9)), [1]),
  /** From the ACK to the payment. */
  payAfterMs: v.optional(drawn(0, 864_000_000), { least: 2000, most: 60_000 }),
  /** One way between a buyer and the edge of the network. */
  networkMs: v.optional(drawn(0, 10_000), { least: 5, most: 40 }),
  /** A buyer's own patience with one request. */
  timeoutMs: v.optional(amount(1, 864_000_000), 10_000),
  /** After TRYAGAIN, or a failure of the network: how often and after what pause he tries again. */
  retries: v.optional(whole(0, 1000), 8),
  retryAfterMs: v.optional(drawn(1, 864_000_000), { least: 500, most: 1500 }),
  /** Refused buyers who come back for stock that others do not pay. */
  returning: section({
    share: v.optional(share(), 0),
    afterMs: v.optional(drawn(1, 864_000_000), { least: 60_000, most: 120_000 }),
    /** A buyer gives up this long after his first request. */
    patienceMs: v.optional(milliseconds(), 0),
  }),
  /** Buyers who are programs: each sends `requests` with new ids, all under one name. */
  bots: section({
    share: v.optional(share(), 0),
    requests: v.optional(whole(1, 4000), 20),
    everyMs: v.optional(amount(0, 864_000_000), 50),
    /** Addresses they come from. */
    addresses: v.optional(whole(1, 1_000_000), 16),
  }),
});

const ServersSchema = section({
  count: v.optional(whole(1, 10_000), 100),
  /** Slots beside the slice, for servers that die. */
  buffer: v.optional(whole(0, 999_999_999), 10),
  /** Shares of the traffic, which nginx weights and slices follow; absent: all equal. */
  weights: v.optional(v.pipe(v.array(whole(1, 65_535)), v.minLength(1))),
  /** One thread: time to read, decide and answer a request. */
  serviceUs: v.optional(microseconds(), 100),
  serviceLaw: law(),
  /** Requests that wait at a server, as work of mean size; more are refused at once. */
  queueLimit: v.optional(whole(1, 1_000_000), 1024),
});

const RulesSchema = section({
  pollMs: v.optional(amount(0, 3_600_000), 100),
  callTimeoutMs: v.optional(amount(1, 3_600_000), 500),
  requestLifetimeMs: v.optional(amount(1, 3_600_000), 2000),
  settleMs: v.optional(amount(1, 3_600_000), 1000),
  batchMax: v.optional(whole(1, 1000), 50),
  inflightMax: v.optional(whole(1, 1000), 2),
  waitingMax: v.optional(whole(1, 1_000_000), 1000),
  liveMs: v.optional(amount(1, 3_600_000), 5000),
});

const RedisSchema = section({
  /** One way between a server and Redis. */
  linkUs: v.optional(microseconds(), 100),
  callUs: v.optional(microseconds(), 20),
  itemUs: v.optional(microseconds(), 12),
  callLaw: law(),
  queueLimit: v.optional(whole(1, 10_000_000), 100_000),
});

const OrdersSchema = section({
  workers: v.optional(whole(1, 100), 2),
  batchMax: v.optional(whole(1, 1000), 100),
  /** An idle worker looks into the outbox this often. */
  pollMs: v.optional(amount(1, 3_600_000), 1000),
  claimIdleMs: v.optional(amount(1, 3_600_000), 5000),
  sweepMs: v.optional(amount(1, 3_600_000), 1000),
  sweepLimit: v.optional(whole(1, 10_000), 100),
  /** The order database: connections, and what a transaction costs. */
  connections: v.optional(whole(1, 1000), 20),
  transactionUs: v.optional(microseconds(), 1000),
  transactionLaw: law(),
  linkUs: v.optional(microseconds(), 200),
  /** Transactions that wait for a connection, as work of mean size; more are refused at once. */
  queueLimit: v.optional(whole(0, 10_000_000), 2000),
});

const OspfSchema = section({
  /** Equal-cost paths that a router uses at most. */
  maximumPaths: v.optional(whole(1, 256), 6),
  costRule: v.optional(v.picklist(["frr", "cisco"]), "frr"),
  referenceBandwidthMbit: v.optional(amount(1, 4_294_967), 100),
  /** On broadcast links the two routers elect a designated router and a backup. */
  linkType: v.optional(v.picklist(["point-to-point", "broadcast"]), "point-to-point"),
  helloSeconds: v.optional(amount(1, 65_535), 1),
  deadSeconds: v.optional(amount(1, 65_535), 4),
  bandwidthMbit: v.optional(amount(1, 1_000_000), 10_000),
  /** Packets that wait for a link, as time: more are dropped. */
  queueMs: v.optional(amount(0, 10_000), 50),
  linkUs: v.optional(microseconds(), 50),
  /** `fib_multipath_hash_policy`: 0 addresses, 1 addresses and ports. */
  hashPolicy: v.optional(v.picklist([0, 1]), 1),
  /** Links that are not like the others; a cost given here overrides the one by bandwidth. */
  links: v.optional(
    v.array(
      v.strictObject({
        /** As in the topology: "edge--core-east-1", "core-east-1--director-east-1". */
        link: v.string(),
        bandwidthMbit: v.optional(amount(1, 1_000_000)),
        cost: v.optional(whole(1, 65_535)),
      }),
    ),
    [],
  ),
  spf: section({
    delayMs: v.optional(amount(0, 600_000), 0),
    holdMs: v.optional(amount(0, 600_000), 50),
    maxMs: v.optional(amount(0, 600_000), 5000),
    growth: v.optional(v.picklist(["linear", "double"]), "linear"),
  }),
});

/** What each site may have differently. */
const lvsEntries = {
  scheduler: v.optional(v.picklist(SCHEDULER_NAMES), "wlc"),
  /** `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`. */
  flags: section({
    port: v.optional(v.boolean(), false),
    fallback: v.optional(v.boolean(), false),
  }),
  mode: v.optional(v.picklist(["nat", "dr", "tun"]), "nat"),
  /** Weight of each nginx. Under `ovf` it is the number of connections that one may have. */
  weight: v.optional(whole(1, 65_535), 1),
  /** Weights of the site's nginx, where they are not all `weight`. */
  weights: v.optional(v.pipe(v.array(whole(0, 65_535)), v.minLength(1))),
  /** Connections, closed ones of the last two minutes included, at which an nginx gets no more. */
  upperThreshold: v.optional(whole(0, 2_147_483_647), 0),
  lowerThreshold: v.optional(whole(0, 2_147_483_647), 0),
  loadFactor: v.optional(v.picklist([256, 257]), 256),
  /** Client affinity; 0: none. */
  persistenceSeconds: v.optional(amount(0, 86_400), 0),
  /** A director's work on one packet; under `nat` replies cross it too. */
  packetUs: v.optional(microseconds(), 1),
  queueMs: v.optional(amount(0, 10_000), 50),
  linkUs: v.optional(microseconds(), 50),
  /** keepalived's check of each nginx. */
  check: section({
    delayLoopMs: v.optional(amount(1, 3_600_000), 2000),
    connectTimeoutMs: v.optional(amount(1, 3_600_000), 1000),
    retry: v.optional(whole(0, 100), 1),
    delayBeforeRetryMs: v.optional(amount(0, 3_600_000), 1000),
    inhibitOnFailure: v.optional(v.boolean(), false),
  }),
};

const LvsSchema = section({
  /** At each site. Every director advertises the service address by OSPF over a link of its own. */
  directorsPerSite: v.optional(whole(1, 64), 3),
  ...lvsEntries,
});

const nginxEntries = {
  workers: v.optional(whole(1, 256), 1),
  zone: v.optional(v.boolean(), false),
  method: v.optional(
    v.picklist([
      "round_robin",
      "ip_hash",
      "hash",
      "hash consistent",
      "least_conn",
      "random",
      "random two",
    ]),
    "round_robin",
  ),
  max_fails: v.optional(whole(0, 1000), 1),
  /** Whole seconds. */
  fail_timeout: v.optional(whole(0, 86_400), 10),
  max_conns: v.optional(whole(0, 1_000_000), 0),
  proxy_next_upstream: v.optional(
    v.array(
      v.picklist([
        "error",
        "timeout",
        "invalid_header",
        "http_500",
        "http_502",
        "http_503",
        "http_504",
        "http_403",
        "http_404",
        "http_429",
        "non_idempotent",
        "off",
      ]),
    ),
    ["error", "timeout"],
  ),
  proxy_next_upstream_tries: v.optional(whole(0, 1000), 0),
  proxyConnectTimeoutMs: v.optional(amount(1, 3_600_000), 1000),
  proxyReadTimeoutMs: v.optional(amount(1, 3_600_000), 3000),
  serviceUs: v.optional(microseconds(), 20),
  serviceLaw: law(),
  queueMs: v.optional(amount(0, 10_000), 500),
  /** Ticket servers of the other sites stand in the upstream as `backup`. */
  backupSites: v.optional(v.boolean(), false),
  /** `server` lines that are not like the others. */
  servers: v.optional(
    v.array(
      v.strictObject({
        /** Number of the ticket server, counted from 0. */
        server: whole(0, 9999),
        backup: v.optional(v.boolean()),
        down: v.optional(v.boolean()),
        max_conns: v.optional(whole(0, 1_000_000)),
        max_fails: v.optional(whole(0, 1000)),
        fail_timeout: v.optional(whole(0, 86_400)),
      }),
    ),
    [],
  ),
};

const NginxSchema = section({
  perSite: v.optional(whole(1, 1000), 5),
  /** One way between an nginx and a ticket server. */
  linkUs: v.optional(microseconds(), 100),
  ...nginxEntries,
});

/** The same entries without their defaults: what is not given is as for all sites. */
function overridesOf<T extends v.ObjectEntries>(entries: T) {
  const optional = Object.entries(entries).map(([key, entry]) => {
    const { wrapped } = entry as unknown as { readonly wrapped: v.GenericSchema };
    return [key, v.optional(wrapped)] as const;
  });
  return v.strictObject(
    Object.fromEntries(optional) as unknown as {
      [K in keyof T]: v.OptionalSchema<v.GenericSchema<v.InferOutput<T[K]>>, undefined>;
    },
  );
}

/** A fault of the scenario; its ranges are drawn from the seed. */
const FaultTemplateSchema = v.strictObject({
  kind: v.picklist(FAULT_KINDS),
  count: v.optional(drawn(0, 10_000), 1),
  /** Absent: drawn, without repeating a target within this template. */
  target: v.optional(whole(0, 100_000)),
  atMs: drawn(0, 864_000_000),
  forMs: v.optional(drawn(0, 864_000_000)),
  factor: v.optional(drawn(1, 1000)),
  share: v.optional(drawn(0, 1)),
  delayMs: v.optional(drawn(-86_400_000, 86_400_000)),
  direction: v.optional(v.picklist(["requests", "replies", "both"])),
  moment: v.optional(v.picklist(["any", "after-call", "after-commit"])),
  silent: v.optional(v.boolean()),
  cost: v.optional(drawn(1, 65_535)),
});

export type FaultTemplate = v.InferOutput<typeof FaultTemplateSchema>;

export const ScenarioSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/u)), "unnamed"),
  description: v.optional(v.string(), ""),
  sale: SaleSchema,
  buyers: BuyersSchema,
  /** Data centres. Servers, nginx and directors are spread over them evenly. */
  sites: v.optional(
    v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-]{1,32}$/u))), v.minLength(1), v.maxLength(8)),
    ["east", "west"],
  ),
  /** Directors and proxies that one site has otherwise than the others. */
  siteOverrides: v.optional(
    v.array(
      v.strictObject({
        site: v.string(),
        lvs: v.optional(overridesOf(lvsEntries)),
        nginx: v.optional(overridesOf(nginxEntries)),
      }),
    ),
    [],
  ),
  servers: ServersSchema,
  quota: section({ refill: v.optional(v.picklist(["on-demand", "off"]), "on-demand") }),
  rules: RulesSchema,
  redis: RedisSchema,
  orders: OrdersSchema,
  ospf: OspfSchema,
  lvs: LvsSchema,
  nginx: NginxSchema,
  /** The payment provider delivers its message again after this long without an answer. */
  payments: section({ redeliverMs: v.optional(amount(1, 3_600_000), 1000) }),
  faults: v.optional(v.array(FaultTemplateSchema), []),
  /** How long after healing and the last buyer everything must be settled, beyond the hold. */
  healing: section({ boundMs: v.optional(milliseconds(), 60_000) }),
  /** A run on real parts may have another crowd than the simulated one. */
  harness: section({
    buyers: v.optional(
      v.strictObject({ count: whole(1, 1_000_000), ratePerSecond: amount(0.001, 100_000) }),
    ),
  }),
  slo: v.optional(SloSchema, {}),
  report: v.optional(ReportSchema, {}),
});

/** A scenario with every default filled in. */
export type Scenario = v.InferOutput<typeof ScenarioSchema>;
