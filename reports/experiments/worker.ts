/** A process of the pool: is sent a cell and a seed, runs the sale, sends back what it measured. */
import type { Strategy } from "../../core/strategy.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import type { Cell } from "./cell.ts";
import { endWithParent } from "./end-with-parent.ts";
import { onEndSignal } from "./end-signals.ts";
import { runSale } from "./run-sale.ts";
import type { Sale } from "./run-sale.ts";

export interface Task {
  readonly cell: Cell;
  readonly seed: string;
  readonly detailed: boolean;
}
export type Done = { readonly sale: Sale } | { readonly error: string };

const strategies = new Map<string, Strategy>();
let base: Scenario | null = null;

// Ctrl-C goes to the whole process group; the parent decides what becomes of the workers.
onEndSignal(() => undefined);
endWithParent();
process.on("disconnect", () => process.exit());
process.on("message", (message: { readonly base: Scenario } | Task) => {
  if ("base" in message) base = message.base;
  else void run(message).then(send);
});
send("ready");

function send(message: "ready" | Done): void {
  // Where nobody is left to hear it, that is no error but the end.
  process.send!(message, (error: Error | null) => {
    if (error !== null) process.exit();
  });
}

async function run({ cell, seed, detailed }: Task): Promise<Done> {
  try {
    let strategy = strategies.get(cell.strategy);
    if (strategy === undefined) {
      strategy = await loadStrategy(cell.strategy);
      strategies.set(cell.strategy, strategy);
    }
    return { sale: runSale(base!, cell, strategy, BigInt(seed), detailed) };
  } catch (error) {
    return { error: (error as Error).stack ?? String(error) };
  }
}
