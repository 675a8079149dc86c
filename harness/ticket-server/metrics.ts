/** What the server counts of itself, and its page in the Prometheus text format. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { IntervalHistogram } from "node:perf_hooks";
import type { CounterCall } from "../../core/counter/calls.ts";
import type { DatabaseCall } from "../../core/orders/calls.ts";
import type { AnswerName } from "./answers.ts";
import type { CallObserver } from "./driver.ts";
import type { EngineView } from "./engine-view.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

export const REQUEST_KINDS = ["buy", "pay", "cancel", "query"] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What is true at the moment of asking. */
export interface Gauges {
  /** Requests that wait for their answer. */
  readonly inFlight: number;
  readonly callsInFlight: number;
  readonly isDraining: boolean;
  readonly engine: EngineView | null;
}

const NS_PER_S = 1e9;
const LAG_RESOLUTION_MS = 10;
const LAG_SHARES = [0.5, 0.9, 0.99, 1];

export class Metrics implements CallObserver {
  readonly #about: string;
  readonly #answers: Readonly<Record<RequestKind, Map<AnswerName, number>>>;
  readonly #latencies: Readonly<Record<RequestKind, LatencyHistogram>>;
  readonly #errors = new Map<number, number>();
  readonly #counterCalls = new Map<string, number>();
  readonly #counterItems = new Map<string, number>();
  readonly #databaseCalls = new Map<string, number>();
  readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });

  /** @param about What the process is, by label: `{ server: "server-1", … }`. */
  constructor(about: Readonly<Record<string, string | number>>) {
    this.#about = Object.entries(about)
      .map(([label, value]) => `${label}="${value}"`)
      .join(",");
    this.#answers = forEachKind(() => new Map());
    this.#latencies = forEachKind(() => new LatencyHistogram());
    this.#lag.enable();
  }

  answered(kind: RequestKind, answer: AnswerName, afterMs: number): void {
    add(this.#answers[kind], answer, 1);
    this.#latencies[kind].record(afterMs);
  }

  /** A request that was wrong in itself. */
  refused(status: number): void {
    add(this.#errors, status, 1);
  }

  counterCalled(call: CounterCall, outcome: string): void {
    add(this.#counterCalls, `script="${call.script}",outcome="${outcome}"`, 1);
    if ("items" in call) add(this.#counterItems, `script="${call.script}"`, call.items.length);
  }

  databaseCalled({ call }: DatabaseCall, outcome: string): void {
    add(this.#databaseCalls, `call="${call}",outcome="${outcome}"`, 1);
  }

  /** The page, in the text format of Prometheus 0.0.4. */
  text(gauges: Gauges): string {
    return [
      ...family("onceonly_info", "gauge", "What this process is", [`{${this.#about}} 1`]),
      ...this.#requestLines(),
      ...this.#callLines(),
      ...gaugeLines(gauges),
      ...this.#lagLines(),
      "",
    ].join("\n");
  }

  close(): void {
    this.#lag.disable();
  }

  #requestLines(): string[] {
    const requests = REQUEST_KINDS.flatMap((kind) =>
      [...this.#answers[kind]].map(([answer, n]) => `{kind="${kind}",answer="${answer}"} ${n}`),
    );
    const bad = [...this.#errors].map(([status, n]) => `{status="${status}"} ${n}`);
    const seconds = "onceonly_request_seconds";
    return [
      ...family("onceonly_requests_total", "counter", "Requests answered", requests),
      ...family("onceonly_bad_requests_total", "counter", "Requests wrong in themselves", bad),
      ...header(seconds, "histogram", "From reading a request to its answer"),
      ...REQUEST_KINDS.flatMap((kind) => this.#latencies[kind].lines(seconds, `kind="${kind}"`)),
    ];
  }

  #callLines(): string[] {
    return [
      ...counts("onceonly_counter_calls_total", "Script calls on Redis", this.#counterCalls),
      ...counts("onceonly_counter_items_total", "Items of those calls", this.#counterItems),
      ...counts(
        "onceonly_database_calls_total",
        "Calls on the order database",
        this.#databaseCalls,
      ),
    ];
  }

  #lagLines(): string[] {
    const name = "onceonly_event_loop_lag_seconds";
    const samples = LAG_SHARES.map(
      (share) => `{quantile="${share}"} ${lagSeconds(this.#lag.percentile(share * 100))}`,
    );
    return [
      ...family(name, "gauge", "How late timers fire", samples),
      ...family("onceonly_event_loop_busy_seconds_total", "counter", "Time not idle", [
        ` ${performance.eventLoopUtilization().active / 1000}`,
      ]),
    ];
  }
}

/** What is beyond the interval of the timer that is measured. */
function lagSeconds(intervalNs: number): number {
  return Math.max(0, intervalNs / NS_PER_S - LAG_RESOLUTION_MS / 1000);
}

function gaugeLines({ inFlight, callsInFlight, isDraining, engine }: Gauges): string[] {
  return [
    ...gauge("in_flight_requests", "Requests that wait for their answer", inFlight),
    ...gauge("in_flight_calls", "Calls on Redis or the order database under way", callsInFlight),
    ...gauge("draining", "1 while the server shuts down", Number(isDraining)),
    ...(engine === null
      ? []
      : [
          ...gauge("quota_tickets", "Tickets this server may reserve in all", engine.quota),
          ...gauge("taken_tickets", "Tickets it has reserved, or may have", engine.taken),
          ...gauge("unresolved_reservations", "Reservations of unknown outcome", engine.unresolved),
        ]),
    ...(engine === null || engine.latch === null
      ? []
      : [
          ...gauge("latch_left_tickets", "The counter's last word on the stock", engine.latch.left),
          ...gauge(
            "latch_closed",
            "1 if that word is: nothing left",
            Number(engine.latch.isClosed),
          ),
        ]),
  ];
}

function gauge(name: string, help: string, value: number): string[] {
  return family(`onceonly_${name}`, "gauge", help, [` ${value}`]);
}

function counts(name: string, help: string, counted: ReadonlyMap<string, number>): string[] {
  const samples = [...counted].map(([labels, n]) => `{${labels}} ${n}`);
  return family(name, "counter", help, samples);
}

function family(name: string, type: string, help: string, samples: readonly string[]): string[] {
  return [...header(name, type, help), ...samples.map((sample) => `${name}${sample}`)];
}

function header(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function add<K>(counted: Map<K, number>, key: K, n: number): void {
  counted.set(key, (counted.get(key) ?? 0) + n);
}

function forEachKind<T>(create: () => T): Record<RequestKind, T> {
  return { buy: create(), pay: create(), cancel: create(), query: create() };
}
