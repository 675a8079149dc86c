/**
 * Calls as KEYS and ARGV of a script, replies as what Redis returns.
 *
 * A malformed call is encoded as it stands: judging it is the script's business, and a driver that
 * judged too would hide the script's answer.
 */
import type {
  CallOf,
  CounterAudit,
  CounterCall,
  CounterReply,
  ItemCode,
  ItemResult,
  OutboxEvent,
  ReservationState,
  ScriptError,
  ScriptName,
  SweptReservation,
} from "./calls.ts";
import type { Row } from "./state.ts";

export interface EncodedCall {
  /** The script's file without `.lua`. */
  readonly script: string;
  readonly keys: readonly string[];
  readonly argv: readonly string[];
}

/** The consumer group of the order workers, which init creates on the outbox. */
export const OUTBOX_GROUP = "orders";

export const SCRIPT_NAMES: readonly ScriptName[] = [
  "init",
  "open",
  "reserve",
  "confirm",
  "release",
  "refund",
  "settle",
  "grant",
  "sweep",
  "resize",
  "audit",
];

/**
 * All keys of one sale, in the order of KEYS in every script. They share the hash tag `{saleId}`,
 * so that a Cluster keeps them in one slot. Throws if the id cannot be a hash tag.
 */
export function counterKeys(saleId: string): string[] {
  if (!/^[\w.:-]{1,64}$/.test(saleId)) throw new Error(`not a sale id: "${saleId}"`);
  const tag = `{${saleId}}`;
  return [
    `${tag}:sale`,
    `${tag}:rows`,
    `${tag}:deadlines`,
    `${tag}:retired`,
    `${tag}:outbox`,
    `${tag}:buyers`,
    `${tag}:payments`,
    `${tag}:servers`,
  ];
}

export function encodeCall(saleId: string, call: CounterCall): EncodedCall {
  return { script: call.script, keys: counterKeys(saleId), argv: argumentsOf(call).map(String) };
}

function argumentsOf(call: CounterCall): (string | number)[] {
  switch (call.script) {
    case "init":
      return [call.total, call.epoch];
    case "open":
      return [call.epoch];
    case "reserve":
      return [
        call.epoch,
        call.server,
        call.incarnation,
        ...call.items.flatMap((item) => [
          item.id,
          item.buyer,
          // One text, which most items of a batch have in common: Redis reads it once.
          `${item.qty}|${item.ttlMs}|${item.maxPerBuyer}|${item.requestDeadlineMs}`,
        ]),
      ];
    case "confirm":
      return [
        call.epoch,
        call.latePayment,
        ...call.items.flatMap((item) => [item.id, item.paymentId]),
      ];
    case "release":
    case "refund":
      return [call.epoch, call.reason ?? "", ...call.items.map((item) => item.id)];
    case "settle":
      return [call.epoch, ...call.items.map((item) => item.id)];
    case "grant":
      return [call.epoch, call.server, call.liveMs];
    case "sweep":
      return [call.epoch, call.limit, call.graceMs, call.retainMs];
    case "resize":
      return [call.epoch, call.newTotal, call.expectedTotal];
    default:
      call satisfies CallOf<"audit">;
      return [];
  }
}

const SCRIPT_ERRORS: readonly ScriptError[] = ["NOEVENT", "BADQTY", "BADARG", "BADTTL", "BADTOTAL"];

/**
 * The refusal that a Redis error stands for, by the error's text; null if it is not one of the
 * script's own (the connection, OOM, WRONGTYPE, ...), which the driver has to judge.
 */
export function decodeScriptError(message: string): CounterReply | null {
  const error = SCRIPT_ERRORS.find((name) => message.startsWith(`${name}:`));
  if (error === undefined) return null;
  return {
    error,
    code: "OK",
    epoch: 0,
    generation: 0,
    left: 0,
    timeMs: 0,
    results: [],
    swept: [],
    liveServers: 0,
    audit: null,
  };
}

