/** Reads the keepalived configuration that a recording was made with. */
import { TCP_CHECK } from "../../sim/network/lvs/keepalived/health-checker.ts";
import type { HealthCheckConfig } from "../../sim/network/lvs/keepalived/health-checker.ts";
import type { PoolConfig, PoolServer } from "../../sim/network/lvs/keepalived/server-pool.ts";
import { PERSISTENCE_SECONDS } from "../../sim/network/lvs/persistence.ts";
import { SCHEDULER_NAMES } from "../../sim/network/lvs/schedulers/create.ts";
import type { SchedulerName } from "../../sim/network/lvs/schedulers/create.ts";
import type { VirtualServerConfig } from "../../sim/network/lvs/virtual-server.ts";
import { UnknownShape } from "./adapter.ts";
import { readAddress } from "./ipvs-recording.ts";

export interface KeepalivedConfig {
  readonly service: VirtualServerConfig;
  readonly pool: PoolConfig;
  /** Real servers' addresses by id, then the sorry server's. */
  readonly addresses: readonly string[];
  /** By server id; the sorry server is not checked. */
  readonly checks: readonly HealthCheckConfig[];
}

/** `words {` ... `}`, or `words` on a line of its own. */
interface Directive {
  readonly words: readonly string[];
  readonly block: readonly Directive[];
}

/** @throws UnknownShape naming what the reader does not know */
export function readKeepalivedConfig(text: string): KeepalivedConfig {
  const services = parse(text).filter((directive) => directive.words[0] !== "global_defs");
  const [service] = services;
  if (service === undefined || services.length > 1 || service.words[0] !== "virtual_server") {
    throw new UnknownShape("a configuration without exactly one virtual_server");
  }
  return readService(service);
}

function parse(text: string): readonly Directive[] {
  const lines = text.split("\n").map((line) => line.replace(/[!#].*$/, "").trim());
  const root: Directive[] = [];
  const open: Directive[][] = [root];
  for (const line of lines) {
    if (line === "") continue;
    if (line === "}") {
      open.pop();
      continue;
    }
    const block: Directive[] = [];
    const words = line.replace(/\s*\{$/, "").split(/\s+/);
    open.at(-1)?.push({ words, block });
    if (line.endsWith("{")) open.push(block);
  }
  if (open.length !== 1) throw new UnknownShape("unbalanced braces");
  return root;
}

function readService(service: Directive): KeepalivedConfig {
  let scheduler: SchedulerName = "wlc";
  let mode: VirtualServerConfig["mode"] = "nat";
  let persistenceSeconds: number | undefined;
  let check = TCP_CHECK;
  let alpha = false;
  let inhibitAll = false;
  const quorum: { quorum?: number; hysteresis?: number } = {};
  const realServers: Directive[] = [];
  let sorryAddress: string | null = null;
  for (const directive of service.block) {
    const [key = "", value = ""] = directive.words;
    const common = readCheckKey(check, key, value);
    if (common !== null) check = common;
    else if (key === "lb_algo" || key === "lvs_sched") scheduler = readScheduler(value);
    else if (key === "lb_kind" || key === "lvs_method") mode = readMode(value);
    else if (key === "persistence_timeout") {
      persistenceSeconds = value === "" ? PERSISTENCE_SECONDS : Number(value);
    } else if (key === "alpha") alpha = true;
    else if (key === "inhibit_on_failure") inhibitAll = true;
    else if (key === "quorum") quorum.quorum = Number(value);
    else if (key === "hysteresis") quorum.hysteresis = Number(value);
    else if (key === "sorry_server") sorryAddress = value;
    else if (key === "real_server") realServers.push(directive);
    else if (key !== "protocol" || value !== "TCP") throw new UnknownShape(`${key} ${value}`);
  }
  const read = realServers.map((server, id) => readRealServer(server, id, check, inhibitAll));
  const addresses = realServers.map((server) => server.words[1] ?? "");
  const sorryServer =
    sorryAddress === null
      ? {}
      : { sorryServer: { id: addresses.push(sorryAddress) - 1, weight: 1 } };
  return {
    service: {
      scheduler,
      mode,
      virtualIp: readAddress(service.words[1] ?? "").ip,
      ...(persistenceSeconds === undefined ? {} : { persistenceSeconds }),
    },
    pool: { servers: read.map((server) => server.server), alpha, ...quorum, ...sorryServer },
    addresses,
    checks: read.map((server) => server.check),
  };
}

function readRealServer(
  directive: Directive,
  id: number,
  serviceCheck: HealthCheckConfig,
  inhibitAll: boolean,
): { server: PoolServer; check: HealthCheckConfig } {
  let weight = 1;
  let inhibitOnFailure = inhibitAll;
  let check: HealthCheckConfig | null = null;
  const thresholds: { upper?: number; lower?: number } = {};
  for (const inner of directive.block) {
    const [key = "", value = ""] = inner.words;
    if (key === "weight") weight = Number(value);
    else if (key === "inhibit_on_failure") inhibitOnFailure = true;
    else if (key === "uthreshold") thresholds.upper = Number(value);
    else if (key === "lthreshold") thresholds.lower = Number(value);
    else if (key === "TCP_CHECK") check = readCheck(inner, serviceCheck);
    else throw new UnknownShape(`real_server ${key} ${value}`);
  }
  if (check === null) throw new UnknownShape("a real_server without TCP_CHECK");
  const { ip } = readAddress(directive.words[1] ?? "");
  const options = { ip, port: Number(directive.words[2]), ...thresholds };
  return { server: { id, weight, inhibitOnFailure, options }, check };
}

function readCheck(directive: Directive, serviceCheck: HealthCheckConfig): HealthCheckConfig {
  let check = serviceCheck;
  for (const inner of directive.block) {
    const [key = "", value = ""] = inner.words;
    const read = readCheckKey(check, key, value);
    if (read === null) throw new UnknownShape(`TCP_CHECK ${key} ${value}`);
    check = read;
  }
  return check;
}

/** The keys that a check shares with its virtual_server; null if `key` is none of them. */
function readCheckKey(
  check: HealthCheckConfig,
  key: string,
  value: string,
): HealthCheckConfig | null {
  switch (key) {
    case "delay_loop":
      return { ...check, delayLoopSeconds: Number(value) };
    case "connect_timeout":
      return { ...check, connectTimeoutSeconds: Number(value) };
    case "retry":
      return { ...check, retry: Number(value) };
    case "delay_before_retry":
      return { ...check, delayBeforeRetrySeconds: Number(value) };
    case "warmup":
      return { ...check, warmupSeconds: Number(value) };
    default:
      return null;
  }
}

function readScheduler(value: string): SchedulerName {
  // The recordings do not say where requests come from, so source hashes cannot be checked.
  const known = SCHEDULER_NAMES.find((name) => name === value);
  if (known === undefined || known === "sh" || known === "mh" || known === "twos") {
    throw new UnknownShape(`lb_algo ${value}`);
  }
  return known;
}

function readMode(value: string): VirtualServerConfig["mode"] {
  const mode = value.toLowerCase();
  if (mode === "nat" || mode === "dr" || mode === "tun") return mode;
  throw new UnknownShape(`lb_kind ${value}`);
}
