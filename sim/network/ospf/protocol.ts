/**
 * What OSPF routers do by themselves: notice, originate, flood, run SPF, tell their kernels.
 *
 * The rules are FRR 8.4.4's, in one area. Packets are left out: a Hello that stops arriving is a
 * timer, an LSA on its way is an event, and acknowledgement is that a lost one comes again.
 */
import type { Stream } from "../../kernel/random.ts";
import { Agenda } from "./agenda.ts";
import type { OspfConfig, OspfTiming } from "./config.ts";
import { checkOspfConfig, OSPF_TIMING_DEFAULT } from "./config.ts";
import { noticeChange } from "./detection.ts";
import type { OspfEvent } from "./events.ts";
import type { Lsa } from "./lsa.ts";
import { NextHopTable } from "./next-hops.ts";
import { buildRouters, type RouterProcess } from "./router.ts";
import { settleOffices } from "./segment.ts";
import type { Link, Pair } from "./topology.ts";
import { buildLinks } from "./topology.ts";

const NS_PER_MS = 1_000_000;

export class OspfProtocol {
  readonly links: readonly Link[];
  readonly routers: readonly RouterProcess[];
  /** What each router's kernel forwards by. */
  readonly tables: readonly NextHopTable[];
  /** Set when a table changes; whoever reads it resets it. */
  routesChanged = false;
  readonly #timing: OspfTiming;
  readonly #maximumPaths: number;
  readonly #stream: Stream;
  readonly #agenda = new Agenda<OspfEvent>();
  #nowNs = 0;

  /** Starts converged at time 0. Throws RangeError if the configuration cannot work. */
  constructor(config: OspfConfig, stream: Stream) {
    checkOspfConfig(config);
    this.#timing = { ...OSPF_TIMING_DEFAULT, ...config.timing };
    this.#maximumPaths = config.maximumPaths ?? 6;
    this.#stream = stream;
    this.links = buildLinks(config);
    this.routers = buildRouters(config, this.links);
    this.tables = this.routers.map((router) => new NextHopTable(router, this.routers));
    this.#startConverged();
  }

  nextEventNs(): number {
    return this.#agenda.nextNs();
  }

  /** Lets everything happen that is due. Throws RangeError if time goes back. */
  advance(nowNs: number): void {
    if (nowNs < this.#nowNs) throw new RangeError(`time went back: ${nowNs} < ${this.#nowNs}`);
    for (;;) {
      const timeNs = this.#agenda.nextNs();
      if (timeNs > nowNs) break;
      this.#handle(this.#agenda.take()!, timeNs);
    }
    this.#nowNs = nowNs;
  }

  /** Call after any change to cables, power or processes on the link. */
  linkChanged(link: Link, nowNs: number): void {
    noticeChange(link, nowNs, this.#stream, this.#agenda);
    this.#neighboursChanged(link, nowNs);
  }

  #neighboursChanged(link: Link, nowNs: number): void {
    if (link.broadcast) settleOffices(link);
    for (const end of link.ends) this.originate(this.routers[end.router], nowNs);
  }

  #handle(event: OspfEvent, nowNs: number): void {
    switch (event.type) {
      case "neighbour-dead":
        if (event.generation !== event.pair.generation) return;
        if (event.atA) event.pair.aSeesB = false;
        else event.pair.bSeesA = false;
        this.#neighboursChanged(event.link, nowNs);
        return;
      case "adjacency-up":
        this.#bringUp(event, nowNs);
        return;
      case "wait-over":
        if (event.end.waitingUntilNs !== nowNs) return;
        event.end.waitingUntilNs = 0;
        this.#neighboursChanged(event.link, nowNs);
        return;
      case "lsa":
        this.#receive(event, nowNs);
        return;
      case "originate":
        if (event.life !== event.router.life) return;
        event.router.originationDue = false;
        this.originate(event.router, nowNs);
        return;
      case "spf":
        if (event.life === event.router.life) this.#runSpf(event.router, nowNs);
        return;
      case "kernel":
        if (event.life !== event.router.life) return;
        if (this.tables[event.router.index].replace(event.forwarding)) this.routesChanged = true;
        return;
    }
  }