/**
 * A script's return value: code, epoch, generation, left, time, then what the script itself has to
 * say. Integers come as numbers, texts as strings. Throws a TypeError if it has another shape.
 */
export function decodeReply(call: CounterCall, raw: unknown): CounterReply {
  if (!Array.isArray(raw) || raw.length < 5) throw new TypeError("not a reply of the counter");
  const [code, epoch, generation, left, timeMs, ...rest] = raw as [
    CounterReply["code"],
    number,
    number,
    number,
    number,
    ...unknown[],
  ];
  const isFenced = code === "FENCED";
  const isBatch = "items" in call;
  return {
    error: null,
    code,
    epoch,
    generation,
    left,
    timeMs,
    results: isBatch ? decodeResults(isFenced ? call.items.map(() => code) : rest) : [],
    swept: call.script === "sweep" ? rest.map(decodeSwept) : [],
    liveServers: call.script === "grant" && !isFenced ? (rest[0] as number) : 0,
    audit: call.script === "audit" ? decodeAudit(rest as number[]) : null,
  };
}

/** Most items of a batch have the same answer, which is taken apart once. */
function decodeResults(texts: readonly unknown[]): ItemResult[] {
  let last = "";
  let result: ItemResult | null = null;
  return texts.map((text) => {
    if (result === null || text !== last) {
      last = text as string;
      result = decodeResult(last);
    }
    return result;
  });
}

/** `code`, or `code|row`. */
function decodeResult(text: string): ItemResult {
  const bar = text.indexOf("|");
  if (bar === -1) {
    const code = text as ItemCode;
    return { code, state: "", deadlineMs: 0, server: "", incarnation: 0, qty: 0 };
  }
  const { state, deadlineMs, server, incarnation, qty } = decodeRow(text.slice(bar + 1));
  return { code: text.slice(0, bar) as ItemCode, state, deadlineMs, server, incarnation, qty };
}

const ROW_FIELDS = 8;

/** A row as the hash of rows has it. */
export function decodeRow(text: string): Row {
  const [state, qty, deadlineMs, server, incarnation, buyer, maxPerBuyer, paymentId] =
    text.split("|");
  return {
    state: state as ReservationState,
    qty: Number(qty),
    deadlineMs: Number(deadlineMs),
    server,
    incarnation: Number(incarnation),
    buyer,
    maxPerBuyer: Number(maxPerBuyer),
    paymentId,
  };
}

/** `qty|id` */
function decodeSwept(text: unknown): SweptReservation {
  const [qty, id] = (text as string).split("|");
  return { id: id, qty: Number(qty) };
}

function decodeAudit(sums: readonly number[]): CounterAudit {
  const [total, sold, heldUnits, confirmedUnits, heldRows, deadlines, buyerUnits, namedUnits] =
    sums as [number, number, number, number, number, number, number, number];
  return {
    total,
    sold,
    heldUnits,
    confirmedUnits,
    heldRows,
    deadlines,
    buyerUnits,
    namedUnits,
  };
}

/**
 * One entry of the outbox stream, as XREADGROUP and XAUTOCLAIM give it: its one field is the
 * reservation's id, and the value is the row that entered another state, with `|reason` behind it
 * where there is one, or `refund|qty|buyer|payment`.
 */
export function decodeOutboxEntry(position: string, fields: readonly string[]): OutboxEvent {
  const [id, text] = fields;
  if (text.startsWith("refund|")) {
    const [, qty, buyer, paymentId] = text.split("|");
    return { position, kind: "refund", id, qty: Number(qty), buyer, paymentId };
  }
  const { state, qty, buyer, paymentId } = decodeRow(text);
  // No event tells of a tombstone, on which nothing was ever held.
  const kind = state as Exclude<ReservationState, "D">;
  const event = { position, kind, id, qty, buyer, paymentId: kind === "C" ? paymentId : "" };
  const reason = text.split("|")[ROW_FIELDS];
  return reason === undefined ? event : { ...event, reason };
}
