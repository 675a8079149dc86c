/**
 * Sends requests when they are due, whatever becomes of the ones before: an open loop.
 *
 * Timers fire up to a millisecond late, which is a quarter of a service here, so the last stretch
 * before a request is due is spent in the event loop, which takes answers meanwhile.
 */
import { Agent } from "node:http";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import type { Interrupt } from "../../sim/cli/interrupt.ts";
import { exchange } from "../load/exchange.ts";
import { Stop } from "../load/stop.ts";
import type { Sample } from "./measures.ts";

/** From the call to the first request that can be due. */
const LEAD_MS = 20;
/** A timer may be late by this much. */
const TIMER_MS = 2;
const TIMEOUT_MS = 60_000;
/** Requests under way while it warms up. */
const WARM_UP_AT_ONCE = 8;
const PATH = "/buy/ticket";
/** The server adds no work to a purchase with a query. */
const PATH_WITHOUT_SPIN = `${PATH}?warm-up`;
const EXPECTED = '"result":"SOLDOUT"';

export class OpenLoop {
  readonly #front: string;
  readonly #interrupt: Interrupt;
  readonly #stop = new Stop();
  readonly #agent = new Agent({ keepAlive: true, maxFreeSockets: 1024 });

  /** @param front base URL of a sold-out sale */
  constructor(front: string, interrupt: Interrupt) {
    this.#front = front;
    this.#interrupt = interrupt;
  }

  /** As many requests as fast as they are answered, without added work: all code gets compiled. */
  async warmUp(requests: number): Promise<void> {
    let left = requests;
    const ask = async (): Promise<void> => {
      while (left > 0 && this.#stop.failure === null && !this.#interrupt.requested) {
        left -= 1;
        await this.#ask(PATH_WITHOUT_SPIN);
      }
    };
    await Promise.all(Array.from({ length: WARM_UP_AT_ONCE }, ask));
    this.#check();
  }

  /**
   * @param dueMs from now, in ascending order
   * @throws EnvironmentError if an answer is not the expected one, Interrupted
   */
  async send(dueMs: readonly number[]): Promise<Sample> {
    const startMs = performance.now() + LEAD_MS;
    const sentMs: number[] = [];
    const endMs: number[] = [];
    const answers: Promise<void>[] = [];
    for (const [i, due] of dueMs.entries()) {
      await until(startMs + due);
      this.#interrupt.check();
      if (this.#stop.failure !== null) break;
      sentMs.push(performance.now() - startMs);
      answers.push(this.#ask(PATH).then(() => void (endMs[i] = performance.now() - startMs)));
    }
    await Promise.all(answers);
    this.#check();
    return { dueMs, sentMs, endMs };
  }

  /** Ends what is under way, and closes the connections. */
  close(): void {
    this.#stop.stop();
    this.#agent.destroy();
  }

  #check(): void {
    this.#interrupt.check();
    if (this.#stop.failure !== null) throw this.#stop.failure;
  }

  async #ask(path: string): Promise<void> {
    const exchanged = await exchange({
      agent: this.#agent,
      front: this.#front,
      method: "POST",
      path,
      body: null,
      timeoutMs: TIMEOUT_MS,
      losesReply: false,
      localAddress: null,
      stop: this.#stop,
    });
    if (exchanged.kind === "answered" && exchanged.body.includes(EXPECTED)) return;
    const heard = exchanged.kind === "answered" ? exchanged.body : "nothing";
    this.#stop.fail(
      new EnvironmentError(`the stack that is calibrated answered ${heard}, not SOLDOUT`),
    );
  }
}

/** Resolves at that time of `performance.now()`, late by no more than one turn of the event loop. */
async function until(atMs: number): Promise<void> {
  const aheadMs = atMs - performance.now() - TIMER_MS;
  if (aheadMs > 0) await sleep(aheadMs);
  while (performance.now() < atMs) await setImmediate();
}
