/**
 * Drives the strategy's server component, as the event loop of a real ticket server does: gives it
 * inputs, carries its effects out, and brings their completions back as inputs.
 */
import type { ServerEffect, ServerInput } from "../../core/strategy.ts";
import { Numbered } from "../kernel/numbered.ts";
import { OpenCall } from "./calls.ts";
import type { Caller, Reply } from "./calls.ts";
import { SERVER_FLUSH, SERVER_TIMER } from "./events.ts";
import { StrategyFailure } from "./guarded-strategy.ts";
import type { Database } from "./order-database.ts";
import type { Redis } from "./redis.ts";
import { answerCode } from "./requests.ts";
import type { Requests } from "./requests.ts";
import { unlinkOpen } from "./server-process.ts";
import type { ServerProcess } from "./server-process.ts";
import { NS_PER_MS } from "./world.ts";
import type { World } from "./world.ts";

/** What the driver asks of the machine that it runs on. */
export interface ServerHost {
  /** The answer of `request` stands in its slot: it goes out. */
  reply(request: number): void;
  dies(server: number): void;
}

export class ServerDriver implements Caller {
  readonly #world: World;
  readonly #requests: Requests;
  readonly #redis: Redis;
  readonly #database: Database;
  readonly #processes: readonly ServerProcess[];
  readonly #host: ServerHost;
  readonly #timers = new Numbered<{ server: number; incarnation: number; timer: string }>();
  readonly #out: ServerEffect[] = [];

  constructor(
    world: World,
    requests: Requests,
    redis: Redis,
    database: Database,
    processes: readonly ServerProcess[],
    host: ServerHost,
  ) {
    this.#world = world;
    this.#requests = requests;
    this.#redis = redis;
    this.#database = database;
    this.#processes = processes;
    this.#host = host;
  }

  flush(server: number, incarnation: number): void {
    this.#giveIfSame(server, incarnation, { type: "flush" });
  }

  timer(number: number): void {
    const { server, incarnation, timer } = this.#timers.remove(number)!;
    this.#giveIfSame(server, incarnation, { type: "timer", timer });
  }

  completed(server: number, incarnation: number, op: number, reply: Reply): void {
    const process = this.#processes[server];
    if (process.diesAtReply && reply.to === "counter" && process.incarnation === incarnation) {
      this.#host.dies(server);
      return;
    }
    switch (reply.to) {
      case "counter":
        this.#giveIfSame(server, incarnation, { type: "counter-reply", op, reply: reply.reply });
        return;
      case "database":
        this.#giveIfSame(server, incarnation, { type: "database-reply", op, reply: reply.reply });
        return;
      case "error":
        this.#giveIfSame(server, incarnation, {
          type: this.#world.strategy.authority === "counter" ? "counter-failed" : "database-failed",
          op,
          error: reply.error,
        });
        return;
      default:
        throw new Error(`a ticket server got a reply to ${reply.to}`);
    }
  }

  #giveIfSame(server: number, incarnation: number, input: ServerInput): void {
    const process = this.#processes[server];
    if (!process.alive || process.incarnation !== incarnation) return;
    if (process.paused) process.backlog.push(() => this.#giveIfSame(server, incarnation, input));
    else this.give(server, input);
  }

  /** The strategy takes an input, and its effects are carried out. */
  give(server: number, input: ServerInput): void {
    const process = this.#processes[server];
    const out = this.#out;
    const nowMs = (this.#world.nowNs - process.startNs) / NS_PER_MS;
    this.#world.strategy.server.step(process.state, input, nowMs, out);
    // Carrying an effect out never calls the strategy again, so `out` is not written meanwhile.
    for (const effect of out) this.#carryOut(server, process, effect);
    // Setting the length would give the array's room back each time.
    while (out.length > 0) out.pop();
  }

  #carryOut(server: number, process: ServerProcess, effect: ServerEffect): void {
    const { incarnation } = process;
    switch (effect.type) {
      case "answer":
      case "pay-answer":
      case "cancel-answer":
        this.#answer(server, process, effect);
        return;
      case "call-counter": {
        const { op, call, timeoutMs } = effect;
        const asked = { to: "counter", call } as const;
        this.#redis.send(new OpenCall(this, server, incarnation, op, asked), server, timeoutMs);
        return;
      }
      case "call-database": {
        const { op, call, timeoutMs } = effect;
        const asked = { to: "database", call } as const;
        this.#database.send(new OpenCall(this, server, incarnation, op, asked), timeoutMs);
        return;
      }
      case "flush-soon":
        this.#world.after(0, SERVER_FLUSH, server, incarnation);
        return;
      case "timer": {
        const number = this.#timers.add({ server, incarnation, timer: effect.timer });
        this.#world.after(effect.afterMs * NS_PER_MS, SERVER_TIMER, 0, number);
        return;
      }
    }
  }

  #answer(
    server: number,
    process: ServerProcess,
    effect: Extract<ServerEffect, { readonly handle: number }>,
  ): void {
    const requests = this.#requests;
    const request = effect.handle;
    if (requests.open[request] !== 1 || requests.server[request] !== server)
      throw new StrategyFailure(
        `answered handle ${request}, to which ${this.#world.topology.servers[server]} owes nothing`,
      );
    requests.answer[request] = answerCode(effect.answer);
    requests.deadlineMs[request] = 0;
    if (effect.type === "answer") {
      this.#world.judge.answered(effect, requests.qty[request], this.#world.nowMs);
      if (effect.answer === "ACK") {
        requests.deadlineMs[request] = effect.deadlineMs;
        requests.claim[request] = effect.paid ? 1 : 0;
      } else if (effect.answer === "TRYAGAIN") {
        requests.claim[request] = effect.reason === "quota" ? 1 : 0;
      }
    } else if (effect.type === "cancel-answer" && effect.answer === "CANCELLED") {
      this.#world.judge.cancelled(requests.idOf(request));
    }
    unlinkOpen(requests, process, request);
    this.#host.reply(request);
  }
}
