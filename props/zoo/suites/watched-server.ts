/**
 * latch, seen from outside of a ticket server: SOLDOUT is said on the counter's word alone, and who
 * has its fresh word that nothing is left asks for no more.
 *
 * It hears what the server hears and keeps the word by the protocol's own rule, independently of the
 * core: the newest (epoch, generation) counts, and within one the least that was left.
 */
import type { Findings } from "../../../core/invariants/findings.ts";
import type { ServerConfig, ServerEffect, ServerInput, Strategy } from "../../../core/strategy.ts";

interface Word {
  epoch: number;
  generation: number;
  left: number;
  askedMs: number;
}

interface Watched {
  readonly config: ServerConfig;
  /** When each counter call was sent. */
  readonly sentMs: Map<number, number>;
  word: Word | null;
}

/** The strategy, with what its servers do wrong reported to `findings`. */
export function watched<S extends object, C>(
  strategy: Strategy<S, C>,
  findings: Findings,
): Strategy<S, C> {
  const { server } = strategy;
  const { quickRefusal } = server;
  const watchedOf = new WeakMap<S, Watched>();
  return {
    ...strategy,
    server: {
      create: (config) => {
        const state = server.create(config);
        watchedOf.set(state, { config, sentMs: new Map(), word: null });
        return state;
      },
      ...(quickRefusal !== undefined && {
        quickRefusal: (state: S, qty: number, nowMs: number) => {
          const refusal = quickRefusal(state, qty, nowMs);
          if (refusal === "SOLDOUT") checkGrounds(watchedOf.get(state)!, qty, nowMs, findings);
          return refusal;
        },
      }),
      step: (state, input, nowMs, out) => {
        const own = watchedOf.get(state)!;
        listen(own, input);
        const before = out.length;
        server.step(state, input, nowMs, out);
        const effects = out.slice(before);
        for (const effect of effects)
          if (effect.type === "call-counter") own.sentMs.set(effect.op, nowMs);
        judge(own, input, effects, nowMs, findings);
      },
    },
  };
}

/** Takes note of a reply's (epoch, generation, left). */
function listen(own: Watched, input: ServerInput): void {
  if (input.type === "counter-failed") own.sentMs.delete(input.op);
  if (input.type !== "counter-reply") return;
  const askedMs = own.sentMs.get(input.op);
  own.sentMs.delete(input.op);
  const { error, epoch, generation, left } = input.reply;
  if (askedMs === undefined || error !== null) return;
  const { word } = own;
  const order = word === null ? 1 : epoch - word.epoch || generation - word.generation;
  if (word === null || order > 0) own.word = { epoch, generation, left, askedMs };
  else if (order === 0) {
    word.left = Math.min(word.left, left);
    word.askedMs = Math.max(word.askedMs, askedMs);
  }
}

/** Whether the counter has said, recently, that less than `qty` is left. */
function isSoldOut({ word, config }: Watched, qty: number, nowMs: number): boolean {
  return word !== null && word.left < qty && nowMs - word.askedMs <= config.rules.pollMs;
}

function judge(
  own: Watched,
  input: ServerInput,
  effects: readonly ServerEffect[],
  nowMs: number,
  findings: Findings,
): void {
  const refused = effects.some((effect) => effect.type === "answer" && effect.answer === "SOLDOUT");
  if (input.type === "buy") {
    if (refused) checkGrounds(own, input.qty, nowMs, findings);
    const asks = effects.find((effect) => effect.type === "call-counter");
    if (asks !== undefined && isSoldOut(own, input.qty, nowMs))
      findings.report(
        "latch",
        nowMs,
        `${own.config.name} asked the counter about ${input.id} with its fresh word that ` +
          `${own.word!.left} are left`,
      );
  } else if (refused && input.type === "counter-failed") {
    findings.report("latch", nowMs, `${own.config.name} said SOLDOUT because a call had failed`);
  }
}

function checkGrounds(own: Watched, qty: number, nowMs: number, findings: Findings): void {
  if (isSoldOut(own, qty, nowMs)) return;
  const { word, config } = own;
  const told = word === null ? "has said nothing yet" : `left ${word.left} at ${word.askedMs} ms`;
  findings.report(
    "latch",
    nowMs,
    `${config.name} said SOLDOUT to one who wants ${qty}, though the counter ${told}`,
  );
}
