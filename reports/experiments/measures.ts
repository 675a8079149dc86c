/** What is measured of every sale: names that end in their unit, and what they mean. */

export interface MeasureMeaning {
  readonly label: string;
  /** Empty for plain counts. */
  readonly unit: "ms" | "/s" | "share" | "";
  /** Latency quantiles are compared by their logarithms. */
  readonly logarithmic?: true;
}

export const MEASURES = {
  sellOutMs: { label: "sell-out: every ticket held or paid", unit: "ms" },
  winnerP99Ms: { label: "p99 of those who get a ticket", unit: "ms", logarithmic: true },
  soldOutP99Ms: { label: "p99 of honest sold-outs", unit: "ms", logarithmic: true },
  falseSoldOutP99Ms: { label: "p99 of false sold-outs", unit: "ms", logarithmic: true },
  errorP99Ms: { label: "p99 of errors", unit: "ms", logarithmic: true },
  winners: { label: "answers: ticket", unit: "" },
  soldOuts: { label: "answers: honest sold-out", unit: "" },
  falseSoldOuts: { label: "answers: false sold-out", unit: "" },
  tryAgains: { label: "answers: try again", unit: "" },
  errors: { label: "no answer of a ticket server", unit: "" },
  errorShare: { label: "share of requests without an answer", unit: "share" },
  answersPerSecond: { label: "answers while buyers arrive", unit: "/s" },
  salesPerSecond: { label: "tickets taken until sell-out", unit: "/s" },
  unsoldInRush: { label: "tickets that nobody took in the rush", unit: "" },
  countedNotTold: { label: "tickets taken whose buyer was never told", unit: "" },
  unpaid: { label: "tickets not paid in the end", unit: "" },
  oversold: { label: "tickets oversold", unit: "" },
  undersold: { label: "tickets undersold", unit: "" },
  refunds: { label: "payers to refund", unit: "" },
  unknown: { label: "buyers who never learned", unit: "" },
  brokenInvariants: { label: "other invariants broken", unit: "" },
  redisCalls: { label: "Redis calls", unit: "" },
  redisCallsPerTicket: { label: "Redis calls per ticket", unit: "" },
  redisPeakPerSecond: { label: "Redis calls, busiest 10 ms", unit: "/s" },
  redisBacklogMax: { label: "calls at Redis at once, most", unit: "" },
  redisBusyShareMax: { label: "Redis's thread busy, busiest 100 ms", unit: "share" },
  statementsPerTicket: { label: "database statements per ticket paid", unit: "" },
  nginxQueueMax: { label: "requests at the nginx at once, most", unit: "" },
  serversQueueMax: { label: "requests at ticket servers at once, most", unit: "" },
  databaseQueueMax: { label: "transactions at the order database, most", unit: "" },
} as const satisfies Readonly<Record<string, MeasureMeaning>>;

export type Measure = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

/** null: not to be had from this sale, as the p99 of fewer than 1,000 answers, or a sell-out that never came. */
export type Values = Readonly<Record<Measure, number | null>>;

export function meaningOf(measure: Measure): MeasureMeaning {
  return MEASURES[measure];
}
