/** Refusals: which of them were false, and which left a ticket unsold. */
import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { judgeHistory } from "./judge-history.ts";
import type { RunRecord } from "./records.ts";
import { isCall } from "./testing/change.ts";
import type { Records } from "./testing/change.ts";
import { audit, book, call, issued, order, tale } from "./testing/tale.ts";

const judge = (records: Records, run: Partial<RunRecord> = {}) => judgeHistory(tale(records, run));

describe("refusals while there is stock", () => {
  /** The only ticket is free from 140 on; g asks at `startMs`, hears it at `endMs`, and goes. */
  const sale = (startMs: number, endMs: number): Records => [
    call("buy", "a", [10, 14], "ACK"),
    issued("H", "a", 12),
    issued("X", "a", 140),
    call("buy", "g", [startMs, endMs], "SOLDOUT", { final: true }),
    { type: "settled", atMs: 500 },
    audit(510, 0, 0, 1),
    order("a", "X"),
    book(511, 0, 0, 1),
  ];
  const judgeOne = (records: Records, run: Partial<RunRecord> = {}) =>
    judge(records, { tickets: 1, ...run });
  const figures = (startMs: number, endMs: number) => {
    const { findings, undersold, falseSoldOut } = judgeOne(sale(startMs, endMs));
    return { undersold, falseSoldOut, found: found(findings) };
  };

  test("long after it came back: latch and no-undersell", () => {
    expect(figures(400, 404)).toEqual({
      undersold: 1,
      falseSoldOut: 1,
      found: [
        "no-undersell at 500: 1 tickets stayed free while at least as many in-limit buyers left without one",
        "latch at 400: SOLDOUT was said with 1 free, 1 of them for 260.0 ms (bound 52 ms)",
      ],
    });
  });

  test("within the refill bound: only a false sold-out", () => {
    expect(figures(160, 300)).toEqual({ undersold: 0, falseSoldOut: 1, found: [] });
  });

  test("asked before it came back, heard long after: it may have been true", () => {
    expect(figures(139, 400)).toEqual({ undersold: 0, falseSoldOut: 0, found: [] });
  });

  test("misdated by the skew: it may have been true", () => {
    const until = (endMs: number) =>
      judge(
        [...sale(150, endMs), issued("H", "z", 200), call("buy", "z", [198, 204], "ACK")].filter(
          ({ type }) => type !== "audit" && type !== "book",
        ),
        { tickets: 1 },
      ).falseSoldOut;
    expect(until(198)).toBe(1);
    expect(until(199.5)).toBe(0);
  });

  test("asked in the moment in which it may have come back: it may have been true", () => {
    expect(figures(141, 300).falseSoldOut).toBe(0);
    expect(figures(141.5, 300).falseSoldOut).toBe(1);
  });

  test("the bound allows for two moments that are misdated", () => {
    const { findings } = judgeOne(sale(400, 404), { skewMs: 3 });
    expect(findings.first("latch")?.detail).toContain("(bound 56 ms)");
  });

  test("each is judged at its request, whichever was heard first", () => {
    const records: Records = [
      call("buy", "z", [348, 352], "ACK"),
      issued("H", "z", 350),
      call("buy", "y", [400, 404], "SOLDOUT"),
      call("buy", "x", [300, 410], "SOLDOUT"),
    ];
    expect(found(judge(records, { tickets: 2 }).findings)).toEqual([
      "latch at 300: SOLDOUT was said with 2 free, 1 of them for 300.0 ms (bound 52 ms)",
    ]);
  });

  test("in the very moment in which all is settled: it counts, once", () => {
    expect(figures(500, 504)).toMatchObject({ undersold: 1, falseSoldOut: 1 });
  });

  test("a ticket that is sold in the very moment in which all is settled is not unsold", () => {
    const sold = [call("buy", "z", [498, 502], "ACK"), issued("H", "z", 500)];
    expect(judgeOne([...sale(400, 404), ...sold])).toMatchObject({ undersold: 0, free: 0 });
  });

  test("if nothing was ever settled, the end counts", () => {
    const unsettled = sale(400, 404).filter(({ type }) => type !== "settled");
    expect(judgeOne(unsettled).undersold).toBe(1);
  });

  test("probes come after the count, and do not spoil it", () => {
    const probes: Records = [
      call("buy", "p", [501, 503], "ACK", { caller: "probe" }),
      issued("H", "p", 502),
      call("cancel", "p", [503, 505], "CANCELLED", { caller: "probe" }),
      issued("L", "p", 504),
      call("buy", "q", [520, 522], "SOLDOUT", { caller: "probe" }),
    ];
    const judged = judgeOne([...sale(400, 404), ...probes]);
    expect(judged).toMatchObject({ undersold: 1, falseSoldOut: 2 });
    expect(judgeOne([...sale(400, 404), probes[0], probes[1]]).free).toBe(1);
    expect(judged.acked).toBe(judgeOne(sale(400, 404)).acked);
  });

  test("a refusal after everything was settled is a probe's, and undersells nothing", () => {
    const { undersold } = judge(
      sale(160, 164).map((record) =>
        isCall("buy", "g")(record)
          ? call("buy", "probe-0-0", [501, 502], "SOLDOUT", { caller: "probe", final: true })
          : record,
      ),
      { tickets: 1 },
    );
    expect(undersold).toBe(0);
  });

  test.each([
    ["came for more than one", { qty: 2 }],
    ["is a program", { caller: "bot" }],
    ["will come back", { final: false }],
    ["was put off by a server with a full queue", { outcome: "TRYAGAIN", reason: "overload" }],
  ] as const)("who %s leaves nothing unsold", (_who, terms) => {
    const records = sale(400, 404).map((record) =>
      isCall("buy", "g")(record) ? { ...record, ...terms } : record,
    );
    expect(judge(records, { tickets: 1 }).undersold).toBe(0);
  });

  test("who was put off for want of quota leaves it unsold, though nobody said SOLDOUT", () => {
    const records = sale(400, 404).map((record) =>
      isCall("buy", "g")(record) ? { ...record, outcome: "TRYAGAIN", reason: "quota" } : record,
    ) as Records;
    const { undersold, falseSoldOut } = judgeOne(records);
    expect({ undersold, falseSoldOut }).toEqual({ undersold: 1, falseSoldOut: 0 });
  });
});
