/** Carries out the fault plan: what each word of the vocabulary does to the simulated world. */
import { fixedDuration } from "../faults/plan.ts";
import type { Episode } from "../faults/vocabulary.ts";
import { FAULT_BEGIN, FAULT_END } from "./events.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Database } from "./order-database.ts";
import type { OrderWorkers } from "./order-workers.ts";
import type { Payments } from "./payments.ts";
import type { Proxies } from "./proxies.ts";
import type { Redis } from "./redis.ts";
import type { TicketServers } from "./ticket-servers.ts";
import { EDGE_ROUTER } from "./topology.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

interface Machines {
  readonly frontDoor: FrontDoor;
  readonly proxies: Proxies;
  readonly servers: TicketServers;
  readonly redis: Redis;
  readonly database: Database;
  readonly workers: OrderWorkers;
  readonly payments: Payments;
}

export class Nemesis {
  readonly #world: World;
  readonly #machines: Machines;
  /** Episodes that have begun and not ended. */
  readonly #active = new Set<number>();
  /** When the last episode that ends by itself is over, and every episode has begun. */
  readonly lastNs: number;
  /** Steps of Redis's clock add to the time that holds may take. */
  readonly clockJumpMs: number;
  /** Share of buyers' answers that are lost on their way. */
  buyerRepliesLost = 0;

  constructor(world: World, machines: Machines) {
    this.#world = world;
    this.#machines = machines;
    let lastMs = 0;
    let clockJumpMs = 0;
    world.plan.episodes.forEach((episode, i) => {
      world.queue.push(Math.round(episode.atMs * NS_PER_MS), FAULT_BEGIN, i, 0);
      const endMs = episode.atMs + (episode.forMs ?? 0);
      if (episode.forMs !== undefined)
        world.queue.push(Math.round(endMs * NS_PER_MS), FAULT_END, i, 0);
      lastMs = Math.max(lastMs, endMs);
      if (episode.kind === "redis-clock-jump") clockJumpMs += Math.abs(episode.delayMs ?? 0);
    });
    this.lastNs = Math.round(lastMs * NS_PER_MS);
    this.clockJumpMs = clockJumpMs;
  }

  begin(index: number): void {
    const { plan, trace, nowNs } = this.#world;
    const episode = plan.episodes[index];
    trace.add(nowNs, "fault", index, 1, episode.kind);
    this.#active.add(index);
    this.#apply(episode, true);
    if (fixedDuration(episode.kind) === "a moment") this.end(index);
  }

  end(index: number): void {
    if (!this.#active.delete(index)) return;
    const { plan, trace, nowNs } = this.#world;
    const episode = plan.episodes[index];
    trace.add(nowNs, "fault", index, 0, episode.kind);
    this.#apply(episode, false);
  }

  /** Phase two: every fault ends, and what died starts again. */
  heal(): void {
    for (const index of [...this.#active].toSorted((a, b) => a - b)) this.end(index);
  }

  /** Two episodes of one kind may overlap: the fault is over when the last of them is. */
  #othersActive(episode: Episode): boolean {
    return this.#activeLike(episode).some((other) => other !== episode);
  }

  #activeLike({ kind, target }: Episode): Episode[] {
    const like: Episode[] = [];
    for (const index of this.#active) {
      const episode = this.#world.plan.episodes[index];
      if (episode.kind === kind && episode.target === target) like.push(episode);
    }
    return like;
  }

  /** Of overlapping episodes the strongest counts; without any, there is nothing. */
  #strongest(episode: Episode, strength: (episode: Episode) => number): number {
    return this.#activeLike(episode).reduce((most, other) => Math.max(most, strength(other)), 0);
  }

