/** Renders the template of the nginx configuration for one nginx of a scenario. */
import { readFileSync } from "node:fs";
import type { Scenario } from "../../sim/scenario/schema.ts";

const TEMPLATE = new URL("../../nginx/load-balance.conf.template", import.meta.url);

/** Connections of one worker: two for each buyer under way. */
const CONNECTIONS = 8192;
/** Idle connections to ticket servers that each worker keeps. */
const KEEPALIVE = 64;

/** One `server` line of the upstream. */
export interface UpstreamServer {
  /** Number of the ticket server in the scenario. */
  readonly server: number;
  /** "127.0.0.1:3001". */
  readonly address: string;
  readonly weight: number;
  /** At another site: used only when all of this site's are unavailable. */
  readonly elsewhere: boolean;
}

export interface NginxSettings {
  /** Everything that nginx writes goes here. */
  readonly folder: string;
  /** "127.0.0.1:8080". */
  readonly listen: string;
  /** The site's `nginx` section. */
  readonly nginx: Scenario["nginx"];
  readonly servers: readonly UpstreamServer[];
}

/** The whole configuration file. */
export function renderNginx({ folder, listen, nginx, servers }: NginxSettings): string {
  const nextUpstream = nginx.proxy_next_upstream.join(" ") || "off";
  const values: Readonly<Record<string, string>> = {
    folder,
    listen,
    workers: String(nginx.workers),
    connections: String(CONNECTIONS),
    keepalive: String(KEEPALIVE),
    upstream: upstreamLines(nginx, servers).join("\n    "),
    connectTimeout: milliseconds(nginx.proxyConnectTimeoutMs),
    readTimeout: milliseconds(nginx.proxyReadTimeoutMs),
    tries: String(nginx.proxy_next_upstream_tries),
    nextUpstream,
    nextUpstreamOfPurchase:
      nginx.proxy_next_upstream.filter((when) => when !== "non_idempotent").join(" ") || "off",
  };
  return readFileSync(TEMPLATE, "utf8").replaceAll(/\$\{(\w+)\}/gu, (_, name: string) => {
    // The template's own first lines explain what a placeholder looks like.
    if (name === "name") return "${name}";
    const value = values[name];
    if (value === undefined) throw new Error(`nginx template: there is no value for ${name}`);
    return value;
  });
}

function upstreamLines(
  nginx: Scenario["nginx"],
  servers: readonly UpstreamServer[],
): readonly string[] {
  return [
    // Shared between workers, so that all of them take turns in one round.
    ...(nginx.zone ? ["zone load_rule 256k;"] : []),
    ...methodLines(nginx.method),
    ...servers.map((server) => serverLine(nginx, server)),
  ];
}

/** The hash is over the buyer's address, as in the simulator. */
function methodLines(method: Scenario["nginx"]["method"]): readonly string[] {
  switch (method) {
    case "round_robin":
      return [];
    case "ip_hash":
      return ["ip_hash;"];
    case "hash":
      return ["hash $remote_addr;"];
    case "hash consistent":
      return ["hash $remote_addr consistent;"];
    case "least_conn":
      return ["least_conn;"];
    case "random":
      return ["random;"];
    case "random two":
      return ["random two least_conn;"];
  }
}

function serverLine(
  nginx: Scenario["nginx"],
  { server, address, weight, elsewhere }: UpstreamServer,
): string {
  const own = nginx.servers.find((line) => line.server === server);
  const maxConns = own?.max_conns ?? nginx.max_conns;
  return [
    `server ${address}`,
    `weight=${weight}`,
    `max_fails=${own?.max_fails ?? nginx.max_fails}`,
    `fail_timeout=${own?.fail_timeout ?? nginx.fail_timeout}s`,
    ...(maxConns > 0 ? [`max_conns=${maxConns}`] : []),
    ...((own?.backup ?? elsewhere) ? ["backup"] : []),
    ...(own?.down === true ? ["down"] : []),
  ]
    .join(" ")
    .concat(";");
}

/** nginx takes whole milliseconds, and 0 would mean none at all. */
function milliseconds(ms: number): string {
  return `${Math.max(1, Math.round(ms))}ms`;
}
