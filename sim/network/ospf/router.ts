/** One router: its database, what it says of itself, and what it forwards by. */
import type { Prefix } from "./address.ts";
import { formatPrefix, parsePrefix } from "./address.ts";
import type { OspfConfig } from "./config.ts";
import type { Lsa, NetworkLsa, RouterLink, RouterLsa } from "./lsa.ts";
import { LinkStateDatabase, sameContents } from "./lsa.ts";
import { connectedPrefixes, kernelRoutes, ospfRoutes } from "./routes.ts";
import type { Hop } from "./spf.ts";
import type { SpfThrottleConfig } from "./throttle.ts";
import { SPF_THROTTLE_DEFAULT, SpfThrottle } from "./throttle.ts";
import type { Link } from "./topology.ts";
import { neighboursOf, routerIds } from "./topology.ts";

/** Where one link has its end at this router. */
export interface Attachment {
  readonly link: Link;
  /** Index into `link.ends`. */
  readonly end: number;
}

export class RouterProcess {
  readonly index: number;
  readonly name: string;
  readonly id: number;
  readonly attachments: readonly Attachment[];
  /** Stub prefixes that it advertises, with their costs. */
  readonly prefixes = new Map<Prefix, number>();
  readonly #throttleConfig: SpfThrottleConfig;
  running = true;
  /** Starts over when the router does. */
  database = new LinkStateDatabase();
  throttle: SpfThrottle;
  /** Counts stops: what was due in an earlier life is void. */
  life = 0;
  /** When it last originated, for MinLSInterval; and whether it is waiting to. */
  originatedNs = -Infinity;
  originationDue = false;
  // Survives a restart, so that new LSAs are newer than the old ones that are still out there.
  #sequence = 0;

  constructor(
    index: number,
    name: string,
    id: number,
    attachments: readonly Attachment[],
    throttle: SpfThrottleConfig,
  ) {
    this.index = index;
    this.name = name;
    this.id = id;
    this.attachments = attachments;
    this.#throttleConfig = throttle;
    this.throttle = new SpfThrottle(throttle);
  }

  stop(): void {
    this.running = false;
    this.life += 1;
  }

  start(): void {
    this.running = true;
    this.database = new LinkStateDatabase();
    this.throttle = new SpfThrottle(this.#throttleConfig);
    this.originatedNs = -Infinity;
    this.originationDue = false;
  }

  /** Its own LSAs whose contents are not what its database holds, as new instances. */
  pendingLsas(): Lsa[] {
    const lsas: Lsa[] = [];
    const own = { type: "router", id: this.id, sequence: 0, links: this.#routerLinks() } as const;
    if (differs(own, this.database.router(this.id))) lsas.push(this.#numbered(own));
    for (const attachment of this.attachments) {
      if (!attachment.link.broadcast) continue;
      const network = this.#networkLsa(attachment);
      const held = this.database.network(network.id);
      // Without anybody attached it is the flushing of one that is out there, or nothing at all.
      if (held === undefined ? network.attached.length > 0 : differs(network, held)) {
        lsas.push(this.#numbered(network));
      }
    }
    return lsas;
  }

  #numbered<L extends RouterLsa | NetworkLsa>(lsa: L): L {
    this.#sequence += 1;
    return { ...lsa, sequence: this.#sequence };
  }

  #routerLinks(): RouterLink[] {
    const links: RouterLink[] = [];
    for (const { link, end } of this.attachments) {
      const { up, address, cost: metric } = link.ends[end];
      if (!up) continue;
      const designatedRouter = link.broadcast ? this.#designatedAddress(link, end) : undefined;
      if (designatedRouter !== undefined) {
        links.push({ type: "transit", designatedRouter, address, metric });
        continue;
      }
      if (!link.broadcast && neighboursOf(link, end).length > 0) {
        const neighbour = link.ends[1 - end].routerId;
        links.push({ type: "point-to-point", neighbour, address, metric });
      }
      links.push({ type: "stub", prefix: link.prefix, metric });
    }
    for (const [prefix, metric] of this.prefixes) links.push({ type: "stub", prefix, metric });
    return links;
  }

  /** Interface address of the designated router if this one is adjacent to it, or is it. */
  #designatedAddress(link: Link, end: number): number | undefined {
    const { designated, address } = link.ends[end];
    const neighbours = neighboursOf(link, end);
    // A designated router without neighbours is a stub: there is nobody to pass traffic on to.
    if (designated === this.id) return neighbours.length > 0 ? address : undefined;
    const other = neighbours.find((index) => link.ends[index].routerId === designated);
    return other === undefined ? undefined : link.ends[other].address;
  }

  #networkLsa({ link, end }: Attachment): NetworkLsa {
    const { address, up, designated } = link.ends[end];
    const attached: number[] = [];
    const neighbours = neighboursOf(link, end);
    if (up && designated === this.id && neighbours.length > 0) {
      attached.push(this.id, ...neighbours.map((other) => link.ends[other].routerId));
      attached.sort((a, b) => a - b);
    }
    return { type: "network", id: address, sequence: 0, prefixLength: link.prefix % 64, attached };
  }

  /** What SPF over the database says the kernel should hold, by prefix in text. */
  computeForwarding(maximumPaths: number): Map<string, readonly Hop[]> {
    const routes = ospfRoutes(this.database, this.id);
    const connected = connectedPrefixes(this.database, this.id);
    const forwarding = new Map<string, readonly Hop[]>();
    for (const [prefix, hops] of kernelRoutes(routes, connected, maximumPaths)) {
      forwarding.set(formatPrefix(prefix), hops);
    }
    return forwarding;
  }
}

function differs(wanted: Lsa, held: Lsa | undefined): boolean {
  return held === undefined || !sameContents(wanted, held);
}

/** All routers of a configuration, running, with empty databases. */
export function buildRouters(config: OspfConfig, links: readonly Link[]): RouterProcess[] {
  const ids = routerIds(config);
  return config.routers.map(({ name, prefixes }, index) => {
    const attachments: Attachment[] = [];
    for (const link of links) {
      const end = link.ends.findIndex((each) => each.router === index);
      if (end >= 0) attachments.push({ link, end });
    }
    const throttle = config.spf ?? SPF_THROTTLE_DEFAULT;
    const router = new RouterProcess(index, name, ids[index], attachments, throttle);
    for (const { prefix, cost } of prefixes ?? []) router.prefixes.set(parsePrefix(prefix), cost);
    return router;
  });
}
