/**
 * Link-state advertisements and the database of them that each router holds (RFC 2328, section 12).
 *
 * One area, so router and network LSAs are all there is. LSAs are immutable and shared by all
 * databases that hold them. Ageing is left out: an LSA whose originator is gone stays, as it would
 * for 60 minutes, and the two-way check of the SPF run makes it harmless.
 */
import type { Prefix } from "./address.ts";

/** What a router LSA says about one interface. Metrics are costs of leaving by that interface. */
export type RouterLink =
  | {
      readonly type: "point-to-point";
      readonly neighbour: number;
      /** The originator's own address on the link. */
      readonly address: number;
      readonly metric: number;
    }
  | {
      readonly type: "transit";
      /** Interface address of the designated router: the id of the network LSA. */
      readonly designatedRouter: number;
      readonly address: number;
      readonly metric: number;
    }
  | { readonly type: "stub"; readonly prefix: Prefix; readonly metric: number };

export interface RouterLsa {
  readonly type: "router";
  /** Router id of the originator, which is also the LSA's id. */
  readonly id: number;
  readonly sequence: number;
  readonly links: readonly RouterLink[];
}

/** Originated by the designated router of a broadcast network. */
export interface NetworkLsa {
  readonly type: "network";
  /** Interface address of the designated router. */
  readonly id: number;
  readonly sequence: number;
  readonly prefixLength: number;
  /** Router ids, the designated router's too. None: the LSA has been flushed. */
  readonly attached: readonly number[];
}

export type Lsa = RouterLsa | NetworkLsa;

interface Held<L extends Lsa> {
  readonly lsa: L;
  readonly installedNs: number;
}

/**
 * What came of an LSA that arrived: `changed` asks for an SPF run, `refreshed` is a newer instance
 * with the same contents, `tooSoon` must come again later, `old` is a duplicate or older.
 */
export type Installed = "changed" | "refreshed" | "tooSoon" | "old";

export class LinkStateDatabase {
  readonly #routers = new Map<number, Held<RouterLsa>>();
  readonly #networks = new Map<number, Held<NetworkLsa>>();

  router(id: number): RouterLsa | undefined {
    return this.#routers.get(id)?.lsa;
  }

  network(id: number): NetworkLsa | undefined {
    return this.#networks.get(id)?.lsa;
  }

  /** All LSAs in the order in which their ids were first seen. */
  all(): Lsa[] {
    const all: Lsa[] = [];
    for (const held of this.#routers.values()) all.push(held.lsa);
    for (const held of this.#networks.values()) all.push(held.lsa);
    return all;
  }

  /**
   * Takes an LSA in if it is newer. One that follows the held instance by less than
   * `minLsArrivalNs` is refused, whatever it says (RFC 2328, section 13, step 5a): its sender will
   * retransmit it.
   */
  install(lsa: Lsa, nowNs: number, minLsArrivalNs = 0): Installed {
    return lsa.type === "router"
      ? put(this.#routers, lsa, nowNs, minLsArrivalNs)
      : put(this.#networks, lsa, nowNs, minLsArrivalNs);
  }
}

function put<L extends Lsa>(
  lsas: Map<number, Held<L>>,
  lsa: L,
  nowNs: number,
  minLsArrivalNs: number,
): Installed {
  const held = lsas.get(lsa.id);
  if (held !== undefined) {
    if (lsa.sequence <= held.lsa.sequence) return "old";
    if (nowNs - held.installedNs < minLsArrivalNs) return "tooSoon";
  }
  lsas.set(lsa.id, { lsa, installedNs: nowNs });
  return held !== undefined && sameContents(held.lsa, lsa) ? "refreshed" : "changed";
}

/** True if both say the same, whatever their sequence numbers. */
export function sameContents(a: Lsa, b: Lsa): boolean {
  return contents(a) === contents(b);
}

function contents(lsa: Lsa): string {
  return JSON.stringify(lsa.type === "router" ? lsa.links : [lsa.prefixLength, lsa.attached]);
}
