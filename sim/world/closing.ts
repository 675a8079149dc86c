/**
 * Phase two: when every fault is healed, everything must sell, expire or be explained in bounded
 * time. Lost outcomes are asked for by id, and in the end a probe at every ticket server tries to
 * buy what is left, and gives it back.
 */
import { PROBE } from "./events.ts";
import { ANSWERS, BUY, CANCEL, OWNER_PROBE, OWNER_RESOLVER, QUERY } from "./requests.ts";
import type { Requests } from "./requests.ts";
import type { TicketServers } from "./ticket-servers.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

/** Servers probed at most: beyond that a sample tells. */
const PROBES_MAX = 100;
/** A probe that is put off tries again: a server may still wait for a call lost before healing. */
const PROBE_TRIES = 4;
const PROBE_AGAIN_MS = 1000;
/** An outcome is asked for at most this often, and so many at once at each server. */
const QUESTIONS_MAX = 8;
const QUESTIONS_AT_ONCE = 8;

export class Closing {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #servers: TicketServers;
  /** Questions under way. */
  #asking = 0;
  /** How often each unknown outcome was asked for. */
  readonly #questions = new Map<string, number>();
  #probed = 0;
  #probing = false;
  /** How often the probe under way was put off. */
  #failed = 0;
  probeSold = 0;
  /** Probes that were put off after healing: a reason to say that there is no progress. */
  readonly probesFailed: string[] = [];

  constructor(world: World, requests: Requests, servers: TicketServers) {
    this.#world = world;
    this.#requests = requests;
    this.#servers = servers;
  }

  /** Asks for outcomes that nobody knows; true if there is none left that an answer may come to. */
  resolveUnknown(): boolean {
    if (this.#asking > 0) return false;
    const { judge, topology } = this.#world;
    const open = judge.unknownIds().filter((id) => (this.#questions.get(id) ?? 0) < QUESTIONS_MAX);
    if (open.length === 0) return true;
    const serving = topology.servers.map((_, i) => i).filter((i) => this.#servers.isServing(i));
    if (serving.length === 0) return true;
    const ids = open.slice(0, serving.length * QUESTIONS_AT_ONCE);
    ids.forEach((id, i) => {
      const asked = this.#questions.get(id) ?? 0;
      this.#questions.set(id, asked + 1);
      this.#asking += 1;
      this.#ask(id, QUERY, OWNER_RESOLVER, serving[(i + asked) % serving.length]);
    });
    return false;
  }

  /** Starts probing; false if there is nothing to probe for. */
  startProbes(free: number): boolean {
    if (free <= 0 || this.#probing) return false;
    this.#probing = true;
    this.#world.after(0, PROBE, 0, 0);
    return true;
  }

  get isProbing(): boolean {
    return this.#probing;
  }

  /** Probes the next serving server from `server` on; `failed` tries have been put off there. */
  probe(server: number, failed: number): void {
    const { topology } = this.#world;
    let next = server;
    while (next < topology.servers.length && !this.#servers.isServing(next)) next += 1;
    if (next >= topology.servers.length || this.#probed >= PROBES_MAX * PROBE_TRIES) {
      this.#probing = false;
      return;
    }
    this.#probed += 1;
    this.#failed = next === server ? failed : 0;
    this.#ask(`probe-${next}-${this.#failed}`, BUY, OWNER_PROBE, next);
  }

  #ask(id: string, kind: number, owner: number, server: number): void {
    const requests = this.#requests;
    const { nowNs } = this.#world;
    const request = requests.take();
    requests.kind[request] = kind;
    requests.owner[request] = owner;
    requests.ownerSlot[request] = server;
    requests.qty[request] = 1;
    requests.startNs[request] = nowNs;
    requests.sentNs[request] = nowNs;
    requests.nameId(request, id);
    requests.server[request] = server;
    if (this.#servers.accept(request, server, nowNs) !== 0) {
      requests.answer[request] = ANSWERS.indexOf("ERROR");
      this.answered(request);
    }
  }

  /** A ticket server answered a question or a probe. */
  answered(request: number): void {
    const requests = this.#requests;
    const answer = ANSWERS[requests.answer[request]];
    const owner = requests.owner[request];
    const kind = requests.kind[request];
    const server = requests.ownerSlot[request];
    const id = requests.idOf(request);
    const forQuota = answer === "TRYAGAIN" && requests.claim[request] === 1;
    requests.release(request);
    if (owner === OWNER_RESOLVER) {
      this.#asking -= 1;
      return;
    }
    if (kind === BUY && answer === "ACK") {
      this.probeSold += 1;
      this.#ask(id, CANCEL, OWNER_PROBE, server);
      return;
    }
    if (kind === BUY && !forQuota && answer !== "SOLDOUT") {
      if (this.#failed + 1 < PROBE_TRIES) {
        this.#world.after(PROBE_AGAIN_MS * NS_PER_MS, PROBE, server, this.#failed + 1);
        return;
      }
      const name = this.#world.topology.servers[server];
      this.probesFailed.push(`${name} answered a probe with ${answer}`);
    }
    this.#world.after(0, PROBE, server + 1, 0);
  }
}
