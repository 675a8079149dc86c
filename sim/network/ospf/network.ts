/**
 * A network of OSPF routers in virtual time: what fails is noticed, flooded, and routed around,
 * each after the time it takes in reality; until then packets are lost on the way that died.
 *
 *     const network = new OspfNetwork(config, randomness.stream("ospf"));
 *     network.cutLink("edge-core1", nowNs, true);   // nobody notices yet
 *     network.nextEventNs();                        // when the first router does
 */
import type { Stream } from "../../kernel/random.ts";
import { formatAddress, parsePrefix } from "./address.ts";
import type { OspfConfig } from "./config.ts";
import type { NextHop } from "./next-hops.ts";
import { OspfProtocol } from "./protocol.ts";
import type { RouterProcess } from "./router.ts";
import type { Link, LinkEnd } from "./topology.ts";
import { connects, costByBandwidth } from "./topology.ts";

export class OspfNetwork {
  readonly #config: OspfConfig;
  readonly #protocol: OspfProtocol;
  readonly #linkByName: ReadonlyMap<string, Link>;
  readonly #routerByName: ReadonlyMap<string, RouterProcess>;

  /**
   * Starts converged at time 0. `stream` gives the detection times, keyed by the interface that
   * failed and the number of its link's failure. Throws RangeError if the configuration cannot
   * work.
   */
  constructor(config: OspfConfig, stream: Stream) {
    this.#config = config;
    this.#protocol = new OspfProtocol(config, stream);
    const { links, routers } = this.#protocol;
    this.#linkByName = new Map(links.map((link) => [link.name, link]));
    this.#routerByName = new Map(routers.map((router) => [router.name, router]));
  }

  /** Time of the next internal event, or Infinity. `advance` must be called then. */
  nextEventNs(): number {
    return this.#protocol.nextEventNs();
  }

  /** Lets everything happen that is due; true if some router's routes changed since last asked. */
  advance(nowNs: number): boolean {
    this.#protocol.advance(nowNs);
    const changed = this.#protocol.routesChanged;
    this.#protocol.routesChanged = false;
    return changed;
  }

  /**
   * The next hops that the router's kernel uses towards the prefix (text, exactly as advertised),
   * ascending by gateway, which is the order that the flow hash counts in. Empty if it has no
   * route, or is itself on that network. The array is the same object until the route changes.
   */
  nextHops(router: string, prefix: string): readonly NextHop[] {
    return this.#protocol.tables[this.#router(router).index].to(prefix);
  }

  /** False while a cut, silent or not, lasts anywhere on the link. */
  linkIsUp(link: string): boolean {
    const { ends } = this.#link(link);
    for (let i = 0; i < ends.length; i++) if (ends[i].cable !== "connected") return false;
    return true;
  }

  /** True if a packet sent to that next hop now arrives: cables connected, both machines on. */
  carries(hop: NextHop): boolean {
    return connects(this.#protocol.links[hop.linkIndex], hop.fromEnd, hop.toEnd);
  }

  /** Router ids (dotted) of designated router and backup, as that router sees them. */
  offices(link: string, router: string): { designated: string; backup: string } {
    const { designated, backup } = this.#end(this.#link(link), router);
    return { designated: formatAddress(designated), backup: formatAddress(backup) };
  }

  // What can happen to the network. Each takes effect at `nowNs`, which never goes back.

  /** The cable is cut. `silent`: the ends still see a carrier, as behind a switch. */
  cutLink(link: string, nowNs: number, silent: boolean): void {
    const cut = this.#link(link);
    this.#setCables(cut, cut.ends, silent ? "silent" : "cut", nowNs);
  }

  /** Mends the cut of a link, and of all its ports. */
  restoreLink(link: string, nowNs: number): void {
    const mended = this.#link(link);
    this.#setCables(mended, mended.ends, "connected", nowNs);
  }

  /** Cuts one router off a broadcast network. */
  cutPort(link: string, router: string, nowNs: number, silent: boolean): void {
    const cut = this.#link(link);
    this.#setCables(cut, [this.#end(cut, router)], silent ? "silent" : "cut", nowNs);
  }

  restorePort(link: string, router: string, nowNs: number): void {
    const mended = this.#link(link);
    this.#setCables(mended, [this.#end(mended, router)], "connected", nowNs);
  }

  /** Sets the cost of leaving `router` by `link`; undefined gives it back to the bandwidth. */
  setCost(router: string, link: string, cost: number | undefined, nowNs: number): void {
    this.#protocol.advance(nowNs);
    const { index } = this.#link(link);
    const byBandwidth = costByBandwidth(this.#config, this.#config.links[index]);
    this.#end(this.#protocol.links[index], router).cost = cost ?? byBandwidth;
    this.#protocol.originate(this.#router(router), nowNs);
  }

  /**
   * The router stops. `silent`: its process hangs while the kernel forwards by its last table and
   * its neighbours, who see a carrier, wait for the dead interval. Otherwise the power is gone, and
   * neighbours on point-to-point links know at once; on a broadcast network the carrier is the
   * switch's, and they must wait.
   */
  stopRouter(router: string, nowNs: number, silent: boolean): void {
    this.#protocol.advance(nowNs);
    const stopped = this.#router(router);
    stopped.stop();
    if (!silent && this.#protocol.tables[stopped.index].clear())
      this.#protocol.routesChanged = true;
    for (const { link, end } of stopped.attachments) {
      link.ends[end].running = false;
      if (!silent) link.ends[end].powered = false;
    }
    for (const { link } of stopped.attachments) this.#protocol.linkChanged(link, nowNs);
  }

  /** The router starts with an empty database; its neighbours bring it up to date. */
  startRouter(router: string, nowNs: number): void {
    this.#protocol.advance(nowNs);
    const started = this.#router(router);
    if (started.running) return;
    started.start();
    for (const { link, end } of started.attachments) {
      link.ends[end].running = true;
      link.ends[end].powered = true;
    }
    for (const { link } of started.attachments) this.#protocol.linkChanged(link, nowNs);
  }

  /** The router advertises a prefix of its own, as a stub of that cost. */
  advertise(router: string, prefix: string, nowNs: number, cost = 0): void {
    this.#protocol.advance(nowNs);
    this.#router(router).prefixes.set(parsePrefix(prefix), cost);
    this.#protocol.originate(this.#router(router), nowNs);
  }

  withdraw(router: string, prefix: string, nowNs: number): void {
    this.#protocol.advance(nowNs);
    this.#router(router).prefixes.delete(parsePrefix(prefix));
    this.#protocol.originate(this.#router(router), nowNs);
  }

  #setCables(link: Link, ends: readonly LinkEnd[], cable: LinkEnd["cable"], nowNs: number): void {
    this.#protocol.advance(nowNs);
    for (const end of ends) end.cable = cable;
    this.#protocol.linkChanged(link, nowNs);
  }

  #link(name: string): Link {
    const link = this.#linkByName.get(name);
    if (link === undefined) throw new RangeError(`no link ${name}`);
    return link;
  }

  #router(name: string): RouterProcess {
    const router = this.#routerByName.get(name);
    if (router === undefined) throw new RangeError(`no router ${name}`);
    return router;
  }

  #end(link: Link, router: string): LinkEnd {
    const { index } = this.#router(router);
    const end = link.ends.find((each) => each.router === index);
    if (end === undefined) throw new RangeError(`router ${router} is not on link ${link.name}`);
    return end;
  }
}
