/** The worker processes of one nginx, each with its own idea of an upstream unless it has a zone. */
import { ConfigError, type UpstreamConfig } from "./config.ts";
import { Upstream } from "./upstream.ts";

export interface WorkersConfig {
  worker_processes: number;
  /** The upstream has a `zone`: one state in shared memory instead of one per worker. */
  zone: boolean;
}

/**
 * N workers without a zone are N independent round robins: they start in step, so a burst spread
 * over all of them hits the same server N times, and each must find out by itself that a server is
 * dead, at the price of its own `max_fails` failures.
 */
export class UpstreamWorkers {
  readonly #upstreams: Upstream[] = [];

  /**
   * @param drawsOf the `random()` stream of a worker; with a zone only worker 0's is used
   * @throws ConfigError, naming the field
   */
  constructor(
    upstream: UpstreamConfig,
    workers: WorkersConfig,
    drawsOf: (worker: number) => () => number,
    makeUpstream = (config: UpstreamConfig, draw31: () => number) => new Upstream(config, draw31),
  ) {
    const count = workers.worker_processes;
    if (!Number.isInteger(count) || count < 1) {
      throw new ConfigError(`worker_processes: must be a whole number from 1, got ${count}`);
    }
    const shared = workers.zone ? makeUpstream(upstream, drawsOf(0)) : undefined;
    for (let worker = 0; worker < count; worker += 1) {
      this.#upstreams.push(shared ?? makeUpstream(upstream, drawsOf(worker)));
    }
  }

  /** The upstream as that worker sees it. Requests must be released where they were picked. */
  of(worker: number): Upstream {
    const upstream = this.#upstreams[worker];
    if (upstream === undefined) throw new RangeError(`no worker ${worker}`);
    return upstream;
  }
}
