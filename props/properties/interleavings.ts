/**
 * A few servers and one counter, where every message waits until it is delivered, lost, doubled or
 * overtaken: after every step each invariant that speaks of every step holds, and after healing
 * those that speak of the end.
 *
 * One property for each kind of run, because a state that one kind reaches in every tenth run is a
 * miracle in another.
 */
import * as fc from "fast-check";
import type { Strategy } from "../../core/strategy.ts";
import { plural } from "../../sim/cli/text/format.ts";
import { heal } from "../engine/healing.ts";
import type { Operation, Run, RunConfig } from "../engine/operations.ts";
import * as drawn from "../engine/operations.ts";
import { tellOperation } from "../engine/story.ts";
import { World } from "../engine/world.ts";
import { breachOf, hasCounter } from "./property.ts";
import type { Breach, Property } from "./property.ts";

export function playInterleaving({ config, operations }: Run, strategy: Strategy): Breach | null {
  let steps: number | null = 0;
  try {
    const world = new World(config, strategy);
    for (const operation of operations) {
      steps += 1;
      world.apply(operation);
      const found = foundBy(world, steps);
      if (found !== null) return found;
    }
    steps = null;
    heal(world);
    return foundBy(world, null) ?? unsold(world);
  } catch (error) {
    return breachOf(error, steps);
  }
}

function foundBy<S, C>({ judge }: World<S, C>, steps: number | null): Breach | null {
  const violation = judge.findings.earliest();
  return violation === undefined
    ? null
    : { broken: violation.invariant, detail: violation.detail, steps };
}

/** Where quota is refilled, buyers at every server in turn get all that is free. */
function unsold<S, C>({ config, judge }: World<S, C>): Breach | null {
  const { free } = judge.rows;
  if (config.rules.refill === "off" || free === 0) return null;
  const detail = `${free} of ${judge.rows.total} tickets are free, and no server sells them`;
  return { broken: "no-undersell", detail, steps: null };
}

export function tellInterleaving({ config, operations }: Run, { steps, broken, detail }: Breach) {
  const { servers, tickets, buffer, rules, sale } = config;
  const told = operations.slice(0, steps ?? operations.length).map(tellOperation);
  return [
    `${servers} servers sell ${plural(tickets, "ticket")} (buffer ${buffer}, refill ${rules.refill}, ` +
      `late payments ${sale.latePayment})`,
    ...told,
    `${steps === null ? "after healing" : "then"} ${broken} breaks: ${detail}`,
  ].join("; ");
}

const number = fc.nat(50);
const server = fc.nat(3);
const on = <D extends string>(name: D) => ({ do: fc.constant(name) });
const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const resize = fc.record({ ...on("resize"), by: fc.integer({ min: -3, max: 3 }) });
const refund = fc.record({ ...on("refund"), payment: number });
const payAtDeadline = fc.record({
  ...on("pay at the deadline"),
  request: number,
  server,
  offsetMs: fc.constantFrom(-1, 0, 1, 60, 61),
});
const buyOne = fc.record({ ...on("buy"), server, buyer: number, qty: fc.constant(1) });
const buyAgain = fc.record({
  ...on("buy again"),
  request: number,
  server,
  isChanged: fc.constant(false),
});
const pay = fc.record({ ...on("pay"), request: number, server });
const deliver = fc.record({ ...on("deliver"), message: number });
const deliverAll = fc.record(on("deliver all"));
const sweep = fc.record(on("sweep"));
const pass = fc.record({ ...on("pass"), ms: fc.constantFrom(1, 5, 15, 40) });

function operations(...choices: fc.WeightedArbitrary<Operation>[]) {
  return fc.array(fc.oneof(...choices), { maxLength: 90, size: "max" });
}

/** Anything, in any order. */
const anything: fc.Arbitrary<Run> = fc.record({
  config: drawn.config,
  operations: operations(
    weighted(70, drawn.operation),
    weighted(1, refund),
    weighted(2, payAtDeadline),
  ),
});

/** Few tickets, and holds that are over sooner than a call is given up. */
const shortOfStock: fc.Arbitrary<RunConfig> = fc
  .record({ config: drawn.config, tickets: fc.integer({ min: 1, max: 3 }) })
  .map(({ config, tickets }): RunConfig => {
    const sale = { ...config.sale, tickets, holdMs: 100, graceMs: 0, maxPerBuyer: 0 };
    const rules = { ...config.rules, batchMax: 1, inflightMax: 8 };
    return { ...config, servers: 2, tickets, buffer: tickets, sale, rules };
  });

