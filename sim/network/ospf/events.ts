/** What can be due in an OSPF network. */
import type { Lsa } from "./lsa.ts";
import type { RouterProcess } from "./router.ts";
import type { Hop } from "./spf.ts";
import type { Link, LinkEnd, Pair } from "./topology.ts";

/**
 * `generation` and `life` are those of the pair or router when the event was set: if they have
 * moved on, the event is void.
 */
export type OspfEvent =
  /** The dead interval is over: one end of the pair gives the other up. */
  | {
      readonly type: "neighbour-dead";
      readonly link: Link;
      readonly pair: Pair;
      readonly atA: boolean;
      readonly generation: number;
    }
  /** These pairs have heard enough Hellos and may exchange their databases. */
  | {
      readonly type: "adjacency-up";
      readonly link: Link;
      readonly pairs: readonly { readonly pair: Pair; readonly generation: number }[];
    }
  /** A new interface on a broadcast network has listened long enough. */
  | { readonly type: "wait-over"; readonly link: Link; readonly end: LinkEnd }
  | {
      readonly type: "lsa";
      readonly link: Link;
      readonly pair: Pair;
      readonly toA: boolean;
      readonly lsa: Lsa;
    }
  | { readonly type: "originate"; readonly router: RouterProcess; readonly life: number }
  | { readonly type: "spf"; readonly router: RouterProcess; readonly life: number }
  | {
      readonly type: "kernel";
      readonly router: RouterProcess;
      readonly life: number;
      readonly forwarding: ReadonlyMap<string, readonly Hop[]>;
    };
