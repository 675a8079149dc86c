/** Reads IPVS recordings (`ipvsadm` in a guest, NAT): their fields, strictly, into plain data. */
import type { VirtualServerConfig } from "../../sim/network/lvs/virtual-server.ts";
import { PERSISTENCE_SECONDS } from "../../sim/network/lvs/persistence.ts";
import { SCHEDULER_NAMES } from "../../sim/network/lvs/schedulers/create.ts";
import type { SchedulerFlags, SchedulerName } from "../../sim/network/lvs/schedulers/create.ts";
import type { LoadFactor } from "../../sim/network/lvs/schedulers/least-loaded.ts";
import type { TcpTimeouts } from "../../sim/network/lvs/connection-end.ts";
import type { Recording } from "./adapter.ts";
import { UnknownShape } from "./adapter.ts";
import { fields, list, number, requireKnown, text } from "./ipvs-fields.ts";
import type { Fields } from "./ipvs-fields.ts";

export type IpvsEvent =
  | { op: "add" | "edit"; dest: string; weight: number; upper: number; lower: number }
  | { op: "del"; dest: string }
  | {
      op: "open";
      id: string;
      seconds: number;
      client: Client | null;
      pick: string | null;
      conns: Conns | null;
    }
  | { op: "close"; id: string; seconds: number; rst: boolean }
  | { op: "sysctl"; key: string; value: number }
  | { op: "note" };

/** Where a connection came from; the recorder does not always know the port of a refused one. */
export interface Client {
  readonly ip: number;
  readonly port: number | null;
}

/** [active, inactive] per real server. */
export type Conns = Readonly<Record<string, readonly [number, number]>>;

/** The table some seconds after the last event: counters, and [state, whole seconds left]. */
export interface Sample {
  readonly seconds: number;
  readonly conns: Conns;
  readonly entries: readonly (readonly [string, number])[];
}

export interface IpvsScenario {
  readonly config: VirtualServerConfig;
  readonly events: readonly IpvsEvent[];
  readonly samples: readonly Sample[];
  /** The list as the kernel had it at the end. */
  readonly orderInKernel: readonly string[] | null;
}

/** @throws UnknownShape naming what the reader does not know */
export function readIpvsScenario(recording: Recording): IpvsScenario {
  const { scenario } = recording;
  requireKnown(scenario, [
    ["scheduler", "sched_flags", "vip", "service_args", "events"],
    ["tcp_timeouts", "samples", "order_in_kernel", "note"],
  ]);
  const scheduler = text(scenario["scheduler"], "scheduler") as SchedulerName;
  if (!SCHEDULER_NAMES.includes(scheduler)) throw new UnknownShape(`scheduler ${scheduler}`);
  return {
    config: {
      scheduler,
      flags: readFlags(text(scenario["sched_flags"], "sched_flags"), scheduler),
      mode: "nat",
      virtualIp: readAddress(text(scenario["vip"], "vip")).ip,
      loadFactor: loadFactorOfKernel(text(recording.meta["software"], "_meta.software")),
      ...readServiceArguments(text(scenario["service_args"], "service_args")),
      timeouts: readTimeouts(recording.meta["timeouts"], scenario["tcp_timeouts"]),
      // As fine as the guest's clock tick: recordings are short and counters are read at once.
      expiryBucketMs: 4,
    },
    events: list(scenario["events"], "events").map(readEvent),
    samples: list(scenario["samples"] ?? [], "samples").map(readSample),
    orderInKernel:
      scenario["order_in_kernel"] === undefined
        ? null
        : list(scenario["order_in_kernel"], "order_in_kernel").map((dest) => text(dest, "dest")),
  };
}

/** "10.1.0.1:41157" or "10.1.0.1". */
export function readAddress(address: string): Client {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?::(\d+))?$/.exec(address);
  if (match === null) throw new UnknownShape(`address ${address}`);
  const [, a, b, c, d, port] = match;
  const ip = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
  return { ip, port: port === undefined ? null : Number(port) };
}

/**
 * The lc/wlc load changed between Debian's 6.1.0-50 (6.1.176) and 6.1.0-56 (6.1.192). Nothing is
 * known of the kernels between them.
 */
export function loadFactorOfKernel(software: string): LoadFactor {
  const build = Number(/Linux .*?\b6\.1\.0-(\d+)-/.exec(software)?.[1]);
  if (build <= 50) return 256;
  if (build >= 56) return 257;
  throw new UnknownShape(`load formula of the kernel in "${software}"`);
}

