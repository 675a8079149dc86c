/** A process of the pool: is sent the names of checks on one subject, sends their answers back. */
import { answer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { checkNamed, firstSeed } from "./checks.ts";
import { loadSales } from "./sales.ts";

export interface Task {
  readonly names: readonly string[];
  readonly seed: string;
}

// Ctrl-C goes to the whole process group; the parent decides what becomes of the workers.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.on("message", (task: Task) => void work(task));
process.send!("ready");

async function work({ names, seed }: Task): Promise<void> {
  const checks = names.map(checkNamed);
  const sales = await loadSales(checks[0].subject);
  const seedFirst = firstSeed(checks[0], BigInt(seed));
  const answers: Answer[] = checks.map((check) => answer(check, sales, seedFirst));
  process.send!(answers);
}
