/** Answers that were overtaken: told from before an expiry, or again after a refund. */
import { expect, test } from "vitest";
import { ack } from "../testing/effects.ts";
import { found } from "../testing/found.ts";
import { HELD, reply, result } from "../testing/replies.ts";
import { Judge } from "./judge.ts";

const HOLD = ack(1, "a") as Parameters<Judge["answered"]>[0];
const ITEM = {
  id: "a",
  qty: 1,
  buyer: "",
  ttlMs: 1,
  maxPerBuyer: 0,
  requestDeadlineMs: 0,
};

/** One ticket, and `a` holds it. */
function judgeWithHold(): Judge {
  const judge = new Judge({
    tickets: 1,
    graceMs: 0,
    refillBoundMs: 100,
    replyBoundMs: 50,
    authority: "counter",
  });
  judge.counterApplied(
    { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items: [ITEM] },
    reply({ left: 0, results: [result("OK", HELD)] }),
    1,
  );
  judge.answered(HOLD, 1, 2);
  return judge;
}

test("an answer from before the expiry, told after the revival, is no oversell", () => {
  const judge = judgeWithHold();
  judge.counterApplied(
    { script: "sweep", epoch: 7, limit: 9, graceMs: 0, retainMs: 1 },
    reply({ left: 1, timeMs: 9e9, swept: [{ id: "a", qty: 1 }] }),
    10,
  );
  judge.counterApplied(
    {
      script: "confirm",
      epoch: 7,
      latePayment: "revive",
      items: [{ id: "a", paymentId: "p" }],
    },
    reply({ left: 0, results: [result("REVIVED")] }),
    20,
  );
  judge.answered(HOLD, 1, 30);
  expect(found(judge.findings)).toEqual([]);
});

test("a payment told again after its refund claims no ticket", () => {
  const judge = judgeWithHold();
  judge.charges.charged("p", "a", 1, 2);
  judge.counterApplied(
    { script: "confirm", epoch: 7, latePayment: "lazy", items: [{ id: "a", paymentId: "p" }] },
    reply({ left: 0, results: [result("OK")] }),
    3,
  );
  judge.chargeAnswered("p", "a", "PAID", 5, 4);
  judge.counterApplied(
    { script: "refund", epoch: 7, items: [{ id: "a" }] },
    reply({ left: 1, results: [result("OK")] }),
    5,
  );
  judge.chargeAnswered("p", "a", "PAID", 6, 6);
  judge.answered({ ...HOLD, id: "b" }, 1, 7);
  expect(found(judge.findings)).toEqual([]);
});
