/**
 * Redis as faults want it: down, stalled or serving. Several faults may want something of it at
 * once; what they want together is done one step after the other.
 */
import { InTurn } from "../processes/in-turn.ts";
import type { RunningRedis } from "../redis/redis-server.ts";

/** Whoever wants something: an episode of the fault plan. */
type Holder = object;

/** Longer than any run: a stall ends when its episode does. */
const STALL_MS_MAX = 3_600_000;

export class RedisControl {
  readonly #redis: RunningRedis;
  readonly #downFor = new Set<Holder>();
  readonly #stalledFor = new Set<Holder>();
  #isDown = false;
  #isStalled = false;
  readonly #turns = new InTurn();

  constructor(redis: RunningRedis) {
    this.#redis = redis;
  }

  /** SIGKILL, and it stays down until every holder has released it; its data stays. */
  down(holder: Holder, begins: boolean): Promise<void> {
    return this.#want(this.#downFor, holder, begins);
  }

  /** It takes calls and answers none. */
  stall(holder: Holder, begins: boolean): Promise<void> {
    return this.#want(this.#stalledFor, holder, begins);
  }

  #want(holders: Set<Holder>, holder: Holder, begins: boolean): Promise<void> {
    if (begins) holders.add(holder);
    else holders.delete(holder);
    return this.#turns.next(() => this.#follow());
  }

  async #follow(): Promise<void> {
    if (this.#downFor.size > 0) {
      if (!this.#isDown) await this.#redis.kill();
      this.#isDown = true;
      // Nobody remembers the stall of a process that is dead.
      this.#isStalled = false;
      return;
    }
    if (this.#isDown) await this.#redis.start();
    this.#isDown = false;
    const isWanted = this.#stalledFor.size > 0;
    if (isWanted === this.#isStalled) return;
    if (isWanted) await this.#redis.pauseClients(STALL_MS_MAX);
    else await this.#redis.resumeClients();
    this.#isStalled = isWanted;
  }
}
