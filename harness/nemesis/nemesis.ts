/** Carries out the fault plan on real processes: what each word of the vocabulary does to them. */
import { fixedDuration } from "../../sim/faults/plan.ts";
import type { Episode, FaultPlan } from "../../sim/faults/vocabulary.ts";
import type { Topology } from "../../sim/world/topology.ts";
import type { RealFaultKind } from "./real-faults.ts";
import type { Stage } from "./stage.ts";

export interface NemesisOptions {
  readonly plan: FaultPlan;
  readonly topology: Topology;
  readonly stage: Stage;
  /** Hears of each episode as it begins and ends. */
  readonly onFault: (episode: Episode, begins: boolean) => void;
}

export class Nemesis {
  readonly #options: NemesisOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  /** Episodes that have begun and not ended. */
  readonly #active = new Set<Episode>();
  /** What is still being done, as starting a process takes its time. */
  readonly #underWay = new Set<Promise<void>>();
  /** What could not be done, as sentences: then the run says nothing. */
  readonly failures: string[] = [];
  /** When the last episode that ends by itself is over, and every episode has begun. */
  readonly lastMs: number;

  constructor(options: NemesisOptions) {
    this.#options = options;
    this.lastMs = options.plan.episodes.reduce(
      (last, { atMs, forMs }) => Math.max(last, atMs + (forMs ?? 0)),
      0,
    );
  }

  /** The plan's time 0 is now. */
  start(): void {
    for (const episode of this.#options.plan.episodes) {
      const { atMs, forMs } = episode;
      this.#later(atMs, () => this.#begin(episode));
      if (forMs !== undefined) this.#later(atMs + forMs, () => this.#end(episode));
    }
  }

  /** Phase two: every fault ends, and what died starts again. Resolves when all of it is up. */
  async heal(): Promise<void> {
    this.stop();
    for (const episode of this.#active) this.#end(episode);
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Nothing more happens. */
  stop(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }

  #later(afterMs: number, act: () => void): void {
    this.#timers.push(setTimeout(act, afterMs));
  }

  #begin(episode: Episode): void {
    this.#active.add(episode);
    this.#options.onFault(episode, true);
    this.#do(episode, true);
    if (fixedDuration(episode.kind) === "a moment") this.#end(episode);
  }

  #end(episode: Episode): void {
    if (!this.#active.delete(episode)) return;
    this.#options.onFault(episode, false);
    this.#do(episode, false);
  }

  #do(episode: Episode, begins: boolean): void {
    const done = this.#apply(episode, begins)
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        const what = begins ? "could not begin" : "could not end";
        this.failures.push(`${episode.kind} ${what}: ${reason}`);
      })
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** Episodes of this kind on this target that are active now. */
  #activeLike({ kind, target }: Episode): Episode[] {
    return [...this.#active].filter((other) => other.kind === kind && other.target === target);
  }

  /** Of overlapping episodes the strongest counts; without any, there is nothing. */
  #strongest(episode: Episode, strength: (episode: Episode) => number | undefined): number {
    return this.#activeLike(episode).reduce(
      (most, other) => Math.max(most, strength(other) ?? 0),
      0,
    );
  }

  async #apply(episode: Episode, begins: boolean): Promise<void> {
    const { stage } = this.#options;
    const { redis, redisWeather, load } = stage;
    const target = episode.target ?? 0;
    const share = (): number => this.#strongest(episode, (other) => other.share);
    const delayMs = (): number => this.#strongest(episode, (other) => other.delayMs);
    const isActive = this.#activeLike(episode).length > 0;
    const kind = episode.kind as RealFaultKind;
    switch (kind) {
      case "server-crash":
        await this.#crashServer(episode, target, begins);
        return;
      case "server-pause":
        if (begins) stage.servers[target].machine.stop(episode);
        else stage.servers[target].machine.goOn(episode);
        return;
      case "server-slow":
        stage.servers[target].machine.slow(this.#strongest(episode, ({ factor }) => factor));
        return;
      case "server-counter-cut": {
        const cuts = this.#activeLike(episode).map(({ direction }) => direction ?? "both");
        const link = stage.servers[target].redisLink!;
        link.cut = {
          requests: cuts.some((cut) => cut !== "replies"),
          replies: cuts.some((cut) => cut !== "requests"),
        };
        return;
      }
      case "server-front-cut": {
        const link = stage.servers[target].frontLink!;
        if (isActive) link.cut();
        else await link.heal();
        return;
      }
      case "nginx-crash":
        await stage.nginx[target].down(episode, begins);
        return;
      case "nginx-reload":
        if (begins) await stage.nginx[target].reload();
        return;
      case "nginx-worker-crash":
        if (begins) await stage.nginx[target].killWorker();
        return;
      case "site-loss":
        await this.#loseSite(episode, target, begins);
        return;
      case "redis-stall":
        await redis?.stall(episode, begins);
        return;
      case "redis-restart":
        await redis?.down(episode, begins);
        return;
      case "redis-requests-lost":
        redisWeather.requestsLost = share();
        return;
      case "redis-replies-lost":
        redisWeather.repliesLost = share();
        return;
      case "redis-duplicates":
        redisWeather.duplicates = share();
        return;
      case "redis-delay":
        redisWeather.delayMs = delayMs();
        return;
      case "worker-crash":
        await this.#crashWorker(episode, target, begins);
        return;
      case "database-stall":
        stage.stallDatabase(isActive);
        return;
      case "buyer-replies-lost":
        load.buyerRepliesLost = share();
        return;
      case "payment-delay":
        load.paymentDelayMs = delayMs();
        return;
      case "payment-duplicates":
        load.paymentDuplicates = share();
    }
  }

  async #crashServer(episode: Episode, target: number, begins: boolean): Promise<void> {
    const { machine, redisLink } = this.#options.stage.servers[target];
    if (!begins) {
      redisLink?.atNextReply(null);
      await machine.release(episode);
    } else if (episode.moment === "after-call") {
      machine.staysDown(episode);
      // At the reply, before the server reads it: within the proxy's own turn.
      redisLink?.atNextReply(() => machine.killNow());
    } else {
      await machine.hold(episode);
    }
  }

  async #crashWorker(episode: Episode, target: number, begins: boolean): Promise<void> {
    const worker = this.#options.stage.workers.at(target);
    // A strategy without an outbox has no workers.
    if (worker === undefined) return;
    if (!begins) {
      // One that has not committed anything since is armed still, and nothing takes that back.
      if (episode.moment === "after-commit") await worker.machine.hold(episode);
      await worker.machine.release(episode);
    } else if (episode.moment === "after-commit") {
      worker.machine.staysDown(episode);
      worker.armAfterCommit();
    } else {
      await worker.machine.hold(episode);
    }
  }

  /** A whole data centre: its proxies and its servers lose power together. */
  async #loseSite(episode: Episode, site: number, begins: boolean): Promise<void> {
    const { topology, stage } = this.#options;
    const at = (sites: readonly number[]): number[] =>
      sites.flatMap((itsSite, i) => (itsSite === site ? [i] : []));
    await Promise.all([
      ...at(topology.siteOfNginx).map((i) => stage.nginx[i].down(episode, begins)),
      ...at(topology.siteOfServer).map((i) => {
        const { machine } = stage.servers[i];
        return begins ? machine.hold(episode) : machine.release(episode);
      }),
    ]);
  }
}
