/**
 * The buffer bound, where quota is never refilled: with the buffer that covers k deaths at the
 * start, whichever k servers die, the others sell everything.
 */
import * as fc from "fast-check";
import { bufferFor, slices } from "../../core/quota.ts";
import type { Strategy } from "../../core/strategy.ts";
import { plural } from "../../sim/cli/text/format.ts";
import { sellOut } from "../engine/healing.ts";
import type { RunConfig } from "../engine/operations.ts";
import { World } from "../engine/world.ts";
import { breachOf, hasCounter } from "./property.ts";
import type { Breach, Property } from "./property.ts";

export interface Deaths {
  readonly tickets: number;
  /** Shares of the slices, one for each server. */
  readonly weights: readonly number[];
  /** Who dies before the first sale; at least one other stays. */
  readonly dead: readonly number[];
}

export const deaths: fc.Arbitrary<Deaths> = fc.integer({ min: 2, max: 5 }).chain((servers) =>
  fc.record({
    tickets: fc.integer({ min: 1, max: 24 }),
    weights: fc.oneof(
      fc.constant(Array<number>(servers).fill(1)),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: servers, maxLength: servers }),
    ),
    dead: fc.subarray(
      Array.from({ length: servers }, (_, i) => i),
      { maxLength: servers - 1 },
    ),
  }),
);

/** A sale in which nothing expires and nothing fails, but for who is dead. */
export function configOf({ tickets, weights }: Deaths, buffer: number): RunConfig {
  return {
    servers: weights.length,
    tickets,
    buffer,
    weights,
    sale: {
      saleId: "sale",
      tickets,
      holdMs: 1_000_000,
      graceMs: 0,
      maxPerBuyer: 0,
      latePayment: "lazy",
      retainMs: 1_000_000,
    },
    rules: {
      refill: "off",
      pollMs: 30,
      callTimeoutMs: 100,
      requestLifetimeMs: 300,
      settleMs: 40,
      batchMax: 3,
      inflightMax: 2,
      waitingMax: 6,
      liveMs: 500,
    },
  };
}

/** Tickets that nobody sold, after more buyers than tickets came to every server that is alive. */
export function unsoldWith(deaths: Deaths, buffer: number, strategy: Strategy): number {
  const world = new World(configOf(deaths, buffer), strategy);
  for (const server of deaths.dead) world.crash(server);
  sellOut(world);
  return world.judge.rows.free;
}

/** The buffer that covers as many deaths as there are. */
export function bufferOf({ tickets, weights, dead }: Deaths): number {
  return bufferFor(tickets, slices(tickets, weights), dead.length);
}

function play(value: Deaths, strategy: Strategy): Breach | null {
  try {
    const unsold = unsoldWith(value, bufferOf(value), strategy);
    if (unsold === 0) return null;
    const detail = `${plural(unsold, "ticket")} unsold, although the buffer covers the deaths`;
    return { broken: "no-undersell", detail, steps: null };
  } catch (error) {
    return breachOf(error, null);
  }
}

export const buffer: Property<Deaths> = {
  name: "buffer",
  promise: "with a buffer that covers k deaths at the start, any k may die and everything is sold",
  cases: 60,
  arbitrary: deaths,
  lists: [],
  appliesTo: hasCounter,
  play,
  story: (value, { broken, detail }) =>
    `${value.weights.length} servers share ${plural(value.tickets, "ticket")} by weights ` +
    `${value.weights.join(":")}, with a buffer of ${bufferOf(value)}; servers ` +
    `${value.dead.join(", ") || "(none)"} die at the start; ${broken} breaks: ${detail}`,
};
