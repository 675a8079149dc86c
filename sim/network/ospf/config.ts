/** A network of routers as plain data, and its defaults. */
import type { CostRule } from "./cost.ts";
import { COST_MAX } from "./cost.ts";
import type { SpfThrottleConfig } from "./throttle.ts";

export interface OspfConfig {
  readonly routers: readonly RouterConfig[];
  readonly links: readonly LinkConfig[];
  /** FRR's defaults if absent. */
  readonly spf?: SpfThrottleConfig;
  /** "frr" if absent. */
  readonly costRule?: CostRule;
  /** 100 Mbit/s if absent. */
  readonly referenceBandwidthMbit?: number;
  /** Equal-cost paths that the kernel gets at most; 6 if absent. */
  readonly maximumPaths?: number;
  readonly timing?: Partial<OspfTiming>;
}

export interface RouterConfig {
  readonly name: string;
  /** Dotted quad; 10.255.0.1, 10.255.0.2, ... in order if absent. */
  readonly routerId?: string;
  /** Networks that it advertises as stubs from the start, such as "10.100.0.1/32". */
  readonly prefixes?: readonly PrefixConfig[];
}

export interface PrefixConfig {
  readonly prefix: string;
  readonly cost: number;
}

export interface LinkConfig {
  readonly name: string;
  readonly type: "point-to-point" | "broadcast";
  /** Two for a point-to-point link, at least two for a broadcast network. */
  readonly ends: readonly LinkEndConfig[];
  readonly bandwidthMbit: number;
  /** Subnet; 172.16.0.0/30, 172.16.0.4/30, ... or 172.24.0.0/24, 172.24.1.0/24, ... if absent. */
  readonly prefix?: string;
  /** 10 s if absent. */
  readonly helloSeconds?: number;
  /** Four times the hello interval if absent. */
  readonly deadSeconds?: number;
}

export interface LinkEndConfig {
  readonly router: string;
  /** Dotted quad; the subnet's first, second, ... if absent. */
  readonly address?: string;
  /** Cost of leaving the router by this end, instead of the one that follows from bandwidth. */
  readonly cost?: number;
  /** For the election of the designated router, 0..255; 1 if absent. */
  readonly priority?: number;
}

/** Delays that are the same all over the network, in milliseconds. */
export interface OspfTiming {
  /**
   * An LSA from one router to the next, its handling included. A remote failure was recorded to
   * change routes one hop away after 229 ms at most, a local cost change after 12 to 16 ms.
   */
  readonly floodHopMs: number;
  /** From the end of an SPF run to the kernel's table; recorded 10 to 12 ms. */
  readonly kernelUpdateMs: number;
  /** An LSA that was lost or refused comes again after this long (RxmtInterval). */
  readonly retransmitMs: number;
  /** A new instance that follows the last one sooner than this is refused by its receiver. */
  readonly minLsArrivalMs: number;
  /**
   * A router waits at least this long between two instances of its own LSA. RFC 2328 says 5000;
   * FRR 8.4.4 was recorded to let cost changes 0.7 s apart take effect one by one, hence 0.
   */
  readonly minLsIntervalMs: number;
}

export const OSPF_TIMING_DEFAULT: OspfTiming = {
  floodHopMs: 5,
  kernelUpdateMs: 10,
  retransmitMs: 5000,
  minLsArrivalMs: 1000,
  minLsIntervalMs: 0,
};

/** Throws RangeError that names the router or link whose values cannot work. */
export function checkOspfConfig(config: OspfConfig): void {
  const routers = new Set(config.routers.map((router) => router.name));
  require(routers.size === config.routers.length, "router names must differ");
  const links = new Set(config.links.map((link) => link.name));
  require(links.size === config.links.length, "link names must differ");
  const paths = config.maximumPaths ?? 1;
  require(Number.isInteger(paths) && paths >= 1, "maximumPaths must be at least 1");
  for (const router of config.routers) {
    for (const { prefix, cost } of router.prefixes ?? []) {
      require(cost >= 0 && cost <= COST_MAX, `router ${router.name}: cost of ${prefix}: 0..65535`);
    }
  }
  for (const link of config.links) checkLink(link, routers);
}

function checkLink(link: LinkConfig, routers: ReadonlySet<string>): void {
  const pointToPoint = link.type === "point-to-point";
  const count = link.ends.length;
  require(pointToPoint ? count === 2 : count >= 2, `link ${link.name}: has ${count} ends`);
  require(link.bandwidthMbit > 0, `link ${link.name}: bandwidthMbit must be positive`);
  const helloSeconds = link.helloSeconds ?? 10;
  require(helloSeconds > 0 &&
    (link.deadSeconds ?? 4 * helloSeconds) >
      helloSeconds, `link ${link.name}: deadSeconds must exceed helloSeconds`);
  const seen = new Set<string>();
  for (const { router, cost } of link.ends) {
    require(routers.has(router), `link ${link.name}: no router ${router}`);
    require(!seen.has(router), `link ${link.name}: router ${router} at two ends`);
    seen.add(router);
    require(cost === undefined ||
      (cost >= 1 && cost <= COST_MAX), `link ${link.name}: cost 1..65535`);
  }
}

function require(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(message);
}