/** Many give their tickets up: stock runs out and comes back. */
const ebbAndFlow: fc.Arbitrary<Run> = fc.record({
  config: shortOfStock,
  operations: operations(
    weighted(10, buyOne),
    weighted(1, buyAgain),
    weighted(4, fc.record({ ...on("cancel"), request: number, server })),
    weighted(1, pay),
    weighted(16, deliver),
    weighted(3, deliverAll),
    weighted(1, fc.record({ ...on("duplicate"), message: number })),
    weighted(6, pass),
    weighted(4, sweep),
    weighted(2, resize),
  ),
});

/** Processes stand still while their holds run out, and then read what came meanwhile. */
const pauses: fc.Arbitrary<Run> = fc.record({
  config: shortOfStock,
  operations: operations(
    weighted(8, buyOne),
    weighted(1, fc.record({ ...on("query"), request: number, server })),
    weighted(4, deliver),
    weighted(8, deliverAll),
    weighted(4, fc.record({ ...on("pause"), server })),
    weighted(4, fc.record({ ...on("resume"), server, isReadFirst: fc.boolean() })),
    weighted(5, fc.record({ ...on("pass"), ms: fc.constantFrom(5, 40, 110) })),
    weighted(4, sweep),
  ),
});

/** Payments, early and late, at and around the deadline, doubled, redelivered and taken back. */
const payments: fc.Arbitrary<Run> = fc.record({
  config: drawn.config,
  operations: operations(
    weighted(10, buyOne),
    weighted(1, buyAgain),
    weighted(8, pay),
    weighted(3, fc.record({ ...on("deliver payment again"), payment: number, server })),
    weighted(2, fc.record({ ...on("pay for another"), payment: number, request: number, server })),
    weighted(3, refund),
    weighted(2, fc.record({ ...on("cancel"), request: number, server })),
    weighted(6, deliver),
    weighted(14, deliverAll),
    weighted(3, pass),
    weighted(6, payAtDeadline),
    weighted(4, sweep),
    weighted(2, fc.record({ ...on("record"), dies: fc.boolean() })),
  ),
});

/** A sale that grows and shrinks under servers that restart and drain, with slices of any size. */
const sizes: fc.Arbitrary<Run> = fc.record({
  config: fc
    .record({ config: drawn.config, weights: fc.array(fc.nat(4), { minLength: 4, maxLength: 4 }) })
    .map(({ config, weights: [first, ...others] }) => ({
      ...config,
      weights: [first + 1, ...others].slice(0, config.servers),
    })),
  operations: operations(
    weighted(12, buyOne),
    weighted(3, pay),
    weighted(6, resize),
    weighted(6, deliver),
    weighted(10, deliverAll),
    weighted(1, fc.record({ ...on("lose"), message: number })),
    weighted(2, fc.record({ ...on("refuse"), message: number, error: fc.constant("LOADING") })),
    weighted(4, pass),
    weighted(3, sweep),
    weighted(2, fc.record({ ...on("crash"), server })),
    weighted(3, fc.record({ ...on("start"), server })),
    weighted(2, fc.record({ ...on("drain"), server })),
  ),
});

function interleaving(
  name: string,
  promise: string,
  cases: number,
  arbitrary: fc.Arbitrary<Run>,
): Property<Run> {
  const appliesTo = hasCounter;
  return {
    name,
    promise,
    cases,
    arbitrary,
    lists: ["operations"],
    appliesTo,
    play: playInterleaving,
    story: tellInterleaving,
  };
}

export const INTERLEAVINGS: readonly Property<Run>[] = [
  interleaving(
    "interleavings",
    "no order of deliveries, losses, duplicates, crashes and pauses breaks an invariant",
    300,
    anything,
  ),
  interleaving(
    "ebb-and-flow",
    "no SOLDOUT outlives the stock that comes back, and what comes back is sold again",
    300,
    ebbAndFlow,
  ),
  interleaving(
    "pauses",
    "a process that stood still tells nobody what was true before",
    150,
    pauses,
  ),
  interleaving(
    "payments",
    "every charge confirms one ticket or is given back once, however late and often it comes",
    200,
    payments,
  ),
  interleaving(
    "sizes",
    "a sale that grows or shrinks while servers restart and drain sells what it has, and no more",
    200,
    sizes,
  ),
];
