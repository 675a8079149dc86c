/** What a run of the simulator gives: the content of `--json`, and of the text for people. */
import type { InvariantName } from "../core/invariants/findings.ts";
import type { Episode, FaultPlan } from "./faults/vocabulary.ts";
import type { Scenario } from "./scenario/schema.ts";

export type Verdict = "passed" | "violated" | "no-progress";

export interface InvariantResult {
  readonly name: InvariantName;
  readonly ok: boolean;
  readonly detail: string;
  /** Virtual time of the first violation; null if it holds. */
  readonly atMs: number | null;
}

/** Latency quantiles of one kind of answer, in milliseconds, from the buyer's first packet on. */
export interface LatencySummary {
  /** ACK, SOLDOUT, USERLIMIT, TRYAGAIN, UNKNOWN, or ERROR: no answer of a ticket server. */
  readonly answer: string;
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * Stock over time as steps: from `atMs[i]` on, `held[i]` and `confirmed[i]` tickets. The steps grow
 * coarser with time, each at most 1 % of the time so far.
 */
export interface StockSeries {
  readonly atMs: readonly number[];
  readonly held: readonly number[];
  readonly confirmed: readonly number[];
}

/** What one station did: name, and counts whose names end in their unit. */
export interface StationCounts {
  readonly name: string;
  readonly [count: string]: string | number;
}

export interface LayerCounts {
  readonly ospf: {
    readonly routed: number;
    readonly lostOnDeadPath: number;
    readonly droppedOnFullLink: number;
    /** How often the edge router's way to the service changed. */
    readonly routeChanges: number;
    readonly links: readonly StationCounts[];
  };
  readonly lvs: {
    readonly connections: number;
    readonly refused: number;
    readonly dropped: number;
    /** How often a health check took an nginx out of a director's list. */
    readonly removals: number;
    readonly directors: readonly StationCounts[];
  };
  readonly nginx: {
    readonly requests: number;
    readonly tries: number;
    readonly retries: number;
    readonly answered502: number;
    readonly answered504: number;
    readonly noLiveUpstream: number;
    readonly dropped: number;
    readonly proxies: readonly StationCounts[];
  };
  readonly servers: {
    readonly requests: number;
    readonly quickRefusals: number;
    readonly refusedOnFullQueue: number;
    readonly crashes: number;
    readonly deathsSurvivedByBuffer: number;
    readonly perServer: readonly StationCounts[];
  };
  readonly redis: {
    readonly scriptCalls: number;
    readonly reserveItems: number;
    readonly confirmItems: number;
    readonly sweeps: number;
    readonly grants: number;
    readonly timeouts: number;
    readonly passes: number;
    readonly busyMs: number;
    readonly callsPerPassMax: number;
  };
  readonly orders: {
    readonly recorded: number;
    readonly statements: number;
    readonly statementsPerTicket: number;
  };
}

/**
 * What those who came to a tier of stations went through. Waiting and sojourn follow the stations'
 * plans: what a pause of the process adds is not in them.
 */
export interface StationSummary {
  /** Requests (calls, transactions) that were let in. */
  readonly arrivals: number;
  /** Turned away because too many waited. */
  readonly refused: number;
  /** Share of the arrivals that did not start at once. */
  readonly waitedShare: number;
  readonly waitMeanUs: number;
  /** Waiting and service. */
  readonly sojournMeanUs: number;
  readonly sojournP99Us: number;
  /** Time average from 0 to the last departure; those on their last way to the station included. */
  readonly inSystemMean: number;
  readonly inSystemMax: number;
  readonly inSystemAtEnd: number;
  readonly lastDepartureMs: number;
}

export interface StationSummaries {
  /** Its work on a request, forwarding excluded: a request leaves when it is sent on. */
  readonly nginx: StationSummary;
  /** Until the thread has read and decided; not the time a request waits for Redis. */
  readonly servers: StationSummary;
  /** From a call's arrival to the end of the pass that answers it. */
  readonly redis: StationSummary;
  readonly orderDatabase: StationSummary;
}

export interface SimulationResult {
  readonly schemaVersion: 1;
  readonly seed: string;
  readonly strategy: string;
  readonly scenario: string;
  readonly verdict: Verdict;
  readonly traceHash: string;
  readonly tickets: number;
  readonly buyers: number;
  /** Tickets acknowledged for the first time, over the whole run: with resale more than tickets. */
  readonly acked: number;
  readonly held: number;
  readonly confirmed: number;
  readonly free: number;
  /** Buyers who left with SOLDOUT or USERLIMIT, with TRYAGAIN, with an outcome never known. */
  readonly refused: number;
  readonly tryAgain: number;
  readonly unknown: number;
  readonly unresolved: number;
  readonly oversold: number;
  readonly undersold: number;
  readonly falseSoldOut: number;
  readonly hoarded: number;
  readonly chargedInVain: number;
  readonly refunds: number;
  readonly probeSold: number;
  /** From the opening until every ticket was taken for the first time; null if that never was. */
  readonly soldOutMs: number | null;
  readonly counterCallsPerTicket: number;
  readonly counterScriptsPerTicket: number;
  readonly events: number;
  readonly virtualSeconds: number;
  readonly partial: boolean;
  readonly invariants: readonly InvariantResult[];
  /** What was pending at the end, as sentences; empty if nothing was. */
  readonly pending: readonly string[];
  readonly faults: readonly Episode[];
  readonly layers: LayerCounts;
  readonly stations: StationSummaries;
  readonly latencies: readonly LatencySummary[];
  readonly stock: StockSeries;
}

/** Everything that decides a run. */
export interface RunConfig {
  readonly seed: bigint;
  readonly scenario: Scenario;
  /** Name of a built-in strategy, or the path of a module. */
  readonly strategy: string;
  readonly plan: FaultPlan;
}
