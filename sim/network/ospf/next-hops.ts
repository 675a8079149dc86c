/** A router's forwarding table, as its kernel holds it and the simulator asks it. */
import { formatAddress } from "./address.ts";
import type { RouterProcess } from "./router.ts";
import type { Hop } from "./spf.ts";

/** One of the equal ways from a router to a prefix. */
export interface NextHop {
  readonly link: string;
  readonly neighbour: string;
  /** The neighbour's address on the link, dotted. */
  readonly gateway: string;
  /** The same as indices: of the link, and of this router's and the neighbour's end of it. */
  readonly linkIndex: number;
  readonly fromEnd: number;
  readonly toEnd: number;
}

const NONE: readonly NextHop[] = [];

export class NextHopTable {
  readonly #router: RouterProcess;
  readonly #routers: readonly RouterProcess[];
  readonly #nextHops = new Map<string, readonly NextHop[]>();

  constructor(router: RouterProcess, routers: readonly RouterProcess[]) {
    this.#router = router;
    this.#routers = routers;
  }

  to(prefix: string): readonly NextHop[] {
    return this.#nextHops.get(prefix) ?? NONE;
  }

  /** Takes a new table over, keeping the arrays of routes that stay; true if any route changed. */
  replace(forwarding: ReadonlyMap<string, readonly Hop[]>): boolean {
    let changed = false;
    for (const prefix of this.#nextHops.keys()) {
      if (!forwarding.has(prefix)) changed = this.#nextHops.delete(prefix);
    }
    for (const [prefix, hops] of forwarding) {
      const next = hops.map((hop) => this.#nextHop(hop));
      if (same(this.#nextHops.get(prefix), next)) continue;
      this.#nextHops.set(prefix, next);
      changed = true;
    }
    return changed;
  }

  /** True if there was anything to forget. */
  clear(): boolean {
    const had = this.#nextHops.size > 0;
    this.#nextHops.clear();
    return had;
  }

  #nextHop(hop: Hop): NextHop {
    const attachment = this.#router.attachments.find(({ link }) => link.prefix === hop.interface);
    const { link, end: fromEnd } = attachment!;
    const toEnd = link.ends.findIndex((end) => end.address === hop.gateway);
    return {
      link: link.name,
      neighbour: this.#routers[link.ends[toEnd].router].name,
      gateway: formatAddress(hop.gateway),
      linkIndex: link.index,
      fromEnd,
      toEnd,
    };
  }
}

function same(a: readonly NextHop[] | undefined, b: readonly NextHop[]): boolean {
  return (
    a?.length === b.length &&
    a.every((hop, i) => hop.linkIndex === b[i].linkIndex && hop.toEnd === b[i].toEnd)
  );
}
