/**
 * Idempotency of the counter: a call that had its effect and comes again, at once or after others,
 * changes nothing, and nobody's answer but its own.
 *
 * Calls that were refused are not repeated: refusals are not stored, so that a buyer may come back
 * when stock returns. What keeps their late duplicates out is the request's own deadline, which
 * the interleavings show.
 */
import * as fc from "fast-check";
import type { CounterCall, CounterReply, ItemCode } from "../../core/counter/calls.ts";
import type { Strategy } from "../../core/strategy.ts";
import { plural } from "../../sim/cli/text/format.ts";
import { call, COUNTER_START_MS } from "../engine/histories.ts";
import { breachOf, hasCounter } from "./property.ts";
import type { Breach, Property } from "./property.ts";

interface Repeats {
  readonly tickets: number;
  readonly calls: readonly { readonly gapMs: number; readonly call: CounterCall }[];
  /** Call `call` comes again `later` calls after it; numbers count modulo what is there. */
  readonly again: readonly { readonly call: number; readonly later: number }[];
}

const EPOCH = 1;

const arbitrary: fc.Arbitrary<Repeats> = fc.record({
  tickets: fc.integer({ min: 4, max: 12 }),
  calls: fc.array(fc.record({ gapMs: fc.nat(40), call }), { maxLength: 30, size: "max" }),
  again: fc.array(fc.record({ call: fc.nat(50), later: fc.nat(20) }), {
    minLength: 1,
    maxLength: 8,
  }),
});

/** Answers that are given for good: the same call hears of them, and does nothing. */
const FINAL: Readonly<Partial<Record<CounterCall["script"], readonly ItemCode[]>>> = {
  reserve: ["OK", "DUP", "CONFLICT"],
  confirm: [
    "OK",
    "DUP",
    "DOUBLEPAY",
    "PAYMENTCONFLICT",
    "REVIVED",
    "EXPIRED",
    "RELEASED",
    "NOSUCH",
  ],
  release: ["OK", "DUP", "TOMBSTONE"],
  refund: ["OK", "DUP"],
};

function isFinal({ script }: CounterCall, { results }: CounterReply): boolean {
  const codes = FINAL[script];
  return codes !== undefined && results.every(({ code }) => codes.includes(code));
}

/** What a call and its reply made of the counter, without the times. */
interface Seen {
  readonly reply: CounterReply;
  readonly state: string;
}

function play({ tickets, calls, again }: Repeats, strategy: Strategy): Breach | null {
  try {
    const once = run(tickets, calls, strategy, () => []);
    const repeats = again.flatMap(({ call, later }) => {
      const first = call % Math.max(1, calls.length);
      if (calls.length === 0 || !isFinal(calls[first].call, once[first].reply)) return [];
      return [{ first, after: Math.min(first + later, calls.length - 1) }];
    });
    const twice = run(tickets, calls, strategy, (i) =>
      repeats.flatMap(({ first, after }) => (after === i ? [calls[first].call] : [])),
    );
    const differs = once.findIndex(({ state }, i) => state !== twice[i].state);
    if (differs === -1) return null;
    const detail =
      `with repeated calls the counter is ${twice[differs].state} after call ${differs}, ` +
      `without them ${once[differs].state}`;
    return { broken: "idempotency", detail, steps: differs + 1 };
  } catch (error) {
    return breachOf(error, null);
  }
}

/** `repeated(i)`: what comes again after call `i`, before anybody looks. */
function run(
  tickets: number,
  calls: Repeats["calls"],
  { counter }: Strategy,
  repeated: (i: number) => readonly CounterCall[],
): Seen[] {
  const stock = counter.create();
  let timeMs = COUNTER_START_MS;
  counter.apply(stock, { script: "init", total: tickets, epoch: EPOCH }, timeMs);
  counter.apply(stock, { script: "open", epoch: EPOCH }, timeMs);
  return calls.map(({ gapMs, call }, i) => {
    timeMs += gapMs;
    const reply = counter.apply(stock, call, timeMs);
    for (const duplicate of repeated(i)) counter.apply(stock, duplicate, timeMs);
    const codes = reply.results.map(({ code, state }) => `${code} ${state}`);
    const { sold, heldUnits, buyerUnits } = counter.audit(stock);
    const { code, generation, left } = reply;
    const backlog = counter.outbox?.backlog(stock) ?? 0;
    const seen = { code, codes, generation, left, sold, heldUnits, buyerUnits, backlog };
    return { reply, state: JSON.stringify(seen) };
  });
}

export const repeats: Property<Repeats> = {
  name: "repeats",
  promise: "a call that had its effect and reaches the counter again changes nothing",
  cases: 300,
  arbitrary,
  lists: ["calls", "again"],
  appliesTo: hasCounter,
  play,
  story: ({ tickets, calls, again }, { broken, detail }) =>
    [
      `a counter of ${plural(tickets, "ticket")}`,
      ...calls.map(({ gapMs, call }, i) => `call ${i}, ${gapMs} ms later, ${tell(call)}`),
      ...again.map(({ call, later }) => `call ${call} comes again after ${later} more`),
      `then ${broken} breaks: ${detail}`,
    ].join("; "),
};

function tell(call: CounterCall): string {
  return `${call.script} ${"items" in call ? call.items.map(({ id }) => id).join(", ") : ""}`.trim();
}
