/** Changes to a history, for tests: records that match get other fields, go, or come. */
import type { CallRecord, HistoryRecord } from "../records.ts";

export type Records = readonly HistoryRecord[];
export type Change = (records: Records) => Records;
type Match = (record: HistoryRecord) => boolean;

export const isCall =
  (kind: CallRecord["kind"], id: string): Match =>
  (record) =>
    record.type === "call" && record.kind === kind && record.id === id;
export const isEvent =
  (kind: string, id: string): Match =>
  (record) =>
    record.type === "issued" && record.event.kind === kind && record.event.id === id;
export const isOrder =
  (id: string): Match =>
  (record) =>
    record.type === "order" && record.id === id;

export function change(matches: Match, fields: object): Change {
  return (records) =>
    records.map((record) => (matches(record) ? { ...record, ...fields } : record));
}

export function without(...matches: readonly Match[]): Change {
  return (records) => records.filter((record) => !matches.some((match) => match(record)));
}

/** In front of the first record of the stream that is dated later, else at the end. */
export function including(...more: Records): Change {
  return (records) => {
    const merged = [...records];
    for (const record of more) {
      const atMs = record.type === "issued" ? record.atMs : 0;
      const at = merged.findIndex((other) => other.type === "issued" && other.atMs > atMs);
      merged.splice(at < 0 ? merged.length : at, 0, record);
    }
    return merged;
  };
}

export function both(...changes: readonly Change[]): Change {
  return (records) => changes.reduce((changed, next) => next(changed), records);
}
