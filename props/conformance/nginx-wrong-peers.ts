/** Wrong ideas of what nginx remembers about a server, and of its round robin. */
import { NO_PEER, Peers } from "../../sim/network/nginx/peers.ts";
import type { UpstreamRequest } from "../../sim/network/nginx/request.ts";
import type { WrongVariant } from "./adapter.ts";
import { withConfig, withPeers, wrong } from "./nginx-wrong-kit.ts";

export const wrongPeers: readonly WrongVariant[] = [
  wrong(
    "fails is a sliding window",
    "it counts the failures of the last fail_timeout seconds, which is how the documentation reads",
    withPeers(
      class extends Peers {
        readonly #failures: number[][] = Array.from({ length: this.count }, () => []);
        override noteFailure(index: number, nowSeconds: number): void {
          const recent = this.#failures[index].filter(
            (seconds) => nowSeconds - seconds < this.failTimeoutSeconds[index],
          );
          recent.push(nowSeconds);
          this.#failures[index] = recent;
          this.fails[index] = recent.length - 1;
          super.noteFailure(index, nowSeconds);
        }
      },
    ),
  ),
  wrong(
    "any success forgets the failures",
    "it clears fails at once, though the last failure is younger than fail_timeout",
    withPeers(
      class extends Peers {
        override noteSuccess(index: number): void {
          this.accessedSeconds[index] = this.checkedSeconds[index] - 1;
          super.noteSuccess(index);
        }
      },
    ),
  ),
  wrong(
    "a server returns when fail_timeout has passed",
    "it compares with < where nginx has <=, and lets the probe through one second early",
    withPeers(
      class extends Peers {
        override isLeftOut(index: number, nowSeconds: number): boolean {
          return super.isLeftOut(index, nowSeconds + 1);
        }
      },
    ),
  ),
  wrong(
    "no probe",
    "after fail_timeout every request goes to the server again, not one to find out",
    withPeers(
      class extends Peers {
        override take(index: number, request: UpstreamRequest): void {
          super.take(index, request, this.checkedSeconds[index]);
        }
      },
    ),
  ),
  wrong(
    "a failure leaves the weight alone",
    "the effective weight is not lowered by weight / max_fails",
    withPeers(
      class extends Peers {
        override lowerWeight(): void {}
      },
    ),
  ),
  wrong(
    "a lowered weight stays low",
    "the effective weight does not grow back by one per round",
    withPeers(
      class extends Peers {
        override smoothPick(candidates: Int32Array, count: number): number {
          const before = this.effectiveWeight.slice();
          const best = super.smoothPick(candidates, count);
          this.effectiveWeight.set(before);
          return best;
        }
      },
    ),
  ),
  wrong(
    "a failure resets the current weight",
    "a failed server starts its round over",
    withPeers(
      class extends Peers {
        override noteFailure(index: number, nowSeconds: number): void {
          super.noteFailure(index, nowSeconds);
          this.currentWeight[index] = 0;
        }
      },
    ),
  ),
  wrong(
    "servers left out earn weight",
    "a server that cannot be chosen grows its current weight all the same, and bursts on return",
    withPeers(
      class extends Peers {
        override smoothPick(candidates: Int32Array, count: number): number {
          for (const index of this.everyone) {
            if (candidates.subarray(0, count).includes(index)) continue;
            this.currentWeight[index] += this.effectiveWeight[index];
          }
          return super.smoothPick(candidates, count);
        }
      },
    ),
  ),
  wrong(
    "round robin serves weights in blocks",
    "5:1:1 gives aaaaabc, the classic weighted round robin, not aabacaa",
    withPeers(
      class extends Peers {
        #picks = 0;
        override smoothPick(candidates: Int32Array, count: number): number {
          if (count === 0) return NO_PEER;
          const point = this.#picks % this.totalWeight;
          this.#picks += 1;
          const owner = this.ownerOf(point);
          return candidates.subarray(0, count).includes(owner) ? owner : candidates[0];
        }
      },
    ),
  ),
  wrong(
    "max_fails 0 is the default 1",
    "a server that is never to be disabled is disabled",
    withConfig((config) => ({
      ...config,
      servers: config.servers.map((server) => ({ ...server, max_fails: server.max_fails || 1 })),
    })),
  ),
  wrong(
    "max_conns is no limit",
    "a full server is given more requests",
    withConfig((config) => ({
      ...config,
      servers: config.servers.map((server) => ({ ...server, max_conns: 0 })),
    })),
  ),
];