  #bringUp({ link, pairs }: OspfEvent & { type: "adjacency-up" }, nowNs: number): void {
    const found = pairs.filter(({ pair, generation }) => generation === pair.generation);
    for (const { pair } of found) {
      pair.aSeesB = true;
      pair.bSeesA = true;
    }
    this.#neighboursChanged(link, nowNs);
    // The database exchange. Own LSAs have gone out before, so that an old instance of one does not
    // make its successor arrive too soon.
    for (const { pair } of found) {
      for (const toA of [true, false]) {
        const sender = this.routers[link.ends[toA ? pair.b : pair.a].router];
        for (const lsa of sender.database.all()) this.#send(link, pair, toA, lsa, nowNs);
      }
    }
  }

  /** Lets a router say what is new about it, if anything is. */
  originate(router: RouterProcess, nowNs: number): void {
    if (!router.running || router.originationDue) return;
    const earliestNs = router.originatedNs + this.#timing.minLsIntervalMs * NS_PER_MS;
    if (nowNs < earliestNs) {
      router.originationDue = true;
      this.#agenda.add(earliestNs, { type: "originate", router, life: router.life });
      return;
    }
    const lsas = router.pendingLsas();
    if (lsas.length === 0) return;
    router.originatedNs = nowNs;
    for (const lsa of lsas) {
      router.database.install(lsa, nowNs);
      this.#flood(router, lsa, undefined, nowNs);
    }
    this.#requestSpf(router, nowNs);
  }

  /** To all neighbours but the pair that it came by. */
  #flood(router: RouterProcess, lsa: Lsa, cameBy: Pair | undefined, nowNs: number): void {
    for (const { link, end } of router.attachments) {
      for (const pair of link.pairs) {
        if (pair === cameBy) continue;
        if (pair.a === end && pair.aSeesB) this.#send(link, pair, false, lsa, nowNs);
        if (pair.b === end && pair.bSeesA) this.#send(link, pair, true, lsa, nowNs);
      }
    }
  }

  #send(link: Link, pair: Pair, toA: boolean, lsa: Lsa, nowNs: number): void {
    const arrivalNs = nowNs + Math.round(this.#timing.floodHopMs * NS_PER_MS);
    this.#agenda.add(arrivalNs, { type: "lsa", link, pair, toA, lsa });
  }

  #receive(event: OspfEvent & { type: "lsa" }, nowNs: number): void {
    const { link, pair, toA, lsa } = event;
    // A sender that has given its neighbour up stops sending; a receiver that has given its
    // neighbour up does not listen. They will exchange databases when they meet again.
    if (!(toA ? pair.bSeesA : pair.aSeesB)) return;
    const retransmitNs = nowNs + Math.round(this.#timing.retransmitMs * NS_PER_MS);
    if (!pair.heard) {
      this.#agenda.add(retransmitNs, event);
      return;
    }
    if (!(toA ? pair.aSeesB : pair.bSeesA)) return;
    const receiver = this.routers[link.ends[toA ? pair.a : pair.b].router];
    const minLsArrivalNs = this.#timing.minLsArrivalMs * NS_PER_MS;
    const installed = receiver.database.install(lsa, nowNs, minLsArrivalNs);
    if (installed === "old") return;
    if (installed === "tooSoon") {
      this.#agenda.add(retransmitNs, event);
      return;
    }
    this.#flood(receiver, lsa, pair, nowNs);
    if (installed === "changed") this.#requestSpf(receiver, nowNs);
  }

  #requestSpf(router: RouterProcess, nowNs: number): void {
    const timeNs = router.throttle.request(nowNs);
    if (timeNs !== undefined) this.#agenda.add(timeNs, { type: "spf", router, life: router.life });
  }

  #runSpf(router: RouterProcess, nowNs: number): void {
    router.throttle.ran(nowNs);
    const forwarding = router.computeForwarding(this.#maximumPaths);
    const timeNs = nowNs + Math.round(this.#timing.kernelUpdateMs * NS_PER_MS);
    this.#agenda.add(timeNs, { type: "kernel", router, life: router.life, forwarding });
  }

  #startConverged(): void {
    for (const link of this.links) if (link.broadcast) settleOffices(link);
    for (const origin of this.routers) {
      for (const lsa of origin.pendingLsas()) {
        for (const router of this.routers) router.database.install(lsa, -Infinity);
      }
    }
    for (const router of this.routers) {
      const forwarding = router.computeForwarding(this.#maximumPaths);
      this.tables[router.index].replace(forwarding);
    }
  }
}
