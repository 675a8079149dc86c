/** Draws what a live nginx is put through: an upstream block, and what happens to it. */
import * as fc from "fast-check";
import type {
  BalancingMethod,
  NextUpstreamCondition,
  UpstreamServerConfig,
} from "../../sim/network/nginx/config.ts";

export type LiveStep =
  | { readonly op: "request"; readonly method: string; readonly key: string; readonly ip: string }
  /** A request that its server holds on to. */
  | { readonly op: "open"; readonly key: string; readonly ip: string }
  /** The n-th of the requests now open, counted round, is answered. */
  | { readonly op: "close"; readonly nth: number }
  /** The n-th server, counted round, behaves so from now on. */
  | { readonly op: "set"; readonly server: number; readonly mode: string }
  | { readonly op: "wait"; readonly seconds: number };

export interface LiveScript {
  readonly method: BalancingMethod;
  readonly zone: boolean;
  readonly workerProcesses: number;
  /** Addresses are given when it is run. */
  readonly servers: readonly Omit<UpstreamServerConfig, "address">[];
  readonly nextUpstream: readonly NextUpstreamCondition[];
  readonly nextUpstreamTries: number;
  readonly steps: readonly LiveStep[];
}

/** Plain objects, so that a counterexample prints as one would write it. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true });
}

const server = record({
  weight: fc.oneof(
    { weight: 6, arbitrary: fc.constant(1) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
    // Enough for a dead server to use up all 21 attempts of a hash.
    { weight: 1, arbitrary: fc.constant(90) },
  ),
  max_fails: fc.integer({ min: 0, max: 3 }),
  fail_timeout: fc.integer({ min: 0, max: 4 }),
  max_conns: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 2 })),
  backup: fc.nat(4).map((n) => n === 0),
  down: fc.nat(5).map((n) => n === 0),
});

const method = fc.constantFrom<BalancingMethod[]>(
  "round_robin",
  "ip_hash",
  "hash",
  "hash consistent",
  "least_conn",
  "random",
  "random two",
);

const nextUpstream = fc.oneof(
  fc.constant<NextUpstreamCondition[]>(["error", "timeout"]),
  fc.constant<NextUpstreamCondition[]>(["off"]),
  fc.uniqueArray(
    fc.constantFrom<NextUpstreamCondition[]>(
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
    ),
    { minLength: 1 },
  ),
);

const key = fc.oneof(
  { weight: 9, arbitrary: fc.nat(30).map((n) => `k${n}`) },
  { weight: 1, arbitrary: fc.constant("") },
);

const ip = fc.oneof(
  { weight: 4, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.constantFrom("2001:db8::1", "2001:db8:1:2::a5", "::ffff:10.1.2.3") },
);

const mode = fc.oneof(
  { weight: 4, arbitrary: fc.constant("up") },
  { weight: 6, arbitrary: fc.constant("refuse") },
  { weight: 3, arbitrary: fc.constant("reset") },
  { weight: 1, arbitrary: fc.constant("invalid_header") },
  { weight: 5, arbitrary: fc.constantFrom("s403", "s404", "s429", "s500", "s502", "s503", "s504") },
);

const step: fc.Arbitrary<LiveStep> = fc.oneof(
  {
    weight: 10,
    arbitrary: record({
      op: fc.constant("request"),
      method: fc.constantFrom("GET", "GET", "GET", "POST", "PATCH"),
      key,
      ip,
    }),
  },
  { weight: 3, arbitrary: record({ op: fc.constant("open"), key, ip }) },
  { weight: 2, arbitrary: record({ op: fc.constant("close"), nth: fc.nat(9) }) },
  { weight: 3, arbitrary: record({ op: fc.constant("set"), server: fc.nat(5), mode }) },
  {
    weight: 2,
    arbitrary: record({ op: fc.constant("wait"), seconds: fc.integer({ min: 1, max: 5 }) }),
  },
);

/** A server that hangs costs real time, so a script has one of them or holds connections. */
const hangingStep: fc.Arbitrary<LiveStep> = record({
  op: fc.constant("set"),
  server: fc.nat(5),
  mode: fc.constant("hang"),
});

const steps: fc.Arbitrary<LiveStep[]> = fc.oneof(
  { weight: 9, arbitrary: fc.array(step, { minLength: 5, maxLength: 80, size: "max" }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(hangingStep, fc.array(step, { minLength: 5, maxLength: 30, size: "max" }))
      .map(([hanging, others]) => [hanging, ...others.filter((s) => s.op !== "open")]),
  },
);

const METHODS_WITH_BACKUP: readonly BalancingMethod[] = ["round_robin", "least_conn"];

/** All that is drawn can be configured: the first server is never a backup. */
export const liveScript: fc.Arbitrary<LiveScript> = record({
  method,
  zone: fc.boolean(),
  workerProcesses: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, fc.constant(2)),
  servers: fc.array(server, { minLength: 1, maxLength: 6, size: "max" }),
  nextUpstream,
  nextUpstreamTries: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 4 })),
  steps,
}).map((script) => ({
  ...script,
  servers: script.servers.map((drawn, index) => ({
    ...drawn,
    backup: drawn.backup && index > 0 && METHODS_WITH_BACKUP.includes(script.method),
  })),
}));
