/**
 * What a request asks for, checked: nothing malformed reaches the counter, where one bad item would
 * have the whole batch refused, and with it the requests of other buyers.
 */
import { BadRequest } from "./bad-request.ts";
import { parseFlatObject } from "./flat-object.ts";

/** A request to buy, as its body says it. */
export interface AskedToBuy {
  /** Empty: from X-Request-Id, or a new one. */
  readonly id: string;
  /** Empty: anonymous, and no limit applies. */
  readonly buyer: string;
  readonly qty: number;
}

export const ANONYMOUS: AskedToBuy = { id: "", buyer: "", qty: 1 };

const QUANTITY_MAX = 999_999_999;
/** Ids stand in paths and in logs. The counter takes 128 characters, and `pay-` goes before. */
const ID = /^[\w.:~-]{1,120}$/u;
/** What the counter takes for a name. */
const NAME = /^[!-{}~]{1,128}$/u;
const NAME_WANTED = "at most 128 printable ASCII characters, without spaces and |";

const BUY_FIELDS = { sale: "string", id: "string", buyer: "string", qty: "number" } as const;
const PAY_FIELDS = { paymentId: "string" } as const;

/** @throws BadRequest, with status 404 for another sale */
export function parseBuy(body: string, saleId: string): AskedToBuy {
  if (body === "") return ANONYMOUS;
  const { sale, id, buyer, qty } = parseFlatObject(body, BUY_FIELDS);
  if (id !== undefined) checkId("id", id);
  if (buyer !== undefined && buyer !== "" && !NAME.test(buyer))
    throw new BadRequest(`buyer: expected ${NAME_WANTED}`);
  if (qty !== undefined && !(Number.isInteger(qty) && qty >= 1 && qty <= QUANTITY_MAX))
    throw new BadRequest(`qty: expected a whole number from 1 to ${QUANTITY_MAX}`);
  checkSale(sale, saleId);
  return { id: id ?? "", buyer: buyer ?? "", qty: qty ?? 1 };
}

/** @param sale undefined: not given. @throws BadRequest, with status 404 for another sale */
export function checkSale(sale: string | undefined, saleId: string): void {
  if (sale !== undefined && sale !== saleId)
    throw new BadRequest(`sale: unknown here; this server sells ${saleId}`, 404);
}

/** The payment's id; if it is not given, that of the order's one payment. @throws BadRequest */
export function parsePay(body: string, id: string): string {
  const paymentId = body === "" ? undefined : parseFlatObject(body, PAY_FIELDS).paymentId;
  if (paymentId !== undefined && !NAME.test(paymentId))
    throw new BadRequest(`paymentId: expected ${NAME_WANTED}`);
  return paymentId ?? `pay-${id}`;
}

/** @throws BadRequest */
export function parseCancel(body: string): void {
  if (body !== "") parseFlatObject(body, {});
}

export const ID_WANTED = "expected 1 to 120 letters, digits or _ . : ~ -";

export function isId(text: string): boolean {
  return ID.test(text);
}

/** @throws BadRequest */
export function checkId(field: string, id: string): void {
  if (!isId(id)) throw new BadRequest(`${field}: ${ID_WANTED}`);
}
