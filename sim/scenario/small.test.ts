import { describe, expect, test } from "vitest";
import { checkConsistency } from "./consistency.ts";
import { drawSmallScenario } from "./small.ts";

const SCENARIOS = Array.from({ length: 300 }, (_, i) => drawSmallScenario(BigInt(i)));

describe("drawSmallScenario", () => {
  test("draws scenarios whose parts fit together, within the sizes it promises", () => {
    for (const scenario of SCENARIOS) {
      checkConsistency(scenario);
      expect(scenario.servers.count).toBeGreaterThanOrEqual(2);
      expect(scenario.servers.count).toBeLessThanOrEqual(8);
      expect(scenario.sale.tickets).toBeLessThanOrEqual(200);
      expect(scenario.buyers.count).toBeLessThanOrEqual(2000);
    }
  });

  test("leaves each feature out of some seeds, and has it in others", () => {
    const shares = SCENARIOS.flatMap(({ buyers }) => [
      { noShow: buyers.noShow > 0, late: buyers.payLate > 0, bots: buyers.bots.share > 0 },
    ]);
    for (const feature of ["noShow", "late", "bots"] as const) {
      const count = shares.filter((has) => has[feature]).length;
      expect(count).toBeGreaterThan(100);
      expect(count).toBeLessThan(200);
    }
    const off = SCENARIOS.filter(({ quota }) => quota.refill === "off");
    expect(off.length).toBeGreaterThan(15);
    expect(off.length).toBeLessThan(75);
  });

  test("pins what a seed draws", () => {
    const { sale, servers, buyers } = drawSmallScenario(12306n);
    expect({ sale, servers, buyers: [buyers.count, buyers.ratePerSecond] }).toMatchInlineSnapshot(`
      {
        "buyers": [
          801,
          1118,
        ],
        "sale": {
          "graceMs": 906,
          "holdMs": 16134,
          "latePayment": "strict",
          "maxPerBuyer": 2,
          "tickets": 45,
        },
        "servers": {
          "buffer": 6,
          "count": 6,
          "queueLimit": 16,
          "serviceLaw": "constant",
          "serviceUs": 100,
          "weights": [
            1,
            4,
            2,
            4,
            1,
            1,
          ],
        },
      }
    `);
  });
});
