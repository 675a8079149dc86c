/**
 * What a sale is required to do, and how the capacity report tests it. Nothing here has any
 * influence on a run.
 */
import * as v from "valibot";
import { amount, milliseconds, share, whole } from "./fields.ts";

const limitMs = () => v.pipe(milliseconds(), v.minValue(0.001));

/** Service level objectives. A requirement that is absent is not tested. */
export const SloSchema = v.strictObject({
  /** From the opening until every ticket is taken, held or paid. */
  sellOutMs: v.optional(limitMs(), 60_000),
  /** 99 of 100 answers of one kind come within this time, from the buyer's first packet on. */
  p99Ms: v.optional(
    v.strictObject({
      /** Those who get a ticket. */
      winner: v.optional(limitMs(), 2000),
      /** Those told SOLDOUT while nothing was left. */
      soldOut: v.optional(limitMs(), 2000),
      /** Those told SOLDOUT while something was left. */
      falseSoldOut: v.optional(limitMs()),
      /** Those who heard nothing from a ticket server. */
      error: v.optional(limitMs()),
    }),
    {},
  ),
  /** Share of requests that hear nothing from a ticket server, at most. */
  errorShare: v.optional(share(), 0.1),
  /** Tickets that stay free while buyers who want them are refused, at most. */
  undersold: v.optional(whole(0, 10_000_000), 0),
  /** Ticket servers that may die for good during the rush. */
  deaths: v.optional(whole(0, 9999), 1),
  /** Sites that may be lost for good during the rush. */
  sites: v.optional(whole(0, 7), 0),
});

export const ReportSchema = v.strictObject({
  /** Sweeps over many cells run a sale of this share of the tickets and buyers. */
  sweepScale: v.optional(amount(0.0001, 1), 0.1),
  /** Sales for one answer: at least, and at most if the intervals are still wide. */
  replications: v.optional(
    v.pipe(
      v.strictObject({
        least: v.optional(whole(2, 1000), 20),
        most: v.optional(whole(2, 1000), 59),
      }),
      v.check(({ least, most }) => least <= most, "least must not be above most"),
    ),
    {},
  ),
});
