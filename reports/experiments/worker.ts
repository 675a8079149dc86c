/** A process of the pool: is sent a cell and a seed, runs the sale, sends back what it measured. */
import type { Strategy } from "../../core/strategy.ts";
import { loadStrategy } from "../../sim/cli/strategy.ts";
import type { Scenario } from "../../sim/scenario/schema.ts";
import type { Cell } from "./cell.ts";
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
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (message: { readonly base: Scenario } | Task) => {
  if ("base" in message) base = message.base;
  else void run(message).then((done) => process.send!(done));
});
process.send!("ready");

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