function readFlags(flags: string, scheduler: string): SchedulerFlags {
  let port = false;
  let fallback = false;
  for (const flag of flags.split(",")) {
    if (flag === "") continue;
    else if (flag === `${scheduler}-port` || flag === "flag-2") port = true;
    else if (flag === `${scheduler}-fallback` || flag === "flag-1") fallback = true;
    else throw new UnknownShape(`scheduler flag ${flag}`);
  }
  return { port, fallback };
}

function readServiceArguments(
  args: string,
): Pick<VirtualServerConfig, "persistenceSeconds" | "persistenceNetmask"> {
  const words = args.split(/\s+/).filter((word) => word !== "");
  const read: { persistenceSeconds?: number; persistenceNetmask?: number } = {};
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word === "-p" || word === "--persistent") {
      const seconds = Number(words[at + 1]);
      read.persistenceSeconds = seconds > 0 ? seconds : PERSISTENCE_SECONDS;
      if (seconds > 0) at += 1;
    } else if (word === "-M" || word === "--netmask") {
      at += 1;
      read.persistenceNetmask = readAddress(words[at] ?? "").ip;
    } else {
      throw new UnknownShape(`service argument ${word}`);
    }
  }
  return read;
}

/** `_meta.timeouts` as `ipvsadm -l --timeout` prints it, and the scenario's own, if any. */
function readTimeouts(ofFile: unknown, ofScenario: unknown): Partial<TcpTimeouts> {
  const standard = /^Timeout \(tcp tcpfin udp\): (\d+) (\d+) \d+$/.exec(text(ofFile, "timeouts"));
  if (standard === null) throw new UnknownShape(`_meta.timeouts ${String(ofFile)}`);
  if (ofScenario === undefined) {
    return { ESTABLISHED: Number(standard[1]), FIN_WAIT: Number(standard[2]) };
  }
  const own = text(ofScenario, "tcp_timeouts");
  const match =
    /^(\d+) (\d+)(?: ?\(finwait\))? \d+$/.exec(own) ??
    /^established (\d+) s, fin_wait (\d+) s(?:;.*)?$/.exec(own);
  if (match === null) throw new UnknownShape(`tcp_timeouts ${own}`);
  return { ESTABLISHED: Number(match[1]), FIN_WAIT: Number(match[2]) };
}

function readEvent(raw: unknown): IpvsEvent {
  const event = fields(raw, "event");
  const op = event["op"];
  switch (op) {
    case "add":
    case "edit":
      requireKnown(event, [
        ["op", "dest", "weight"],
        ["upper", "lower"],
      ]);
      return {
        op,
        dest: text(event["dest"], "dest"),
        weight: number(event["weight"], "weight"),
        upper: number(event["upper"] ?? 0, "upper"),
        lower: number(event["lower"] ?? 0, "lower"),
      };
    case "del":
      requireKnown(event, [["op", "dest"], []]);
      return { op, dest: text(event["dest"], "dest") };
    case "open":
      return readOpen(event);
    case "close":
      requireKnown(event, [["op", "id", "rst", "t"], []]);
      return {
        op,
        id: text(event["id"], "id"),
        seconds: number(event["t"], "t"),
        rst: event["rst"] === true,
      };
    case "sysctl":
      requireKnown(event, [["op", "key", "value"], []]);
      return { op, key: text(event["key"], "key"), value: Number(event["value"]) };
    case "note":
      requireKnown(event, [["op", "text"], []]);
      return { op };
    default:
      throw new UnknownShape(`event ${String(op)}`);
  }
}

function readOpen(event: Fields): IpvsEvent {
  // `templates` counts persistence templates after the pick, those included that another one has
  // replaced and that only wait for their timer. The model keeps no such leftovers.
  requireKnown(event, [
    ["op", "id", "t", "pick"],
    ["src", "error", "conns", "templates"],
  ]);
  const refused = event["pick"] === null;
  if (refused !== (event["error"] === "ConnectionRefusedError")) {
    throw new UnknownShape(
      `open with pick ${String(event["pick"])}, error ${String(event["error"])}`,
    );
  }
  return {
    op: "open",
    id: text(event["id"], "id"),
    seconds: number(event["t"], "t"),
    client: event["src"] === undefined ? null : readAddress(text(event["src"], "src")),
    pick: refused ? null : text(event["pick"], "pick"),
    conns: event["conns"] === undefined ? null : (fields(event["conns"], "conns") as Conns),
  };
}

function readSample(raw: unknown): Sample {
  const [seconds, conns, entries] = list(raw, "sample");
  return {
    seconds: number(seconds, "sample time"),
    conns: fields(conns, "sample counters") as Conns,
    entries: list(entries, "sample entries").map((entry) => {
      const [state, left] = list(entry, "entry");
      return [text(state, "state"), Number(left)] as const;
    }),
  };
}
