/** One nginx as faults want it: down or serving. */
import type { Nginx } from "../nginx/nginx-process.ts";
import { InTurn } from "../processes/in-turn.ts";

export class NginxControl {
  readonly #nginx: Nginx;
  /** Episodes of the fault plan that want it down. */
  readonly #downFor = new Set<object>();
  readonly #turns = new InTurn();

  constructor(nginx: Nginx) {
    this.#nginx = nginx;
  }

  /** SIGKILL to all its processes, and it stays down until every holder has released it. */
  down(holder: object, begins: boolean): Promise<void> {
    if (begins) this.#downFor.add(holder);
    else this.#downFor.delete(holder);
    return this.#turns.next(() =>
      this.#downFor.size > 0 ? this.#nginx.kill() : this.#nginx.start(),
    );
  }

  reload(): Promise<void> {
    return this.#turns.next(() => this.#nginx.reload());
  }

  killWorker(): Promise<void> {
    return this.#turns.next(() => this.#nginx.killWorker());
  }
}
