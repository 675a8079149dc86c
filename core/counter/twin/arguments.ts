/** What an argument may be: the first part of ../lua/prelude.lua. */

import type { IdItem } from "../calls.ts";

/** More would block the one thread of Redis for everybody. */
export const MAX_ITEMS = 1000;

const QUANTITY_MAX = 999_999_999;
const COUNT_MAX = 999_999_999_999_999;
/** Printable ASCII without the bar, which separates the fields of a row in Redis. */
const NAME = /^[!-{}~]{1,128}$/;

/** A positive integer of at most 9 digits. */
export function isQuantity(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= QUANTITY_MAX;
}

/** An integer of at most 15 digits, 0 included. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= COUNT_MAX;
}

export function isName(text: string): boolean {
  return NAME.test(text);
}

export function isNameOrEmpty(text: string): boolean {
  return text === "" || isName(text);
}

/** Whether there is at least one item, and no more than a batch may have. */
export function isBatch(items: readonly unknown[]): boolean {
  return items.length >= 1 && items.length <= MAX_ITEMS;
}

/** The arguments of release, refund and settle. */
export function isBatchOfIds(epoch: number, items: readonly IdItem[]): boolean {
  return isBatch(items) && isCount(epoch) && items.every(({ id }) => isName(id));
}
