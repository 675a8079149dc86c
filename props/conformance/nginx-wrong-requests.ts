/** Wrong ideas of when a request is sent on, who is blamed, and what workers share. */
import { ReleaseVerdict, TryOutcome } from "../../sim/network/nginx/outcome.ts";
import type { UpstreamRequest } from "../../sim/network/nginx/request.ts";
import { NO_LIVE_UPSTREAM, Upstream } from "../../sim/network/nginx/upstream.ts";
import type { WrongVariant } from "./adapter.ts";
import { nginxModel } from "./nginx-replay.ts";
import { withConfig, withUpstream, wrong } from "./nginx-wrong-kit.ts";

export const wrongRequests: readonly WrongVariant[] = [
  wrong(
    "the last try's 5xx is a failure",
    "a listed status on the last try counts against the server, though nothing follows",
    withUpstream(
      class extends Upstream {
        #lastOutcome: TryOutcome = TryOutcome.OK;
        override release(
          request: UpstreamRequest,
          outcome: TryOutcome,
          nowSeconds: number,
        ): ReleaseVerdict {
          this.#lastOutcome = outcome;
          return super.release(request, outcome, nowSeconds);
        }
        protected override free(
          request: UpstreamRequest,
          failed: boolean,
          nowSeconds: number,
        ): void {
          super.free(request, failed || this.#lastOutcome === TryOutcome.HTTP_500, nowSeconds);
        }
      },
    ),
  ),
  wrong(
    "404 is a failure",
    "http_404 moves on to the next server and blames this one",
    withUpstream(
      class extends Upstream {
        override release(
          request: UpstreamRequest,
          outcome: TryOutcome,
          nowSeconds: number,
        ): ReleaseVerdict {
          const peers = request.onBackup ? this.backups : this.primaries;
          const index = request.current;
          const verdict = super.release(request, outcome, nowSeconds);
          if (outcome === TryOutcome.HTTP_404 && verdict === ReleaseVerdict.RETRY) {
            peers.noteFailure(index, nowSeconds);
          }
          return verdict;
        }
      },
    ),
  ),
  wrong(
    "proxy_next_upstream off blames no one",
    "an error that is not listed is no failure of the server",
    withUpstream(
      class extends Upstream {
        override release(
          request: UpstreamRequest,
          outcome: TryOutcome,
          nowSeconds: number,
        ): ReleaseVerdict {
          const peers = request.onBackup ? this.backups : this.primaries;
          const index = request.current;
          const before = [peers.fails[index], peers.effectiveWeight[index]];
          const verdict = super.release(request, outcome, nowSeconds);
          if (verdict === ReleaseVerdict.ANSWER_502) {
            [peers.fails[index], peers.effectiveWeight[index]] = before;
          }
          return verdict;
        }
      },
    ),
  ),
  wrong(
    "a lone server can be disabled",
    "the rule that a single server bypasses max_fails is missing",
    withUpstream(
      class extends Upstream {
        override readonly single = false;
      },
    ),
  ),
  wrong(
    "no live upstream revives everyone",
    "when no server is left all failures are forgotten, as nginx did long ago",
    withUpstream(
      class extends Upstream {
        override pick(request: UpstreamRequest, nowSeconds: number): number {
          const server = super.pick(request, nowSeconds);
          if (server === NO_LIVE_UPSTREAM) this.primaries.fails.fill(0);
          return server;
        }
      },
    ),
  ),
  wrong(
    "backups take turns with the primaries",
    "a backup is treated as one more server",
    withConfig((config) => ({
      ...config,
      servers: config.servers.map((server) => ({ ...server, backup: false })),
    })),
  ),
  wrong(
    "two tries at most",
    "a request is sent on once, whatever proxy_next_upstream_tries says",
    withConfig((config) => ({ ...config, proxy_next_upstream_tries: 2 })),
  ),
  wrong(
    "POST is sent on like GET",
    "a request that may have bought a ticket is repeated without non_idempotent",
    { ...nginxModel, nonIdempotentMethods: [] },
  ),
  wrong(
    "a refused POST is not sent on",
    "it treats a connection that was refused as if the request had been sent",
    withUpstream(
      class extends Upstream {
        override release(
          request: UpstreamRequest,
          outcome: TryOutcome,
          nowSeconds: number,
        ): ReleaseVerdict {
          const sent = outcome === TryOutcome.REFUSED ? TryOutcome.RESET : outcome;
          return super.release(request, sent, nowSeconds);
        }
      },
    ),
  ),
  wrong(
    "workers share what they know",
    "without a zone each worker has its own turn and its own failures; here they share",
    { ...nginxModel, configure: (scenario) => ({ ...scenario, zone: true }) },
  ),
  wrong("a zone is not shared", "with a zone the workers share one state; here each has its own", {
    ...nginxModel,
    configure: (scenario) => ({ ...scenario, zone: false }),
  }),
];
