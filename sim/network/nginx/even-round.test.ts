import fc from "fast-check";
import { expect, test } from "vitest";
import { ReleaseVerdict, TryOutcome } from "./outcome.ts";
import { NO_PEER, Peers } from "./peers.ts";
import { UpstreamRequest } from "./request.ts";
import { NO_LIVE_UPSTREAM, nginxParts, Upstream } from "./upstream.ts";
import type { UpstreamParts } from "./upstream.ts";

/** Peers that make every pick by touching every server, as nginx does. */
class PlainPeers extends Peers {
  override pickEvenly(): number {
    return NO_PEER;
  }
}

const plainParts: UpstreamParts = {
  ...nginxParts,
  makePeers: (servers, configIndexes) => new PlainPeers(servers, configIndexes),
};

/** A request comes, or the try of one that is open ends and it goes on to its next server. */
const steps = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ afterSeconds: fc.constantFrom(0, 0, 0, 1, 2) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        open: fc.nat({ max: 3 }),
        outcome: fc.constantFrom(TryOutcome.OK, TryOutcome.OK, TryOutcome.OK, TryOutcome.REFUSED),
      }),
    },
  ),
  { maxLength: 300, size: "max" },
);

const upstreams = fc.record({
  count: fc.integer({ min: 2, max: 9 }),
  weight: fc.constantFrom(1, 1, 3),
  max_fails: fc.integer({ min: 0, max: 2 }),
  fail_timeout: fc.integer({ min: 0, max: 5 }),
  down: fc.nat({ max: 12 }),
});

test("picks and weights are those of the long way, whatever fails meanwhile", () => {
  fc.assert(
    fc.property(upstreams, steps, ({ count, down, ...server }, script) => {
      const servers = Array.from({ length: count }, (_, i) => ({
        address: `10.0.0.${i}:3000`,
        ...server,
        down: i === down,
      }));
      const config = { method: "round_robin", servers } as const;
      const both = [
        new Upstream(config, () => 0),
        new Upstream(config, () => 0, plainParts),
      ] as const;
      const open: (readonly [UpstreamRequest, UpstreamRequest])[] = [];
      let nowSeconds = 0;
      const pick = (requests: readonly [UpstreamRequest, UpstreamRequest]): void => {
        const [even, plain] = both.map((upstream, i) => upstream.pick(requests[i], nowSeconds));
        expect(even).toBe(plain);
        if (even !== NO_LIVE_UPSTREAM) open.push(requests);
      };
      for (const step of script) {
        if ("afterSeconds" in step) {
          nowSeconds += step.afterSeconds;
          pick([newRequest(), newRequest()]);
        } else if (step.open < open.length) {
          const [requests] = open.splice(step.open, 1);
          const [even, plain] = both.map((upstream, i) =>
            upstream.release(requests[i], step.outcome, nowSeconds),
          );
          expect(even).toBe(plain);
          if (even === ReleaseVerdict.RETRY) pick(requests);
        }
      }
      const [even, plain] = both.map(({ primaries }) => primaries);
      expect(even.currentWeight).toEqual(plain.currentWeight);
      expect(even.effectiveWeight).toEqual(plain.effectiveWeight);
    }),
    { numRuns: 300 },
  );
});

function newRequest(): UpstreamRequest {
  const request = new UpstreamRequest();
  request.reset(0, "", false);
  return request;
}
