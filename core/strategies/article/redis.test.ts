import { expect, test } from "vitest";
import type { CallOf } from "../../counter/calls.ts";
import { articleOnRedis } from "./redis.ts";

const ITEM = { id: "r1", qty: 1, buyer: "b", ttlMs: 1, maxPerBuyer: 0, requestDeadlineMs: 0 };
const RESERVE: CallOf<"reserve"> = {
  script: "reserve",
  epoch: 1,
  server: "s1",
  incarnation: 2,
  items: [ITEM],
};
const SAID = {
  error: null,
  code: "OK",
  epoch: 1,
  generation: 0,
  left: 60,
  timeMs: 0,
  results: [],
  swept: [],
  liveServers: 0,
  audit: null,
};
const { encode, decode, outboxKey, scriptFolder } = articleOnRedis;
const keys = ["ticket_hash_key"];

test("it runs the demo's own scripts on the demo's one hash", () => {
  expect(scriptFolder).toBe("strategies/article/");
  expect(outboxKey("sale")).toBeNull();
  const init = { script: "init", total: 100, epoch: 1 } as const;
  expect(encode("sale", init)).toEqual({ script: "init", keys, argv: ["100"] });
  expect(encode("sale", { script: "audit" })).toEqual({ script: "read", keys, argv: [] });
  expect(encode("sale", RESERVE)).toEqual({
    script: "reserve",
    keys,
    argv: ["ticket_total_nums", "ticket_sold_nums"],
  });
  const two = { ...RESERVE, items: [ITEM, ITEM] };
  expect(() => encode("sale", two)).toThrow("the demo's script sells one ticket a call");
});

test.each([
  [10_001, "OK", "C"],
  [0, "SOLDOUT", ""],
])("its script answers a reserve with %d: %s", (raw, code, state) => {
  const result = { code, state, deadlineMs: 0, server: "s1", incarnation: 2, qty: 1 };
  expect(decode(RESERVE, raw)).toEqual({ ...SAID, left: 0, results: [result] });
});

test("what it reads are two numbers, which an audit takes for all there is", () => {
  expect(decode({ script: "init", total: 60, epoch: 1 }, "OK")).toEqual(SAID);
  expect(decode({ script: "open", epoch: 1 }, [100, 40])).toEqual(SAID);
  expect(decode({ script: "audit" }, [100, 40])).toEqual({
    ...SAID,
    audit: {
      total: 100,
      sold: 40,
      heldUnits: 0,
      confirmedUnits: 40,
      heldRows: 0,
      deadlines: 0,
      buyerUnits: 0,
      namedUnits: 0,
    },
  });
});
