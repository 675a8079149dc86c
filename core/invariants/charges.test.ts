import { describe, expect, test } from "vitest";
import { found } from "../testing/found.ts";
import { ChargeModel } from "./charges.ts";
import { Findings } from "./findings.ts";

const GRACE_MS = 50;
const DEADLINE_MS = 1000;

/** What happened to the payment `p`, charged for the reservation `a`. */
type Event =
  | { readonly charged: number; readonly deadlineMs?: number }
  | {
      readonly answer: "PAID" | "REFUND" | "PAYMENTCONFLICT";
      readonly counterMs?: number;
      readonly paidBefore?: boolean;
    }
  | { readonly refunded: "in vain" | "confirmed" }
  | "given up"
  | "the end";

const CHARGED: Event = { charged: 900 };
/** Past the deadline: whoever pays then takes a known risk. */
const CHARGED_LATE: Event = { charged: DEADLINE_MS };
const REFUNDED: Event = { refunded: "in vain" };

/** Event i is at i ms. */
function tell(...history: readonly Event[]) {
  const findings = new Findings();
  const charges = new ChargeModel(findings, GRACE_MS);
  history.forEach((event, atMs) => {
    if (event === "the end") charges.finish(atMs);
    else if (event === "given up") charges.givenUp("a");
    else if ("charged" in event)
      charges.charged("p", "a", event.charged, event.deadlineMs ?? DEADLINE_MS);
    else if ("answer" in event)
      charges.answered("p", event.answer, event.paidBefore ?? false, event.counterMs ?? 950, atMs);
    else charges.refunded("p", event.refunded === "confirmed", atMs);
  });
  return { findings, charges };
}

describe("good histories", () => {
  test.each<[string, Event[], number]>([
    ["a charge confirms", [CHARGED, { answer: "PAID" }, "the end"], 0],
    ["and is told again", [CHARGED, { answer: "PAID" }, { answer: "PAID" }, "the end"], 0],
    [
      "the money of a confirmed ticket is returned",
      [CHARGED, { answer: "PAID" }, { refunded: "confirmed" }, "the end"],
      1,
    ],
    ["who pays late gets it back", [CHARGED_LATE, { answer: "REFUND" }, REFUNDED, "the end"], 1],
    [
      "whose payment is delivered after the grace gets it back",
      [CHARGED, { answer: "REFUND", counterMs: DEADLINE_MS + GRACE_MS }, REFUNDED, "the end"],
      1,
    ],
    [
      "a second payment gets it back",
      [CHARGED, { answer: "REFUND", paidBefore: true }, REFUNDED, "the end"],
      1,
    ],
    [
      "a payment accounted for elsewhere has no refund here",
      [CHARGED, { answer: "PAYMENTCONFLICT" }, "the end"],
      0,
    ],
    [
      "who pays for what he gave up gets it back",
      ["given up", CHARGED, { answer: "REFUND" }, REFUNDED, "the end"],
      1,
    ],
    ["an answer to a charge nobody made", [{ answer: "REFUND" }, "the end"], 0],
    ["a charge nobody has an answer for yet", [CHARGED, "the end"], 0],
  ])("%s", (_what, history, refunds) => {
    const { findings, charges } = tell(...history);
    expect(found(findings)).toEqual([]);
    expect(charges.refunds).toBe(refunds);
    expect(charges.chargedInVain).toBe(0);
  });
});

const IN_VAIN = "no-charge-in-vain at 1: payment p was charged in time for a and confirmed nothing";

describe("bad histories", () => {
  test.each<[string, Event[], string]>([
    ["charged in time, in vain", [CHARGED, { answer: "REFUND" }, REFUNDED, "the end"], IN_VAIN],
    [
      "at the last instants of both",
      [
        { charged: DEADLINE_MS - 1 },
        { answer: "REFUND", counterMs: DEADLINE_MS + GRACE_MS - 1 },
        REFUNDED,
        "the end",
      ],
      IN_VAIN,
    ],
    [
      "where there is no deadline, any refund is in vain",
      [
        { charged: 9000, deadlineMs: 0 },
        { answer: "REFUND", counterMs: 99_000 },
        REFUNDED,
        "the end",
      ],
      IN_VAIN,
    ],
    [
      "the first answer was another",
      [CHARGED, { answer: "PAID" }, { answer: "REFUND" }, "the end"],
      "one-refund at 2: payment p was PAID at first and REFUND when delivered again",
    ],
    [
      "a refund of nothing",
      [REFUNDED, "the end"],
      "one-refund at 0: payment p is refunded, never charged",
    ],
    [
      "a second refund",
      [CHARGED_LATE, { answer: "REFUND" }, REFUNDED, REFUNDED],
      "one-refund at 3: payment p is refunded twice",
    ],
    [
      "a refund of a payment that confirmed",
      [CHARGED, { answer: "PAID" }, REFUNDED, "the end"],
      "one-refund at 2: payment p is refunded, yet confirmed a",
    ],
    [
      "money kept for nothing",
      [CHARGED_LATE, { answer: "REFUND" }, "the end"],
      "one-refund at 2: payment p confirmed nothing and has 0 refunds",
    ],
  ])("%s", (_what, history, finding) => {
    const { findings, charges } = tell(...history);
    expect(found(findings)).toEqual([finding]);
    expect(charges.chargedInVain).toBe(finding === IN_VAIN ? 1 : 0);
  });

  test("the first answer stands: a second one has no other effect", () => {
    const { charges } = tell(CHARGED, { answer: "PAID" }, { answer: "REFUND" }, "the end");
    expect(charges.chargedInVain).toBe(0);
  });
});

describe("one reservation is paid once", () => {
  /** What is found when these payments, charged for `a` and `b` as their names say, were kept. */
  function kept(...paymentIds: readonly string[]): string[] {
    const findings = new Findings();
    const charges = new ChargeModel(findings, GRACE_MS);
    paymentIds.forEach((paymentId, atMs) => {
      charges.charged(paymentId, paymentId[0], 0, 0);
      charges.answered(paymentId, "PAID", false, 0, atMs);
    });
    return found(findings);
  }

  test("one payment for each", () => expect(kept("a1", "b1")).toEqual([]));

  test("a second payment kept for the same", () =>
    expect(kept("a1", "b1", "a2", "a3")).toEqual([
      "one-refund at 2: a was paid with a1, and a2 was kept for it too",
    ]));
});

test("counts the charges that have no answer yet", () => {
  const charges = new ChargeModel(new Findings(), GRACE_MS);
  charges.charged("p", "a", 0, 0);
  charges.charged("q", "a", 0, 0);
  expect(charges.pending()).toBe(2);
  charges.answered("p", "PAID", false, 0, 0);
  expect(charges.pending()).toBe(1);
});
