/** Random calls on the order database, in the combinations that a sale can bring about. */
import * as fc from "fast-check";
import type { OutboxEvent } from "../../../core/counter/calls.ts";
import type { DatabaseCall } from "../../../core/orders/calls.ts";

type Kind = OutboxEvent["kind"];

/** What can become of one reservation of the counter. */
const STORIES: readonly (readonly Kind[])[] = [
  ["H", "X", "refund"],
  ["H", "X", "C"],
  ["H", "X", "C", "R"],
  ["H", "L"],
  ["H", "C", "refund"],
  ["H", "C", "R"],
];

const BUYERS = ["", "b1", "b2", "b3", "b4"];
const QUANTITIES = [1, 1, 1, 2, 3, 9];
/** A sale in rounds, each with ids of its own: else every id would soon be spent. */
const ROUNDS = 5;
const ROUND_CALLS = 20;
const ROUND_ORDERS = 6;
const ROUND_PAYMENTS = 12;

/** An event from anywhere in the story of some reservation: early, late, repeated. */
export function outboxEvent(round: number): fc.Arbitrary<OutboxEvent> {
  return fc.tuple(fc.nat({ max: ROUND_ORDERS - 1 }), fc.nat()).map(([i, step]) => {
    const number = round * ROUND_ORDERS + i;
    const story = STORIES[number % STORIES.length];
    const kind = story[step % story.length];
    const isPaid = kind === "C" || kind === "refund";
    return {
      position: "1-1",
      kind,
      id: `recorded-${number}`,
      qty: QUANTITIES[number % QUANTITIES.length],
      buyer: BUYERS[number % BUYERS.length],
      paymentId: isPaid ? `${kind}-payment-${number}` : "",
    };
  });
}

function call<C extends DatabaseCall["call"]>(name: C): { readonly call: fc.Arbitrary<C> } {
  return { call: fc.constant(name) };
}

function databaseCall(round: number): fc.Arbitrary<DatabaseCall> {
  const oneOf = (prefix: string, count: number): fc.Arbitrary<string> =>
    fc.nat({ max: count - 1 }).map((i) => `${prefix}-${round}-${i}`);
  // Orders of the strategies that work on the database alone.
  const placed = oneOf("placed", ROUND_ORDERS);
  // Orders of the counter's reservations, which only events bring, and only events end.
  const recorded = outboxEvent(round).map((event) => event.id);
  const id = fc.oneof({ weight: 8, arbitrary: placed }, { weight: 1, arbitrary: recorded });
  const paymentId = oneOf("payment", ROUND_PAYMENTS);
  const request = {
    id,
    buyer: fc.constantFrom(...BUYERS),
    qty: fc.constantFrom(...QUANTITIES),
    maxPerBuyer: fc.constantFrom(0, 0, 4),
  };
  const events = fc.array(outboxEvent(round), { maxLength: 8 });
  const paid = { id: placed, paymentId };
  // Many orders without stock, and payments for them: one that comes too late is rare.
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ ...call("record"), events }) },
    { weight: 2, arbitrary: fc.record({ ...call("place-and-deduct"), ...request }) },
    { weight: 4, arbitrary: fc.record({ ...call("place"), ...request }) },
    { weight: 2, arbitrary: fc.record({ ...call("pay"), ...paid }) },
    { weight: 4, arbitrary: fc.record({ ...call("pay-and-deduct"), ...paid }) },
    { weight: 1, arbitrary: fc.record({ ...call("cancel"), id: placed }) },
    { weight: 1, arbitrary: fc.record({ ...call("settle"), id }) },
  );
}

export const callsOfASale: fc.Arbitrary<DatabaseCall[]> = fc
  .tuple(
    ...Array.from({ length: ROUNDS }, (_, round) =>
      fc.array(databaseCall(round), { minLength: ROUND_CALLS, maxLength: ROUND_CALLS }),
    ),
  )
  .map((rounds) => rounds.flat());
