/** What a payment past the deadline may be answered, under each policy. */
import { expect, test } from "vitest";
import type { LatePayment } from "../counter/calls.ts";
import { found } from "../testing/found.ts";
import { HELD, reply, result } from "../testing/replies.ts";
import { Findings } from "./findings.ts";
import { RowModel } from "./rows.ts";

const DEADLINE_MS = HELD.deadlineMs!;

/** What is broken when a held ticket's payment gets that answer at that counter time. */
function paidAt(timeMs: number, policy: LatePayment, code: "OK" | "EXPIRED"): string[] {
  const findings = new Findings();
  const rows = new RowModel(findings, 1);
  const item = { id: "a", qty: 1, buyer: "", ttlMs: 1, maxPerBuyer: 0, requestDeadlineMs: 0 };
  rows.observe(
    { script: "reserve", epoch: 7, server: "s1", incarnation: 0, items: [item] },
    reply({ left: 0, results: [result("OK", HELD)] }),
    1,
  );
  rows.observe(
    {
      script: "confirm",
      epoch: 7,
      latePayment: policy,
      items: [{ id: "a", paymentId: "p" }],
    },
    reply({ left: 0, timeMs, results: [result(code)] }),
    2,
  );
  return found(findings);
}

const LATE = (byMs: number): string =>
  `conservation at 2: a was confirmed ${byMs} ms past its deadline under strict`;
const IN_VAIN =
  "no-charge-in-vain at 2: a payment for a was refused as expired while its ticket was held";

test.each([
  [DEADLINE_MS - 1, "strict", "OK", []],
  [DEADLINE_MS, "strict", "OK", [LATE(0)]],
  [DEADLINE_MS + 9, "strict", "OK", [LATE(9)]],
  [DEADLINE_MS, "strict", "EXPIRED", []],
  [DEADLINE_MS - 1, "strict", "EXPIRED", [IN_VAIN]],
  [DEADLINE_MS + 9, "lazy", "OK", []],
  [DEADLINE_MS + 9, "lazy", "EXPIRED", [IN_VAIN]],
  [DEADLINE_MS + 9, "revive", "EXPIRED", [IN_VAIN]],
] as const)("at %i under %s: %s", (timeMs, policy, code, expected) => {
  expect(paidAt(timeMs, policy, code)).toEqual(expected);
});
