/**
 * What every counter must do, by example, with the exact answer and state: one suite, run on the
 * Lua scripts and on the TypeScript twin. That they agree beyond the examples is for
 * `agreement.test.ts`; these hold both to the protocol, so that an error made in both shows.
 */
import { describe } from "vitest";
import { batchContract } from "./contract/batches.ts";
import { boundaryContract } from "./contract/boundaries.ts";
import { lifeContract } from "./contract/life.ts";
import { paymentContract } from "./contract/payments.ts";
import { refusalContract } from "./contract/refusals.ts";
import { sweepContract } from "./contract/sweep.ts";
import { tableContract } from "./contract/table.ts";
import { Scene } from "./scene.ts";
import type { CounterSubject } from "./subject.ts";

/** A fresh sale, not yet initialised, for each test. */
export type NewScene = () => Scene;

export function counterContract(name: string, createSubject: () => CounterSubject): void {
  const newScene: NewScene = () => new Scene(createSubject());
  describe(`${name} keeps the counter's contract`, () => {
    tableContract(newScene);
    boundaryContract(newScene);
    batchContract(newScene);
    paymentContract(newScene);
    sweepContract(newScene);
    lifeContract(newScene);
    refusalContract(newScene);
  });
}
