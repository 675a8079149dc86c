/** History records as lines of JSON, and back, every field checked. Reading and writing files is the caller's. */
import type { CounterAudit, OutboxEvent } from "../counter/calls.ts";
import { HistoryError, HistoryLog } from "./history.ts";
import type { History } from "./history.ts";
import type { HistoryRecord } from "./records.ts";

/** One line, without its line break. */
export function encodeRecord(record: HistoryRecord): string {
  return JSON.stringify(record);
}

/**
 * Reads a whole history. Empty lines are skipped.
 *
 * @throws HistoryError that names the line, the field and what would be right.
 */
export function decodeHistory(lines: Iterable<string>): History {
  let log: HistoryLog | null = null;
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    try {
      const record = decodeRecord(line);
      if (log !== null) log.add(record);
      else if (record.type === "run") log = new HistoryLog(record);
      else throw new HistoryError(`a history begins with a record of type run, not ${record.type}`);
    } catch (error) {
      throw new HistoryError(`line ${number}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (log === null)
    throw new HistoryError("a history begins with a record of type run; it is empty");
  return log.history();
}

/** @throws HistoryError that names the field. */
export function decodeRecord(line: string): HistoryRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new HistoryError("not a line of JSON (cut off?)");
  }
  if (!isObject(value)) throw new HistoryError("a record is a JSON object");
  const { type, ...fields } = value;
  const form = typeof type === "string" && Object.hasOwn(FORMS, type) ? FORMS[type as Type] : null;
  if (form === null)
    throw new HistoryError(
      `type must be one of ${Object.keys(FORMS).join(", ")}, not ${said(type)}`,
    );
  check(type as string, fields, form);
  return value as unknown as HistoryRecord;
}

type Type = HistoryRecord["type"];

/** What a field must be: a sentence for the message, and the test. */
interface Kind {
  readonly is: string;
  readonly mayMiss?: true;
  test(value: unknown): boolean;
}

/** The fields of an object; a nested form for a nested object. */
interface Form {
  readonly [field: string]: Kind | Form;
}

const TEXT: Kind = { is: "text", test: (value) => typeof value === "string" };
const FLAG: Kind = { is: "true or false", test: (value) => typeof value === "boolean" };
const NUMBER: Kind = { is: "a number", test: Number.isFinite };
const COUNT: Kind = {
  is: "a whole number from 0 on",
  test: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

const among = (...values: readonly (string | number)[]): Kind => ({
  is: `one of ${values.join(", ")}`,
  test: (value) => (values as readonly unknown[]).includes(value),
});

const orNull = (kind: Kind): Kind => ({
  is: `${kind.is}, or null`,
  test: (value) => value === null || kind.test(value),
});

const ifAny = (kind: Kind): Kind => ({ ...kind, mayMiss: true });

/** The fields of each type. `satisfies` keeps the table complete. */
type FormOf<R> = { readonly [F in Exclude<keyof R, "type">]-?: Kind | Form };
const FORMS = {
  run: {
    schemaVersion: among(1),
    seed: TEXT,
    scenario: TEXT,
    strategy: TEXT,
    authority: among("counter", "database"),
    source: among("outbox", "stock", "none"),
    startUnixMs: NUMBER,
    skewMs: NUMBER,
    tickets: COUNT,
    holdMs: NUMBER,
    graceMs: NUMBER,
    maxPerBuyer: COUNT,
    latePayment: among("lazy", "strict", "revive"),
    refillBoundMs: NUMBER,
    replyBoundMs: NUMBER,
  },
  call: {
    kind: among("buy", "pay", "cancel", "query"),
    caller: among("buyer", "bot", "echo", "provider", "resolver", "probe"),
    id: TEXT,
    buyer: TEXT,
    qty: COUNT,
    paymentId: TEXT,
    front: TEXT,
    startMs: NUMBER,
    lateMs: NUMBER,
    endMs: orNull(NUMBER),
    leftMs: NUMBER,
    outcome: among(
      "ACK",
      "SOLDOUT",
      "USERLIMIT",
      "TRYAGAIN",
      "UNKNOWN",
      "PAID",
      "REFUND",
      "PAYMENTCONFLICT",
      "CANCELLED",
      "CONFIRMED",
      "NONE",
      "UNSENT",
    ),
    claim: orNull(among("hold", "sale", "order")),
    deadlineMs: NUMBER,
    paid: FLAG,
    reason: orNull(
      among("quota", "unreachable", "overload", "draining", "not-open", "late", "id-spent"),
    ),
    final: FLAG,
  },
  charge: { paymentId: TEXT, id: TEXT, atMs: NUMBER, unixMs: NUMBER, deadlineMs: NUMBER },
  issued: {
    atMs: NUMBER,
    unixMs: NUMBER,
    event: {
      position: TEXT,
      kind: among("H", "C", "X", "L", "R", "refund"),
      id: TEXT,
      qty: COUNT,
      buyer: TEXT,
      paymentId: TEXT,
      reason: ifAny(TEXT),
    } satisfies FormOf<OutboxEvent>,
  },
  stock: { atMs: NUMBER, left: NUMBER },
  fault: { kind: TEXT, target: orNull(COUNT), atMs: NUMBER, endMs: orNull(NUMBER) },
  settled: { atMs: NUMBER },
  audit: {
    atMs: NUMBER,
    audit: {
      total: NUMBER,
      sold: NUMBER,
      heldUnits: NUMBER,
      confirmedUnits: NUMBER,
      heldRows: NUMBER,
      deadlines: NUMBER,
      buyerUnits: NUMBER,
      namedUnits: NUMBER,
    } satisfies FormOf<CounterAudit>,
  },
  order: {
    id: TEXT,
    state: among("O", "H", "C", "X", "L", "R", "D"),
    buyer: TEXT,
    qty: COUNT,
    paymentId: TEXT,
  },
  refund: { paymentId: TEXT, id: TEXT },
  book: {
    atMs: NUMBER,
    drained: FLAG,
    total: NUMBER,
    sold: NUMBER,
    confirmed: NUMBER,
    statements: NUMBER,
  },
} satisfies { readonly [T in Type]: FormOf<Extract<HistoryRecord, { readonly type: T }>> };

function check(path: string, value: Record<string, unknown>, form: Form): void {
  for (const [field, kind] of Object.entries(form)) {
    const name = `${path}.${field}`;
    const found = value[field];
    if (found === undefined) {
      if (!isKind(kind) || kind.mayMiss !== true) throw new HistoryError(`${name} is missing`);
    } else if (isKind(kind)) {
      if (!kind.test(found))
        throw new HistoryError(`${name} must be ${kind.is}, not ${said(found)}`);
    } else if (isObject(found)) check(name, found, kind);
    else throw new HistoryError(`${name} must be an object, not ${said(found)}`);
  }
  const strange = Object.keys(value).find((field) => !Object.hasOwn(form, field));
  if (strange !== undefined)
    throw new HistoryError(`${path}.${strange} is not a field of a history`);
}

function isKind(entry: Kind | Form): entry is Kind {
  return typeof entry["test"] === "function";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function said(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
