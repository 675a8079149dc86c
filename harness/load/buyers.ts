/**
 * The load: buyers who arrive when the seed says, whatever the service does (an open loop), and
 * everything that follows from it.
 *
 * ```ts
 * const buyers = new Buyers({ scenario, seed, fronts: ["http://127.0.0.1:8080"], clock, history, faults });
 * await buyers.run();
 * await buyers.resolveUnknown(servers);
 * await buyers.probe(servers);
 * buyers.close();
 * ```
 */
import { setImmediate } from "node:timers/promises";
import type { HistorySink } from "../../core/history/records.ts";
import { Randomness } from "../../sim/kernel/random.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import { BuyerDraws } from "../../sim/world/buyer-draws.ts";
import { Buyer } from "./buyer.ts";
import type { Market, Outcomes } from "./buyer.ts";
import { Client } from "./client.ts";
import type { RunClock } from "./clock.ts";
import { Closing } from "./closing.ts";
import type { LoadFaults } from "./faults.ts";
import { Payments } from "./payments.ts";
import { Stop } from "./stop.ts";

/** Who comes this often in one go lets others have a turn. */
const ARRIVALS_AT_ONCE = 64;

export interface BuyersOptions {
  readonly scenario: Scenario;
  readonly seed: bigint;
  /** Base URLs of the proxies. A buyer keeps to one; after a failure he tries the next. */
  readonly fronts: readonly string[];
  readonly clock: RunClock;
  readonly history: HistorySink;
  readonly faults: LoadFaults;
  /** Names the sale in each request; absent: the server's own. */
  readonly sale?: string;
  /**
   * Buyers come from this many addresses of 127.0.0.0/8, each in a /24 of its own, so that ip_hash
   * has something to hash; absent: all from one. Connections are then not shared by buyers.
   */
  readonly sourceAddresses?: number;
}

export class Buyers {
  readonly #options: BuyersOptions;
  readonly #stop = new Stop();
  readonly #saleOver = new Stop();
  readonly #client: Client;
  readonly #closing: Closing;
  readonly #market: Market;
  readonly payments: Payments;
  readonly outcomes: Outcomes = { acked: 0, refused: 0, tryAgain: 0, unknown: 0 };
  /** Buyers who have arrived, bots counted once. */
  arrived = 0;
  /** Buyers who have not gone away; each request of a bot counts. */
  active = 0;
  /** The most by which an arrival came later than it should have. */
  latenessMsMax = 0;
  #nobodyLeft: () => void = () => {};

