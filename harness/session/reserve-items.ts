/** How many reservations the ticket servers have asked the counter for, by their own counts. */
import { readMetrics } from "./metrics-page.ts";

export class ReserveItems {
  /** By server and incarnation: what a dead process said last still counts. */
  readonly #counts = new Map<string, number>();

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Asks the servers that answer; what the others said before stands. */
  async look(
    servers: readonly { readonly url: string; readonly process: string }[],
  ): Promise<void> {
    await Promise.all(
      servers.map(async ({ url, process }) => {
        try {
          const page = await readMetrics(url);
          const count = page.sum("onceonly_counter_items_total", 'script="reserve"');
          this.#counts.set(process, count);
        } catch {
          // A fault: it is dead, stopped or slow.
        }
      }),
    );
  }
}
