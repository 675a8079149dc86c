/**
 * Phase two: outcomes that were lost are asked for by id, and in the end a probe at every ticket
 * server tries to buy what is left, and gives it back. These requests go past nginx.
 */
import type { Caller } from "../../core/history/records.ts";
import { isUnsure } from "../../core/history/unknown-ids.ts";
import type { Client, Heard } from "./client.ts";
import type { Stop } from "./stop.ts";

/** An outcome is asked for at most this often, with this pause between two rounds. */
const QUESTIONS_MAX = 8;
const QUESTION_AGAIN_MS = 200;
/** Questions under way at once, for each server. */
const QUESTIONS_AT_ONCE = 8;
/** No more questions are begun this long after the first, lest a dead service holds up everybody. */
const RESOLVING_MS_MAX = 10_000;
/** A probe that is put off tries again: a server may still wait for a call lost before healing. */
const PROBE_TRIES = 4;
const PROBE_AGAIN_MS = 1000;
/** Servers probed at most: beyond that a sample tells. */
const PROBES_MAX = 100;
const TIMEOUT_MS = 3000;

export class Closing {
  readonly #client: Client;
  readonly #stop: Stop;
  /** How often each unknown outcome was asked for. */
  readonly #questions = new Map<string, number>();
  probeSold = 0;
  /** Probes that were put off after healing: a reason to say that there is no progress. */
  readonly probesFailed: string[] = [];

  constructor(client: Client, stop: Stop) {
    this.#client = client;
    this.#stop = stop;
  }

  /**
   * Asks `servers` (base URLs) for every outcome that nobody knows, until each is known, or has been
   * asked for often enough, or the time is up. How many are left that an answer may still come to.
   */
  async resolveUnknown(servers: readonly string[]): Promise<number> {
    const untilMs = performance.now() + RESOLVING_MS_MAX;
    let ids = this.#askable();
    for (let round = 0; ids.length > 0 && servers.length > 0; round += 1) {
      if (round > 0 && !(await this.#stop.sleep(QUESTION_AGAIN_MS))) break;
      const askers = Array.from({ length: servers.length * QUESTIONS_AT_ONCE }, (_, i) =>
        this.#askFor(ids, servers[(i + round) % servers.length], untilMs),
      );
      await Promise.all(askers);
      ids = this.#askable();
      if (performance.now() > untilMs) break;
    }
    return ids.length;
  }

  #askable(): string[] {
    const ids = this.#client.unknown.ids();
    return ids.filter((id) => (this.#questions.get(id) ?? 0) < QUESTIONS_MAX);
  }

  /** Takes one of `ids` after the other. */
  async #askFor(ids: string[], server: string, untilMs: number): Promise<void> {
    const isOver = (): boolean => this.#stop.stopped || performance.now() > untilMs;
    for (let id = ids.pop(); id !== undefined && !isOver(); id = ids.pop()) {
      this.#questions.set(id, (this.#questions.get(id) ?? 0) + 1);
      this.#client.record(await this.#ask("query", "resolver", id, server));
    }
  }

  /** Buys one ticket at every server and gives it back, whatever the answer was. */
  async probe(servers: readonly string[]): Promise<void> {
    for (const [i, server] of servers.slice(0, PROBES_MAX).entries()) {
      if (this.#stop.stopped) return;
      const outcome = await this.#probe(i, server);
      if (outcome !== null) this.probesFailed.push(`${server} answered a probe with ${outcome}`);
    }
    await this.resolveUnknown(servers);
  }

  /** Null if the server sold a ticket, or had a reason not to. */
  async #probe(number: number, server: string): Promise<string | null> {
    let heard: Heard | null = null;
    for (let attempt = 0; attempt < PROBE_TRIES; attempt += 1) {
      if (attempt > 0 && !(await this.#stop.sleep(PROBE_AGAIN_MS))) return null;
      const id = `probe-${number}-${attempt}`;
      heard = await this.#ask("buy", "probe", id, server);
      this.#client.record(heard);
      if (heard.outcome === "ACK" || isUnsure(heard))
        this.#client.record(await this.#ask("cancel", "probe", id, server));
      if (heard.outcome === "ACK") {
        this.probeSold += 1;
        return null;
      }
      if (heard.outcome === "SOLDOUT" || heard.reason === "quota") return null;
    }
    return heard?.outcome ?? null;
  }

  #ask(kind: "buy" | "query" | "cancel", caller: Caller, id: string, server: string) {
    const qty = kind === "buy" ? 1 : 0;
    return this.#client.ask({ kind, caller, id, qty, front: server, timeoutMs: TIMEOUT_MS });
  }
}
