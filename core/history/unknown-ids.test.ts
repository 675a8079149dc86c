import { describe, expect, test } from "vitest";
import type { CallRecord } from "./records.ts";
import { call } from "./testing/tale.ts";
import { UnknownIds } from "./unknown-ids.ts";

const unknownAfter = (...calls: readonly CallRecord[]): string[] => {
  const unknown = new UnknownIds();
  for (const heard of calls.toSorted((a, b) => a.leftMs - b.leftMs)) unknown.heard(heard);
  return unknown.ids();
};
const lost = call("buy", "a", [10, 50], "NONE");
const said = (reason: CallRecord["reason"], kind: CallRecord["kind"] = "buy") =>
  call(kind, "a", [60, 64], "TRYAGAIN", { reason });

describe("an outcome is unknown", () => {
  test.each([
    ["after a request without an answer", [lost]],
    ["after UNKNOWN", [call("buy", "a", [10, 14], "UNKNOWN")]],
    ["when a question about it is lost too", [lost, call("query", "a", [60, 99], "NONE")]],
    ["when the next answer came before anybody looked", [lost, said("overload")]],
    [
      "when the next was refused as sold out at once",
      [lost, call("buy", "a", [60, 64], "SOLDOUT")],
    ],
    ["when a cancellation was put off", [lost, said("id-spent", "cancel")]],
    [
      "when a request was sent after the answer",
      [call("query", "a", [1, 5], "TRYAGAIN", { reason: "id-spent" }), lost],
    ],
  ])("%s", (_when, calls) => {
    expect(unknownAfter(...calls)).toEqual(["a"]);
  });
});

describe("an outcome is known", () => {
  test.each([
    ["after an ACK", [lost, call("query", "a", [60, 64], "ACK")]],
    ["after an ACK to the other click", [call("buy", "a", [12, 15], "ACK"), lost]],
    ["after USERLIMIT, which looks first", [lost, call("buy", "a", [60, 64], "USERLIMIT")]],
    ["when the id is spent", [lost, said("id-spent", "query")]],
    ["when the counter found it too late", [lost, said("late")]],
    ["once it is cancelled", [lost, call("cancel", "a", [60, 64], "CANCELLED")]],
    ["once a cancellation finds it paid", [lost, call("cancel", "a", [60, 64], "CONFIRMED")]],
    [
      "when the request was sent in the moment in which the answer was heard",
      [call("query", "a", [1, 10], "TRYAGAIN", { reason: "id-spent" }), lost],
    ],
    ["when nothing was sent", [call("buy", "a", [10, 11], "UNSENT")]],
    ["when there was only a refusal", [said("overload")]],
  ])("%s", (_when, calls) => {
    expect(unknownAfter(...calls)).toEqual([]);
  });
});

test("each id by itself, in the order in which they became unknown", () => {
  expect(
    unknownAfter(
      call("buy", "b", [1, 5], "NONE"),
      call("buy", "a", [2, 6], "NONE"),
      call("query", "c", [2, 6], "ACK"),
    ),
  ).toEqual(["b", "a"]);
});
