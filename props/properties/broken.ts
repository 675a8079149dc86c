/** One thing broken on purpose for each property, which it has to notice, by its name. */
import { article } from "../../core/strategies/article.ts";
import { preDeduct } from "../../core/strategies/pre-deduct.ts";
import type { Strategy } from "../../core/strategy.ts";
import { BROKEN } from "../engine/broken.ts";
import type { PreDeduct } from "../engine/world.ts";
import type { BrokenName } from "./property.ts";

export interface Planted {
  readonly property: string;
  readonly what: string;
  /** It may be seen as any of these, whichever comes first. */
  readonly breaks: readonly BrokenName[];
  readonly strategy: Strategy;
}

const { server, counter } = preDeduct;

/** The counter, with `apply` in another's hands. */
function withCounter(apply: PreDeduct["counter"]["apply"]): Strategy {
  return { ...preDeduct, counter: { ...counter, apply } };
}

/** What a second payment is good for is not said: its money is kept. */
const keepsSecondPayment = withCounter((state, call, timeMs) => {
  const reply = counter.apply(state, call, timeMs);
  const results = reply.results.map((result) =>
    result.code === "DOUBLEPAY" ? { ...result, code: "DUP" as const } : result,
  );
  return { ...reply, results };
});

/** A payment confirms a second reservation too. */
const confirmsTwo = withCounter((state, call, timeMs) => {
  if (call.script === "confirm") state.payments.clear();
  return counter.apply(state, call, timeMs);
});

/** Whoever had heard of no stock does not hear that there is some again. */
const growsUnheard = withCounter((state, call, timeMs) => {
  const before = state.sale?.generation ?? 0;
  const reply = counter.apply(state, call, timeMs);
  if (call.script !== "resize" || state.sale === null) return reply;
  state.sale.generation = before;
  return { ...reply, generation: before };
});

/** The sale shrinks below what is sold. */
const shrinksBelowSold = withCounter((state, call, timeMs) => {
  const reply = counter.apply(state, call, timeMs);
  if (call.script !== "resize" || reply.code !== "BELOWSOLD" || state.sale === null) return reply;
  state.sale.total = call.newTotal;
  return { ...reply, code: "OK", left: call.newTotal - state.sale.sold };
});

/** A release gives back what was given back before. */
const releasesTwice = withCounter((state, call, timeMs) => {
  if (call.script === "release")
    for (const { id } of call.items) {
      const row = state.rows.get(id);
      if (row?.state === "L") row.state = "H";
    }
  return counter.apply(state, call, timeMs);
});

/** The last slot of a server is never spent. */
const keepsASlot: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    create: (config) => {
      const state = server.create(config);
      state.quota = Math.max(0, state.quota - 1);
      return state;
    },
  },
};

/** A click while the first one is under way is never answered. */
const forgetsSecondClick: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step: (state, input, nowMs, out) => {
      server.step(state, input, nowMs, out);
      for (const { handles } of state.attempts.values()) handles.length = 1;
    },
  },
};

/** Everybody who asks twice is told twice. */
const answersTwice: PreDeduct = {
  ...preDeduct,
  server: {
    ...server,
    step: (state, input, nowMs, out) => {
      server.step(state, input, nowMs, out);
      if (input.type === "counter-reply") out.push(...out.filter(({ type }) => type === "answer"));
    },
  },
};

const planted = (
  property: string,
  what: string,
  breaks: readonly BrokenName[],
  strategy: Strategy,
): Planted => ({ property, what, breaks, strategy: { ...strategy, name: what } });

export const PLANTED: readonly Planted[] = [
  ...BROKEN.map(({ what, breaks, strategy }) => planted("interleavings", what, breaks, strategy)),
  planted("interleavings", "answers twice", ["answers"], answersTwice),
  planted("interleavings", "forgets a second click", ["progress"], forgetsSecondClick),
  planted(
    "ebb-and-flow",
    "a latch that never opens",
    ["latch", "no-undersell"],
    brokenEngine("a latch that never opens"),
  ),
  planted(
    "pauses",
    "believes old replies",
    ["no-oversell", "latch"],
    brokenEngine("believes old replies"),
  ),
  planted("payments", "keeps a second payment", ["one-refund"], keepsSecondPayment),
  planted("payments", "one payment confirms two", ["conservation", "one-refund"], confirmsTwo),
  planted("sizes", "grows unheard", ["latch", "no-undersell"], growsUnheard),
  planted("sizes", "shrinks below what is sold", ["no-oversell", "conservation"], shrinksBelowSold),
  planted("repeats", "releases twice", ["idempotency"], releasesTwice),
  planted("buffer", "keeps a slot", ["no-undersell"], keepsASlot),
  planted("sales", "the published demo", ["no-oversell"], article),
];

function brokenEngine(wanted: string): Strategy {
  return BROKEN.find(({ what }) => what === wanted)!.strategy;
}