  constructor(options: BuyersOptions) {
    this.#options = options;
    const { scenario, seed, clock, history, faults, fronts, sourceAddresses } = options;
    const random = new Randomness(seed);
    const draws = new BuyerDraws(random, scenario);
    const dice = random.stream("harness/faults");
    let throws = 0;
    const uniform = (): number => dice.uniform((throws += 1));
    const stop = this.#stop;
    this.#client = new Client({ clock, history, stop, sale: options.sale ?? null });
    this.#closing = new Closing(this.#client, stop);
    let message = 0;
    this.payments = new Payments({
      client: this.#client,
      clock,
      history,
      faults,
      stop,
      redeliverMs: scenario.payments.redeliverMs,
      front: () => fronts[(message += 1) % fronts.length],
      uniform,
    });
    this.#market = {
      scenario,
      draws,
      client: this.#client,
      clock,
      payments: this.payments,
      stop,
      saleOver: this.#saleOver,
      outcomes: this.outcomes,
      way: (number, retry, caller) => {
        // Addresses of programs are few; people's are spread over all of them.
        const address = caller === "bot" ? draws.botAddress(number) : draws.address(number);
        return {
          front: fronts[(address + retry) % fronts.length],
          localAddress: sourceAddresses === undefined ? null : loopback(address % sourceAddresses),
        };
      },
      losesReply: () => faults.buyerRepliesLost > 0 && uniform() < faults.buyerRepliesLost,
    };
  }

  get allArrived(): boolean {
    return this.arrived >= this.#options.scenario.buyers.count;
  }

  /** Ids whose outcome nobody knows. */
  get unknownIds(): readonly string[] {
    return this.#client.unknown.ids();
  }

  /** Answers that no ticket server should give. */
  get garbled(): number {
    return this.#client.garbled;
  }

  get probeSold(): number {
    return this.#closing.probeSold;
  }

  get probesFailed(): readonly string[] {
    return this.#closing.probesFailed;
  }

  /** Resolves when everybody has come and gone and every charge has its answer, or after `stop`. */
  async run(): Promise<void> {
    await this.#arrivals();
    if (this.active > 0) await new Promise<void>((resolve) => (this.#nobodyLeft = resolve));
    await this.payments.settled();
    if (this.#stop.failure !== null) throw this.#stop.failure;
  }

  async #arrivals(): Promise<void> {
    const { scenario, clock } = this.#options;
    const { draws } = this.#market;
    const { count } = scenario.buyers;
    let dueMs = clock.nowMs() + draws.gapMs(0);
    for (let number = 0; number < count && !this.#stop.stopped; number += 1) {
      const earlyMs = dueMs - clock.nowMs();
      if (earlyMs > 0) await this.#stop.sleep(earlyMs);
      else if (number % ARRIVALS_AT_ONCE === 0) await setImmediate();
      if (this.#stop.stopped) return;
      this.latenessMsMax = Math.max(this.latenessMsMax, clock.nowMs() - dueMs);
      this.arrived = number + 1;
      this.#arrive(number, dueMs);
      dueMs += draws.gapMs(number + 1);
    }
  }

  #arrive(number: number, dueMs: number): void {
    const { draws, scenario } = this.#market;
    const qty = draws.quantity(number);
    if (draws.isBot(number)) {
      const { requests, everyMs } = scenario.buyers.bots;
      for (let visit = 0; visit < requests; visit += 1)
        this.#comes({ number, visit, qty, caller: "bot", dueMs: dueMs + visit * everyMs });
      return;
    }
    this.#comes({ number, visit: 0, qty, caller: "buyer", dueMs });
    const second = draws.secondClick(number);
    if (second !== null)
      this.#comes({
        number,
        visit: 0,
        qty: second.qty,
        caller: "echo",
        dueMs: dueMs + second.afterMs,
      });
  }

  #comes(who: ConstructorParameters<typeof Buyer>[1]): void {
    this.active += 1;
    const waitMs = who.dueMs - this.#options.clock.nowMs();
    const comes = waitMs > 0 ? this.#stop.sleep(waitMs) : Promise.resolve(true);
    void comes
      .then((here) => (here ? new Buyer(this.#market, who).live() : undefined))
      .catch((error: unknown) => this.#stop.fail(error))
      .finally(() => {
        this.active -= 1;
        if (this.active === 0) this.#nobodyLeft();
      });
  }

  /** Every ticket is paid: nobody comes back to the sale. */
  endSale(): void {
    this.#saleOver.stop();
  }

  /**
   * Asks `servers` (base URLs) for every outcome that nobody knows, each a bounded number of times.
   * How many are left that an answer may still come to.
   */
  resolveUnknown(servers: readonly string[]): Promise<number> {
    return this.#closing.resolveUnknown(servers);
  }

  /** Buys one ticket at every server and gives it back. */
  probe(servers: readonly string[]): Promise<void> {
    return this.#closing.probe(servers);
  }

  /** Everybody goes away at once, and nothing more is sent. */
  stop(): void {
    this.#saleOver.stop();
    this.#stop.stop();
  }

  /** Closes the connections. */
  close(): void {
    this.stop();
    this.#client.close();
  }
}

/** The n-th of the addresses that buyers come from: 127.1.0.1, 127.1.1.1, ... */
function loopback(n: number): string {
  return `127.${1 + (n >> 8)}.${n & 255}.1`;
}