  #apply(episode: Episode, begins: boolean): void {
    const share = (): number => this.#strongest(episode, (other) => other.share ?? 1);
    const delayMs = (): number => this.#strongest(episode, (other) => other.delayMs ?? 0);
    const { servers, redis, payments } = this.#machines;
    const target = episode.target ?? 0;
    switch (episode.kind) {
      case "server-slow":
        servers.slow(
          target,
          Math.max(
            1,
            this.#strongest(episode, ({ factor }) => factor ?? 10),
          ),
        );
        return;
      case "redis-replies-lost":
        redis.loseReplies = share();
        return;
      case "redis-requests-lost":
        redis.loseRequests = share();
        return;
      case "redis-duplicates":
        redis.duplicate = share();
        return;
      case "redis-delay":
        redis.delayMs = delayMs();
        return;
      case "buyer-replies-lost":
        this.buyerRepliesLost = share();
        return;
      case "payment-delay":
        payments.delayMs = delayMs();
        return;
      case "payment-duplicates":
        payments.duplicate = share();
        return;
      case "server-counter-cut":
        redis.cut[target] = this.#activeLike(episode).reduce(
          (cut, { direction }) => cut | DIRECTIONS[direction ?? "both"],
          0,
        );
        return;
      default:
        if (begins || !this.#othersActive(episode)) this.#switch(episode, target, begins);
    }
  }

  /** Faults that are on or off. */
  #switch(episode: Episode, target: number, begins: boolean): void {
    const { frontDoor, proxies, servers, redis, database, workers } = this.#machines;
    const { topology, nowNs } = this.#world;
    switch (episode.kind) {
      case "server-crash":
        if (!begins) {
          if (!this.#siteIsLost(topology.siteOfServer[target])) servers.starts(target);
        } else if (episode.moment === "after-call") servers.dieAtNextReply(target);
        else servers.dies(target);
        return;
      case "server-pause":
        if (begins) servers.pauses(target);
        else servers.resumes(target);
        return;
      case "server-front-cut":
        servers.cutFront(target, begins);
        return;
      case "nginx-crash":
        if (begins) this.#nginxDies(target, "refused");
        else if (!this.#siteIsLost(topology.siteOfNginx[target])) this.#nginxStarts(target);
        return;
      case "nginx-reload":
        if (begins) proxies.reloads(target);
        return;
      case "nginx-worker-crash":
        if (begins) proxies.workerDies(target);
        return;
      case "director-crash":
        if (begins) frontDoor.directorDies(target);
        else if (!this.#siteIsLost(topology.siteOfDirector[target]))
          frontDoor.directorStarts(target);
        return;
      case "router-crash": {
        const router = topology.routers[target];
        if (begins) frontDoor.ospf.stopRouter(router, nowNs, false);
        else frontDoor.ospf.startRouter(router, nowNs);
        frontDoor.changed();
        return;
      }
      case "link-cut": {
        const link = topology.links[target];
        if (begins) frontDoor.ospf.cutLink(link, nowNs, episode.silent ?? false);
        else frontDoor.ospf.restoreLink(link, nowNs);
        frontDoor.changed();
        return;
      }
      case "link-cost": {
        const link = topology.links[target];
        const router = link.startsWith(EDGE_ROUTER) ? EDGE_ROUTER : link.split("--")[0];
        frontDoor.ospf.setCost(router, link, begins ? episode.cost : undefined, nowNs);
        frontDoor.changed();
        return;
      }
      case "site-loss":
        this.#site(target, begins);
        return;
      case "redis-stall":
        if (begins) redis.stall();
        else redis.resume();
        return;
      case "redis-restart":
        if (begins) redis.stop();
        else redis.start();
        return;
      case "redis-clock-jump":
        // A step is not undone: it would be a second step.
        if (begins) redis.clockOffsetMs += Math.round(episode.delayMs ?? 0);
        return;
      case "worker-crash":
        if (!begins) workers.starts(target);
        else if (episode.moment === "after-commit") workers.dieAfterCommit(target);
        else workers.dies(target);
        return;
      case "database-stall":
        database.stall(begins);
        return;
    }
  }

  #nginxDies(nginx: number, failure: "refused" | "blackhole"): void {
    this.#machines.proxies.dies(nginx);
    this.#machines.frontDoor.nginxChanged(nginx, failure);
  }

  #nginxStarts(nginx: number): void {
    if (this.#machines.proxies.isUp(nginx)) return;
    this.#machines.proxies.starts(nginx);
    this.#machines.frontDoor.nginxChanged(nginx, null);
  }

  #siteIsLost(site: number): boolean {
    for (const index of this.#active) {
      const { kind, target } = this.#world.plan.episodes[index];
      if (kind === "site-loss" && target === site) return true;
    }
    return false;
  }

  /** A whole data centre: its core routers, directors, proxies and servers lose power together. */
  #site(site: number, begins: boolean): void {
    const { topology, nowNs } = this.#world;
    const { frontDoor, servers } = this.#machines;
    topology.siteOfDirector.forEach((at, director) => {
      if (at !== site) return;
      const core = topology.routers[1 + director];
      if (begins) frontDoor.ospf.stopRouter(core, nowNs, false);
      else frontDoor.ospf.startRouter(core, nowNs);
      if (begins) frontDoor.directorDies(director);
      else frontDoor.directorStarts(director);
    });
    topology.siteOfNginx.forEach((at, nginx) => {
      if (at !== site) return;
      if (begins) this.#nginxDies(nginx, "blackhole");
      else this.#nginxStarts(nginx);
    });
    topology.siteOfServer.forEach((at, server) => {
      if (at !== site) return;
      if (begins) servers.dies(server);
      else servers.starts(server);
    });
  }
}

/** Bits of Redis's `cut`: which way messages are lost. */
const DIRECTIONS = { requests: 1, replies: 2, both: 3 } as const;
