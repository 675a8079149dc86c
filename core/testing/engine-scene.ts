/** One pre-deduct server, a clock that the test moves, and the inputs by what they mean. */
import type { CounterReply } from "../counter/calls.ts";
import type { EngineState, WaitingBuy } from "../engine/state.ts";
import { createEngine } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import type { ServerConfig, ServerEffect, ServerInput, ServerRules } from "../strategy.ts";
import { changeOf } from "./change.ts";
import { reply } from "./replies.ts";
import { CONFIG, RULES } from "./rules.ts";

/** When a scene begins. */
export const START_MS = 10_000;

/** All that one input did: the effects in order, and every field of the state it changed. */
export interface Step {
  readonly effects: readonly ServerEffect[];
  readonly changed: Partial<EngineState>;
}

export class EngineScene {
  readonly state: EngineState;
  nowMs = START_MS;

  constructor(rules: Partial<ServerRules> = {}, config: Partial<ServerConfig> = {}) {
    this.state = createEngine({ ...CONFIG, rules: { ...RULES, ...rules }, ...config });
  }

  /** Gives one input and tells everything that it did. */
  step(input: ServerInput): Step {
    const effects: ServerEffect[] = [];
    const changed = changeOf(this.state, () => step(this.state, input, this.nowMs, effects));
    return { effects, changed };
  }

  /** The same, where a test speaks of the effects only. */
  give(input: ServerInput): readonly ServerEffect[] {
    return this.step(input).effects;
  }

  buy(handle: number, id: string, more: Partial<WaitingBuy> = {}): readonly ServerEffect[] {
    return this.give(buy(handle, id, more));
  }

  flush(): readonly ServerEffect[] {
    return this.give({ type: "flush" });
  }

  replies(op: number, fields: Partial<CounterReply> = {}): readonly ServerEffect[] {
    return this.give(replied(op, fields));
  }

  fails(op: number, error: string): readonly ServerEffect[] {
    return this.give({ type: "counter-failed", op, error });
  }

  /** The server has started and knows the stock: operation 1 is over. */
  opened(fields: Partial<CounterReply> = {}): this {
    this.give({ type: "start" });
    this.replies(1, { liveServers: 2, ...fields });
    return this;
  }

  /** A reservation for each id, handles from 1, sent as one call: operation 2. */
  reserving(...ids: readonly string[]): this {
    ids.forEach((id, i) => this.buy(i + 1, id));
    this.flush();
    return this;
  }

  /** A call that timed out has left the reservation of each id unknown. */
  unresolved(...ids: readonly string[]): this {
    this.reserving(...ids).fails(2, "TIMEOUT");
    return this;
  }
}

export function buy(handle: number, id: string, more: Partial<WaitingBuy> = {}): ServerInput {
  return { type: "buy", handle, id, buyer: "b1", qty: 1, ...more };
}

export function replied(op: number, fields: Partial<CounterReply> = {}): ServerInput {
  return { type: "counter-reply", op, reply: reply(fields) };
}

export const PAY: ServerInput = { type: "pay", handle: 1, id: "a", paymentId: "p" };
export const CANCEL: ServerInput = { type: "cancel", handle: 1, id: "a" };
export const QUERY: ServerInput = { type: "query", handle: 1, id: "a" };

/** A scene in which this input is on its way to the counter as operation 2. */
export function sent(input: ServerInput): EngineScene {
  const scene = new EngineScene().opened();
  scene.give(input);
  scene.flush();
  return scene;
}
