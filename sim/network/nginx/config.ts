/**
 * The `upstream` block and the `proxy_next_upstream*` directives, named as in nginx.conf, and the
 * checks nginx itself makes when it reads them (nginx 1.22.1).
 */

/** One `server` line. Defaults are nginx's: weight 1, max_fails 1, fail_timeout 10, no max_conns. */
export interface UpstreamServerConfig {
  /** As written in the file: "127.0.0.1:3001", "ticket1:3001", "unix:/run/app.sock". */
  address: string;
  weight?: number;
  /** Failures after which the server is left out; 0 never leaves it out. */
  max_fails?: number;
  /** Whole seconds: how long it is left out, and how old a failure must be to be forgotten. */
  fail_timeout?: number;
  /** Requests in flight from this worker (or zone) at most; 0 is unlimited. */
  max_conns?: number;
  backup?: boolean;
  down?: boolean;
}

/** How a server is chosen. `random two` is nginx's `random two least_conn`. */
export type BalancingMethod =
  | "round_robin"
  | "ip_hash"
  | "hash"
  | "hash consistent"
  | "least_conn"
  | "random"
  | "random two";

/** What may send a request on to the next server. */
export type NextUpstreamCondition =
  | "error"
  | "timeout"
  | "invalid_header"
  | "http_500"
  | "http_502"
  | "http_503"
  | "http_504"
  | "http_403"
  | "http_404"
  | "http_429"
  | "non_idempotent"
  | "off";

export interface UpstreamConfig {
  method: BalancingMethod;
  servers: readonly UpstreamServerConfig[];
  /** Default: error timeout. `off` overrules everything listed beside it. */
  proxy_next_upstream?: readonly NextUpstreamCondition[];
  /** Tries one request may make, the first included; 0, the default, is one per server. */
  proxy_next_upstream_tries?: number;
  /** Seconds from the first pick after which a request is not sent on; 0, the default, is never. */
  proxy_next_upstream_timeout?: number;
}

/** The configuration cannot be; the message names the field. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const METHODS: readonly BalancingMethod[] = [
  "round_robin",
  "ip_hash",
  "hash",
  "hash consistent",
  "least_conn",
  "random",
  "random two",
];

const METHODS_WITH_BACKUP: readonly BalancingMethod[] = ["round_robin", "least_conn"];

/** Keeps every sum of weights, and every current weight, within a 32-bit integer. */
const WEIGHT_MAX = 1 << 20;
const SERVERS_MAX = 1 << 10;
const SECONDS_MAX = 2 ** 30;

/**
 * Checks an upstream block.
 * @throws ConfigError at the first field that nginx would refuse, too.
 */
export function checkUpstreamConfig(config: UpstreamConfig): void {
  if (!METHODS.includes(config.method)) {
    throw new ConfigError(
      `upstream.method: unknown method "${config.method}"; known: ${METHODS.join(", ")}`,
    );
  }
  config.servers.forEach((server, index) => {
    checkServer(server, `upstream.servers[${index}]`);
    if (server.backup === true && !METHODS_WITH_BACKUP.includes(config.method)) {
      throw new ConfigError(
        `upstream.servers[${index}].backup: method "${config.method}" does not support backup`,
      );
    }
  });
  if (!config.servers.some((server) => server.backup !== true)) {
    throw new ConfigError("upstream.servers: no servers in upstream (backups do not count)");
  }
  if (config.servers.length > SERVERS_MAX) {
    throw new ConfigError(`upstream.servers: at most ${SERVERS_MAX}, got ${config.servers.length}`);
  }
  checkWhole(config.proxy_next_upstream_tries, "upstream.proxy_next_upstream_tries", 0, WEIGHT_MAX);
  const timeoutSeconds = config.proxy_next_upstream_timeout ?? 0;
  if (!(timeoutSeconds >= 0 && timeoutSeconds <= SECONDS_MAX)) {
    throw new ConfigError(
      `upstream.proxy_next_upstream_timeout: must be 0 to ${SECONDS_MAX} seconds, got ${timeoutSeconds}`,
    );
  }
}

function checkServer(server: UpstreamServerConfig, field: string): void {
  if (!/^\S+$/.test(server.address)) {
    throw new ConfigError(`${field}.address: must be one word, got "${server.address}"`);
  }
  checkWhole(server.weight, `${field}.weight`, 1, WEIGHT_MAX);
  checkWhole(server.max_fails, `${field}.max_fails`, 0, WEIGHT_MAX);
  checkWhole(server.fail_timeout, `${field}.fail_timeout`, 0, SECONDS_MAX);
  checkWhole(server.max_conns, `${field}.max_conns`, 0, SECONDS_MAX);
}

function checkWhole(value: number | undefined, field: string, low: number, high: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new ConfigError(`${field}: must be a whole number from ${low} to ${high}, got ${value}`);
  }
}
