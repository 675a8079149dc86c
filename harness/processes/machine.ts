/**
 * A child process that may die and come back, as a machine of the sale: a ticket server, an order
 * worker. Each start is another incarnation.
 *
 * Several faults may want it down at once, or stopped: it runs again when none of them does.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startChild } from "./child.ts";
import type { Child } from "./child.ts";
import { InTurn } from "./in-turn.ts";
import type { Death } from "./supervisor.ts";

export interface MachineOptions {
  readonly name: string;
  readonly entry: URL;
  readonly directory: string;
  /** The configuration of the incarnation, counted from 0. */
  readonly configOf: (incarnation: number) => unknown;
  /** Hears of a death that nobody here asked for. */
  readonly onUnplannedDeath: (machine: Machine, death: Death) => void;
}

/** Whoever wants something of a machine: an episode of the fault plan. */
type Holder = object;

const START_TRIES = 5;
const START_PAUSE_MS = 200;

/** With factor f a slowed process runs for one f-th of each period. */
const SLOW_PERIOD_MS = 50;

export class Machine {
  readonly #options: MachineOptions;
  readonly #downFor = new Set<Holder>();
  readonly #stoppedFor = new Set<Holder>();
  #child: Child<unknown> | null = null;
  /** Starts and deaths happen one after the other. */
  readonly #turns = new InTurn();
  #expectedToDie = false;
  #isDying = false;
  #slowTimer: NodeJS.Timeout | null = null;
  incarnation = -1;

  constructor(options: MachineOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get isUp(): boolean {
    return this.#child !== null;
  }

  /** True if it would answer now. */
  get isServing(): boolean {
    return this.isUp && this.#stoppedFor.size === 0;
  }

  /** Starts it, unless it is up or somebody wants it down. @throws ChildFailed */
  start(): Promise<void> {
    return this.#turns.next(async () => {
      if (this.#downFor.size > 0) return;
      // Killed, but not gone yet: it is not the one that is wanted.
      if (this.#isDying) await this.#child?.exited;
      this.#isDying = false;
      this.#expectedToDie = false;
      if (this.#child !== null) return;
      this.incarnation += 1;
      const { name, entry, directory, configOf } = this.#options;
      const config = configOf(this.incarnation);
      const child = await startChild({ name, entry, directory, config });
      this.#child = child;
      void child.exited.then((code) => this.#ended(child, code));
      if (this.#stoppedFor.size > 0) child.signal("SIGSTOP");
    });
  }

  /** SIGKILL, and it stays down until every holder has released it. */
  hold(holder: Holder): Promise<void> {
    this.#downFor.add(holder);
    // At once, if it is up; a start that is under way is let finish first.
    this.killNow();
    return this.#turns.next(async () => {
      const child = this.#child;
      this.killNow();
      await child?.exited;
    });
  }

  /** It is going to die by other means than `hold`, and stays down then. */
  staysDown(holder: Holder): void {
    this.#downFor.add(holder);
    this.#expectedToDie = true;
  }

  /** Lets it be up again, and starts it if nobody else wants it down. @throws ChildFailed */
  async release(holder: Holder): Promise<void> {
    this.#downFor.delete(holder);
    await this.startAgain();
  }

  /**
   * Starts it as `start` does, but again and again, because what it needs for its start may be out
   * of reach just then. @throws ChildFailed
   */
  async startAgain(): Promise<void> {
    for (let attempt = 1; attempt < START_TRIES; attempt += 1) {
      try {
        return await this.start();
      } catch {
        await sleep(START_PAUSE_MS);
      }
    }
    await this.start();
  }

  /** SIGKILL within this very call; `hold` keeps it down. */
  killNow(): void {
    this.#expectedToDie = true;
    this.#isDying = this.#child !== null;
    this.#child?.signal("SIGKILL");
  }

  /** SIGSTOP, until every holder has let it go on. */
  stop(holder: Holder): void {
    this.#stoppedFor.add(holder);
    this.#child?.signal("SIGSTOP");
  }

  goOn(holder: Holder): void {
    this.#stoppedFor.delete(holder);
    if (this.#stoppedFor.size === 0) this.#child?.signal("SIGCONT");
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.signal(name);
  }

  /** It gets one `factor`-th of the time: everything takes it `factor` times as long. */
  slow(factor: number): void {
    if (this.#slowTimer !== null) clearTimeout(this.#slowTimer);
    this.#slowTimer = null;
    this.goOn(this.#options);
    if (factor <= 1) return;
    const runsMs = Math.max(1, Math.round(SLOW_PERIOD_MS / factor));
    const turn = (stops: boolean): void => {
      if (stops) this.stop(this.#options);
      else this.goOn(this.#options);
      this.#slowTimer = setTimeout(turn, stops ? SLOW_PERIOD_MS - runsMs : runsMs, !stops);
    };
    turn(true);
  }

  /** SIGTERM, and SIGKILL if it has not ended in time. */
  async end(withinMs: number): Promise<void> {
    this.slow(1);
    this.#stoppedFor.clear();
    this.#downFor.add(this);
    await this.#turns.next(async () => {
      const child = this.#child;
      if (child === null) return;
      this.#expectedToDie = true;
      child.signal("SIGCONT");
      child.signal("SIGTERM");
      const late = sleep(withinMs, "late" as const, { ref: false });
      if ((await Promise.race([child.exited, late])) === "late") child.signal("SIGKILL");
      await child.exited;
    });
  }

  #ended(child: Child<unknown>, code: number | null): void {
    if (this.#child === child) this.#child = null;
    if (this.#expectedToDie) return;
    this.#options.onUnplannedDeath(this, { code, signal: child.endedBy });
  }
}
