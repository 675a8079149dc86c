/**
 * Single defects, each a lie in one reply of a history that was good up to there, with the one
 * invariant that it breaks.
 */
import type { CounterReply, ItemCode } from "../../core/counter/calls.ts";
import type { InvariantName } from "../../core/invariants/findings.ts";
import type { Exchange } from "./histories.ts";

export interface Defect {
  readonly what: string;
  readonly breaks: InvariantName;
  /** The reply as it should not be; null where this exchange gives no occasion. */
  readonly lie: (exchange: Exchange) => CounterReply | null;
}

/**
 * Says `to` where the item was answered with one of `from`; `freed` of its tickets come back. Only
 * the last item of a batch, so that no later one of the same call depends on it.
 */
function instead(
  script: "reserve" | "confirm" | "release" | "refund",
  from: readonly ItemCode[],
  to: ItemCode,
  freed: (qty: number) => number,
): Defect["lie"] {
  return ({ call, reply }) => {
    if (call.script !== script) return null;
    const last = reply.results.length - 1;
    const result = reply.results[last];
    if (!from.includes(result.code)) return null;
    const qty = call.script === "reserve" ? call.items[last].qty : result.qty;
    const told = { ...result, code: to, state: to === "OK" ? "H" : result.state } as const;
    const results = [...reply.results.slice(0, last), told];
    return { ...reply, results, left: reply.left + freed(qty) };
  };
}

const nothing = (): number => 0;
const taken = (qty: number): number => -qty;
const back = (qty: number): number => qty;

export const DEFECTS: readonly Defect[] = [
  {
    what: "one ticket appears",
    breaks: "conservation",
    lie: ({ reply }) => ({ ...reply, left: reply.left + 1 }),
  },
  {
    what: "one ticket disappears",
    breaks: "conservation",
    lie: ({ reply }) => ({ ...reply, left: reply.left - 1 }),
  },
  {
    what: "a sold-out sale sells",
    breaks: "no-oversell",
    lie: instead("reserve", ["SOLDOUT"], "OK", taken),
  },
  {
    what: "a sale with enough left is sold out",
    breaks: "no-undersell",
    lie: instead("reserve", ["OK"], "SOLDOUT", back),
  },
  {
    what: "a buyer gets more than his limit",
    breaks: "buyer-limit",
    lie: ({ call, ...exchange }) => {
      // Where stock is short as well, it would be an oversell too.
      if (call.script !== "reserve" || call.items.at(-1)!.qty > exchange.reply.left) return null;
      return instead("reserve", ["USERLIMIT"], "OK", taken)({ call, ...exchange });
    },
  },
  {
    what: "a buyer within his limit is refused",
    breaks: "buyer-limit",
    lie: instead("reserve", ["OK"], "USERLIMIT", back),
  },
  {
    what: "an expired request is served",
    breaks: "unknown-resolved",
    lie: ({ call, ...exchange }) => {
      if (call.script !== "reserve") return null;
      const item = call.items.at(-1)!;
      // Without a name there is no limit that it might break as well.
      if (item.buyer !== "" || item.qty > exchange.reply.left) return null;
      return instead("reserve", ["LATE"], "OK", taken)({ call, ...exchange });
    },
  },
  {
    what: "a reservation is refused under its own id",
    breaks: "conservation",
    lie: (exchange) => {
      const last = exchange.reply.results.at(-1);
      if (last?.state !== "H" && last?.state !== "C") return null;
      return instead("reserve", ["DUP"], "LATE", nothing)(exchange);
    },
  },
  {
    what: "a payment confirms what it may not",
    breaks: "conservation",
    lie: (exchange) => {
      // A strict sale refuses a hold past its deadline; the model does not know of strict sales.
      if (exchange.reply.results.at(-1)?.state === "H") return null;
      const refused = ["DOUBLEPAY", "EXPIRED", "RELEASED", "NOSUCH"] as const;
      return instead("confirm", refused, "OK", nothing)(exchange);
    },
  },
  {
    what: "a payment is said to revive what it only confirmed",
    breaks: "conservation",
    lie: instead("confirm", ["OK"], "REVIVED", nothing),
  },
  {
    what: "a release gives back what it may not",
    breaks: "conservation",
    lie: instead("release", ["DUP", "CONFIRMED", "TOMBSTONE"], "OK", nothing),
  },
  {
    what: "a release gives nothing back",
    breaks: "conservation",
    lie: instead("release", ["OK"], "DUP", nothing),
  },
  {
    what: "a refund gives back what it may not",
    breaks: "conservation",
    lie: instead("refund", ["DUP", "NOTCONFIRMED", "NOSUCH"], "OK", nothing),
  },
  {
    what: "a sweep takes back twice",
    breaks: "conservation",
    lie: ({ reply }) => {
      const [first] = reply.swept;
      return first === undefined ? null : { ...reply, swept: [...reply.swept, first] };
    },
  },
  {
    what: "a sweep frees and does not say what",
    breaks: "conservation",
    lie: ({ reply }) => (reply.swept.length === 0 ? null : { ...reply, swept: [] }),
  },
  {
    what: "a sweep comes too early",
    breaks: "conservation",
    lie: ({ call, reply }) => {
      if (call.script !== "sweep" || reply.swept.length === 0) return null;
      // Every hold is 100 ms and the grace 50: an hour ago none was due.
      return { ...reply, timeMs: reply.timeMs - 3_600_000 };
    },
  },
];
