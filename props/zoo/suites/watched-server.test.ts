import { beforeEach, describe, expect, test } from "vitest";
import { Findings } from "../../../core/invariants/findings.ts";
import { reply } from "../../../core/testing/replies.ts";
import { CONFIG } from "../../../core/testing/rules.ts";
import { article } from "../../../core/strategies/article.ts";
import type { ServerEffect, ServerInput, TicketServer } from "../../../core/strategy.ts";
import { watched } from "./watched-server.ts";

const SOLDOUT: ServerEffect = { type: "answer", handle: 1, answer: "SOLDOUT", id: "a" };
const BUY: ServerInput = { type: "buy", handle: 1, id: "a", buyer: "", qty: 2 };
const ask = (op: number): ServerEffect => ({
  type: "call-counter",
  op,
  call: { script: "grant", epoch: 7, server: "s1", liveMs: 1 },
  timeoutMs: 1,
});
const word = (op: number, left: number, generation = 0): ServerInput => ({
  type: "counter-reply",
  op,
  reply: reply({ left, generation }),
});

let findings: Findings;
let server: TicketServer<{ says: ServerEffect[] }>;
let state: { says: ServerEffect[] };

/** The server is given the input and says just this. */
function step(input: ServerInput, nowMs: number, ...says: ServerEffect[]): void {
  state.says = says;
  server.step(state, input, nowMs, []);
}

beforeEach(() => {
  findings = new Findings();
  ({ server } = watched(
    {
      ...article,
      server: {
        create: () => ({ says: [] as ServerEffect[] }),
        quickRefusal: () => "SOLDOUT",
        step: ({ says }, _input, _nowMs, out) => void out.push(...says),
      },
    },
    findings,
  ));
  state = server.create(CONFIG);
  step({ type: "start" }, 0, ask(1), ask(2), ask(3));
});

describe("SOLDOUT", () => {
  test("is right on the counter's fresh word, and only as long as it is fresh", () => {
    step(word(1, 1), 10);
    step(BUY, 100, SOLDOUT);
    expect(server.quickRefusal!(state, 2, 100)).toBe("SOLDOUT");
    expect(findings.count("latch")).toBe(0);
    step(BUY, 101, SOLDOUT);
    server.quickRefusal!(state, 2, 101);
    expect(findings.count("latch")).toBe(2);
  });

  test("is wrong before the counter has spoken", () => {
    step(BUY, 0, SOLDOUT);
    expect(findings.first("latch")?.detail).toContain("though the counter has said nothing yet");
  });

  test("is wrong while enough is left", () => {
    step(word(1, 2), 10);
    step(BUY, 20, SOLDOUT);
    expect(findings.first("latch")?.detail).toContain("though the counter left 2 at 0 ms");
  });

  test("is wrong by an older word than the newest", () => {
    step(word(2, 5, 1), 10);
    step(word(1, 0), 20);
    step(BUY, 30, SOLDOUT);
    expect(findings.count("latch")).toBe(1);
  });

  test("goes by the least that was left in a generation", () => {
    step(word(2, 0), 10);
    step(word(1, 5), 20);
    step(BUY, 30, SOLDOUT);
    expect(findings.count("latch")).toBe(0);
  });

  test("is wrong because a call has failed", () => {
    step({ type: "counter-failed", op: 1, error: "TIMEOUT" }, 10, SOLDOUT);
    expect(findings.first("latch")?.detail).toBe("s1 said SOLDOUT because a call had failed");
  });
});

describe("a call for a buyer", () => {
  test("is wrong while the counter's fresh word leaves him nothing", () => {
    step(word(1, 1), 10);
    step(BUY, 20, ask(4));
    expect(findings.first("latch")?.detail).toBe(
      "s1 asked the counter about a with its fresh word that 1 are left",
    );
  });

  test.each([
    ["the word is old", 101, 1],
    ["enough is left", 20, 2],
  ])("is right when %s", (_, nowMs, left) => {
    step(word(1, left), 10);
    step(BUY, nowMs, ask(4));
    expect(findings.count("latch")).toBe(0);
  });
});

test("a reply that says an error, or comes to no call, is no word", () => {
  step({ type: "counter-reply", op: 1, reply: reply({ left: 0, error: "NOEVENT" }) }, 10);
  step(word(9, 0), 10);
  step(BUY, 20, SOLDOUT);
  expect(findings.count("latch")).toBe(1);
});
