/** Sees from a ticket server's inputs and effects which states a run reaches. */
import type { CounterCall, CounterReply } from "../../core/counter/calls.ts";
import { DEFINITE_ERRORS } from "../../core/strategy.ts";
import type { ServerConfig, ServerEffect, ServerInput } from "../../core/strategy.ts";
import type { Sightings, StateName } from "./states.ts";

interface Sent {
  readonly call: CounterCall;
  readonly atMs: number;
}

const PUT_OFF: Partial<Record<string, StateName>> = {
  quota: "buffer exhausted",
  unreachable: "counter out of reach",
  overload: "overload",
  draining: "draining refuses",
};

/** One start of one server. */
export class ServerObserver {
  readonly #seen: Sightings;
  readonly #config: ServerConfig;
  readonly #underWay = new Map<number, Sent>();
  readonly #givenUp = new Set<number>();
  /** Ids whose buyers were told UNKNOWN. */
  readonly #unknown = new Set<string>();
  #isDraining = false;
  /** The newest word of the counter. */
  #word = { epoch: -1, generation: -1, left: 0 };

  constructor(config: ServerConfig, seen: Sightings) {
    this.#config = config;
    this.#seen = seen;
  }

  /** Its calls without a reply: of a dead process, those that nobody will hear of. */
  underWay(): CounterCall[] {
    return [...this.#underWay.values()].map(({ call }) => call);
  }

  quicklyRefused(): void {
    this.#seen.see("refused without a call");
  }

  stepped(input: ServerInput, effects: readonly ServerEffect[], nowMs: number): void {
    if (input.type === "drain") this.#isDraining = true;
    if (input.type === "counter-failed") this.#failed(input.op, input.error);
    if (input.type === "counter-reply") this.#heard(input.op, input.reply, effects, nowMs);
    for (const effect of effects) {
      if (effect.type === "call-counter") this.#sent(effect, nowMs);
      if (effect.type === "answer") this.#told(effect, input);
    }
    if (isShared(effects)) this.#seen.see("double click");
  }

  #sent({ op, call }: { readonly op: number; readonly call: CounterCall }, atMs: number): void {
    this.#underWay.set(op, { call, atMs });
    if (call.script === "reserve" && call.items.length > 1) this.#seen.see("batch of several");
  }

  #failed(op: number, error: string): void {
    const sent = this.#underWay.get(op);
    if (sent === undefined) return;
    this.#underWay.delete(op);
    this.#givenUp.add(op);
    const isDefinite = DEFINITE_ERRORS.includes(error);
    if (isDefinite && sent.call.script === "reserve") this.#seen.see("definite error");
    if (error === "TIMEOUT") this.#seen.see("timeout");
  }

  #heard(op: number, reply: CounterReply, effects: readonly ServerEffect[], nowMs: number): void {
    if (this.#givenUp.has(op)) this.#seen.see("reply after its timeout");
    const sent = this.#underWay.get(op);
    this.#underWay.delete(op);
    if (sent === undefined || reply.error !== null) return;
    const isOutdated = nowMs - sent.atMs > this.#config.rules.callTimeoutMs;
    if (isOutdated) this.#seen.see("reply read too late");
    this.#heardWord(reply);
    if (sent.call.script === "grant" && !isOutdated) this.#granted(reply, effects);
    if (sent.call.script === "settle")
      sent.call.items.forEach(({ id }, i) => {
        if (!this.#unknown.delete(id)) return;
        const { state } = reply.results[i];
        const had = state === "H" || state === "C" ? "had run" : "had not run";
        this.#seen.see(`unknown, and ${had}`);
      });
  }

  #heardWord({ epoch, generation, left, results }: CounterReply): void {
    const order = epoch - this.#word.epoch || generation - this.#word.generation;
    if (order < 0 && results.some(({ code }) => code === "SOLDOUT"))
      this.#seen.see("late SOLDOUT of an old generation");
    if (order > 0 && this.#word.generation >= 0 && this.#word.left === 0 && left > 0)
      this.#seen.see("latch reopened");
    if (order > 0) this.#word = { epoch, generation, left };
    else if (order === 0) this.#word.left = Math.min(this.#word.left, left);
  }

  #granted({ left }: CounterReply, effects: readonly ServerEffect[]): void {
    const hasRefused = effects.some(({ type, ...rest }) => {
      return type === "answer" && "answer" in rest && rest.answer === "SOLDOUT";
    });
    if (left === 0 && hasRefused) this.#seen.see("grant refused");
    if (left > 0 && effects.some(({ type }) => type === "flush-soon"))
      this.#seen.see("grant given");
  }

  #told(effect: Extract<ServerEffect, { readonly type: "answer" }>, input: ServerInput): void {
    if (effect.answer === "UNKNOWN") this.#unknown.add(effect.id);
    if (effect.answer === "TRYAGAIN") {
      const named = PUT_OFF[effect.reason];
      if (named !== undefined) this.#seen.see(named);
    }
    if (effect.answer !== "ACK" || input.type !== "counter-reply") return;
    const isSale = input.reply.results.some(({ code }) => code === "OK");
    if (this.#isDraining) this.#seen.see("draining finishes");
    if (this.#config.incarnation > 0 && isSale) this.#seen.see("restarted server sells");
  }
}

/** Whether one id is acknowledged to two who asked. */
function isShared(effects: readonly ServerEffect[]): boolean {
  const acknowledged = effects.flatMap((effect) =>
    effect.type === "answer" && effect.answer === "ACK" ? [effect.id] : [],
  );
  return new Set(acknowledged).size < acknowledged.length;
}
