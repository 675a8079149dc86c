/**
 * The shape of an nginx recording. Everything the recorder is known to write is accepted, in any
 * combination; a field or an event that is not known here is an error, never passed over.
 */
import * as v from "valibot";
import {
  type BalancingMethod,
  type NextUpstreamCondition,
  type UpstreamConfig,
} from "../../sim/network/nginx/config.ts";
import { type Recording, UnknownShape } from "./adapter.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const seconds = v.pipe(v.number(), v.minValue(0));

const server = v.strictObject({
  addr: v.string(),
  weight: v.optional(count),
  max_fails: v.optional(count),
  fail_timeout: v.optional(count),
  max_conns: v.optional(count),
  backup: v.optional(v.boolean()),
  down: v.optional(v.boolean()),
});

/** `true`, or the size as in nginx.conf ("64k"); absent, null and false are no zone. */
const zone = v.optional(v.nullable(v.union([v.boolean(), v.string()])));

const upstream = v.strictObject({
  method: v.string(),
  servers: v.array(server),
  zone,
  /** What `hash` hashes, as in nginx.conf: "$arg_k". */
  key: v.optional(v.nullable(v.string())),
  proxy_next_upstream: v.optional(v.string()),
  proxy_next_upstream_tries: v.optional(count),
  proxy_next_upstream_timeout: v.optional(seconds),
  /** No mode of a server makes connecting slow, so nothing depends on it. */
  proxy_connect_timeout: v.optional(seconds),
  proxy_read_timeout: v.optional(seconds),
});

const request = {
  /** Whole seconds of nginx's clock at the pick, relative. */
  t: count,
  worker: v.optional(count),
  method: v.optional(v.string()),
  ip: v.optional(v.string()),
  key: v.optional(v.string()),
  /** $upstream_addr: an address per try; the upstream's name where no server was live. */
  tries: v.array(v.string()),
  upstream_status: v.optional(v.array(v.string())),
  status: count,
};

const event = v.variant("op", [
  v.strictObject({ op: v.literal("req"), ...request }),
  v.strictObject({ op: v.literal("open"), id: count, ...request }),
  v.strictObject({ op: v.literal("close"), id: count, t: count, worker: v.optional(count) }),
  v.strictObject({
    op: v.literal("set"),
    addr: v.string(),
    mode: v.pipe(v.string(), v.regex(/^(?:up|refuse|reset|hang|invalid_header|s\d{3})$/)),
    t: v.optional(count),
  }),
]);

const scenario = v.strictObject({
  zone,
  worker_processes: v.optional(count),
  upstream,
  /** What random() returned to the worker, in order. */
  draws: v.optional(v.array(count)),
  events: v.array(event),
});

export type NginxEvent = v.InferOutput<typeof event>;
export type RequestEvent = Extract<NginxEvent, { op: "req" | "open" }>;

export interface NginxScenario {
  readonly upstream: UpstreamConfig;
  readonly hashKey: string;
  readonly zone: boolean;
  readonly workerProcesses: number;
  readonly readTimeoutSeconds: number | undefined;
  readonly draws: readonly number[];
  readonly events: readonly NginxEvent[];
}

/** The recorder's short names, and nginx's own, with spaces or underscores between the words. */
const METHOD_OF: ReadonlyMap<string, BalancingMethod> = new Map([
  ["rr", "round_robin"],
  ["round robin", "round_robin"],
  ["ip hash", "ip_hash"],
  ["hash", "hash"],
  ["chash", "hash consistent"],
  ["hash consistent", "hash consistent"],
  ["least conn", "least_conn"],
  ["random", "random"],
  ["random2", "random two"],
  ["random two", "random two"],
  ["random two least conn", "random two"],
]);

/**
 * Reads one recording.
 * @throws UnknownShape naming the first field that is missing, unknown or of another type
 */
export function readNginxRecording(recording: Recording): NginxScenario {
  const parsed = v.safeParse(scenario, recording.scenario, { abortEarly: true });
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new UnknownShape(`${v.getDotPath(issue) ?? "scenario"}: ${issue.message}`);
  }
  const { upstream: block, events, draws, ...rest } = parsed.output;
  const method = METHOD_OF.get(block.method.replaceAll("_", " "));
  if (method === undefined) throw new UnknownShape(`upstream.method: unknown "${block.method}"`);

  const workers = events.map((e) => ("worker" in e ? (e.worker ?? 0) : 0));
  return {
    upstream: {
      method,
      servers: block.servers.map(({ addr, ...fields }) => ({ address: addr, ...present(fields) })),
      ...present({
        proxy_next_upstream: block.proxy_next_upstream?.split(/\s+/) as
          | NextUpstreamCondition[]
          | undefined,
        proxy_next_upstream_tries: block.proxy_next_upstream_tries,
        proxy_next_upstream_timeout: block.proxy_next_upstream_timeout,
      }),
    },
    hashKey: block.key ?? "",
    zone: isOn(rest.zone) || isOn(block.zone),
    workerProcesses: rest.worker_processes ?? Math.max(0, ...workers) + 1,
    readTimeoutSeconds:
      block.proxy_read_timeout ??
      readTimeoutIn(
        String(recording.meta["software"]),
        events.some((e) => e.op === "open"),
      ),
    draws: draws ?? [],
    events,
  };
}

function isOn(zone: boolean | string | null | undefined): boolean {
  return zone !== undefined && zone !== null && zone !== false && zone !== "";
}

/** The legend says it: "proxy_read_timeout 1s (60s where connections are held)". */
function readTimeoutIn(software: string, holdsConnections: boolean): number | undefined {
  const match = /proxy_read_timeout (\d+)s(?: \((\d+)s where connections are held\))?/.exec(
    software,
  );
  if (match === null) return undefined;
  return Number((holdsConnections ? match[2] : undefined) ?? match[1]);
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<T>;
}
