import { describe, expect, test } from "vitest";
import { ConfigError, type UpstreamConfig } from "./config.ts";
import { ReleaseVerdict, TryOutcome } from "./outcome.ts";
import { UpstreamRequest } from "./request.ts";
import { NO_LIVE_UPSTREAM, Upstream } from "./upstream.ts";
import { UpstreamWorkers } from "./workers.ts";

const noDraws = (): number => {
  throw new Error("this method draws nothing");
};

function roundRobin(
  weights: readonly number[],
  more: Partial<UpstreamConfig> = {},
): UpstreamConfig {
  const servers = weights.map((weight, i) => ({ address: `10.0.0.${i}:3000`, weight }));
  return { method: "round_robin", servers, ...more };
}

function newRequest(nonIdempotent = false): UpstreamRequest {
  const request = new UpstreamRequest();
  request.reset(0x7f000001, "", nonIdempotent);
  return request;
}

/** Picks for one request after another, each answered at once. */
function serve(upstream: Upstream, requests: number, nowSeconds = 0): number[] {
  const request = newRequest();
  return Array.from({ length: requests }, () => {
    request.reset(0x7f000001, "", false);
    const server = upstream.pick(request, nowSeconds);
    upstream.release(request, TryOutcome.OK, nowSeconds);
    return server;
  });
}

describe("picks", () => {
  test("weights 5:1:1 are spread out: a a b a c a a", () => {
    const upstream = new Upstream(roundRobin([5, 1, 1]), noDraws);
    expect(serve(upstream, 14)).toEqual([0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0]);
  });

  test("are by position in the configuration, though backups stand among the servers", () => {
    const upstream = new Upstream(
      {
        method: "round_robin",
        servers: [
          { address: "a:1", backup: true },
          { address: "b:1", down: true },
          { address: "c:1" },
        ],
      },
      noDraws,
    );
    const request = newRequest();
    expect(upstream.pick(request, 0)).toBe(2);
    expect(upstream.release(request, TryOutcome.REFUSED, 0)).toBe(ReleaseVerdict.RETRY);
    expect(upstream.pick(request, 0)).toBe(0);
  });

  test("ip_hash sends a whole /24 to one server", () => {
    const upstream = new Upstream({ ...roundRobin([1, 1, 1, 1]), method: "ip_hash" }, noDraws);
    const request = new UpstreamRequest();
    const servers = new Set<number>();
    for (let host = 0; host < 256; host += 1) {
      request.reset(0x0a010200 + host, "", false);
      servers.add(upstream.pick(request, 0));
      upstream.release(request, TryOutcome.OK, 0);
    }
    expect(servers.size).toBe(1);
  });

  test("more servers than one word of the tried set holds", () => {
    const upstream = new Upstream(roundRobin(Array<number>(100).fill(1)), noDraws);
    const request = newRequest();
    const tried = new Set<number>();
    for (let i = 0; i < 100; i += 1) {
      tried.add(upstream.pick(request, 0));
      upstream.release(request, TryOutcome.REFUSED, 0);
    }
    expect(tried.size).toBe(100);
    expect(upstream.pick(newRequest(), 0)).toBe(NO_LIVE_UPSTREAM);
  });
});

describe("after a try", () => {
  test.each([
    ["a refused POST goes on", TryOutcome.REFUSED, true, ReleaseVerdict.RETRY],
    ["a POST that was sent does not", TryOutcome.RESET, true, ReleaseVerdict.ANSWER_502],
    ["a GET does", TryOutcome.RESET, false, ReleaseVerdict.RETRY],
    ["a POST that timed out is 504", TryOutcome.READ_TIMEOUT, true, ReleaseVerdict.ANSWER_504],
    [
      "a POST not connected in time goes on",
      TryOutcome.CONNECT_TIMEOUT,
      true,
      ReleaseVerdict.RETRY,
    ],
    [
      "an invalid header is not listed",
      TryOutcome.INVALID_HEADER,
      false,
      ReleaseVerdict.ANSWER_502,
    ],
    ["a 500 is not listed", TryOutcome.HTTP_500, false, ReleaseVerdict.DONE],
  ])("%s", (_what, outcome, nonIdempotent, verdict) => {
    const upstream = new Upstream(roundRobin([1, 1]), noDraws);
    const request = newRequest(nonIdempotent);
    upstream.pick(request, 0);
    expect(upstream.release(request, outcome, 0)).toBe(verdict);
  });

  test("proxy_next_upstream_timeout ends the tries, to the fraction of a second", () => {
    const config = roundRobin([1, 1, 1], { proxy_next_upstream_timeout: 1.5 });
    const verdictAfter = (seconds: number): number => {
      const upstream = new Upstream(config, noDraws);
      const request = newRequest();
      upstream.pick(request, 10.2);
      return upstream.release(request, TryOutcome.READ_TIMEOUT, 10.2 + seconds);
    };
    expect(verdictAfter(1.4)).toBe(ReleaseVerdict.RETRY);
    expect(verdictAfter(1.6)).toBe(ReleaseVerdict.ANSWER_504);
  });

  test("a failed server is out for fail_timeout whole seconds and one more, then gets one probe", () => {
    const upstream = new Upstream(roundRobin([1, 1]), noDraws);
    const request = newRequest();
    expect(upstream.pick(request, 0.9)).toBe(0);
    upstream.release(request, TryOutcome.REFUSED, 0.9);
    expect(serve(upstream, 4, 10.9)).toEqual([1, 1, 1, 1]);

    let probe = newRequest();
    const untilProbe: number[] = [];
    do {
      probe = newRequest();
      untilProbe.push(upstream.pick(probe, 11));
    } while (untilProbe.at(-1) !== 0 && untilProbe.length < 10);
    expect(untilProbe).toEqual([1, 1, 0]);
    expect(serve(upstream, 4, 11)).toEqual([1, 1, 1, 1]);
    upstream.release(probe, TryOutcome.OK, 11);
    expect(serve(upstream, 4, 11)).toContain(0);
  });

  test("a pick without a release, and a release without a pick, are bugs of the caller", () => {
    const upstream = new Upstream(roundRobin([1, 1]), noDraws);
    const request = newRequest();
    expect(() => upstream.release(request, TryOutcome.OK, 0)).toThrow("without a pick");
    upstream.pick(request, 0);
    expect(() => upstream.pick(request, 0)).toThrow("before the release");
  });
});

function picksOfTwoWorkers(zone: boolean): number[] {
  const workers = new UpstreamWorkers(
    roundRobin([1, 1, 1]),
    { worker_processes: 2, zone },
    () => noDraws,
  );
  return [0, 1, 0, 1].flatMap((worker) => serve(workers.of(worker), 1));
}

describe("workers", () => {
  test("without a zone start in step", () =>
    expect(picksOfTwoWorkers(false)).toEqual([0, 0, 1, 1]));
  test("with a zone take turns", () => expect(picksOfTwoWorkers(true)).toEqual([0, 1, 2, 0]));
});

describe("a configuration that cannot be is refused by the name of its field", () => {
  const server = { address: "10.0.0.1:3000" };
  test.each<[Partial<UpstreamConfig>, string]>([
    [{ method: "fair" as "hash" }, 'upstream.method: unknown method "fair"'],
    [{ servers: [] }, "upstream.servers: no servers"],
    [{ servers: [{ ...server, backup: true }] }, "upstream.servers: no servers"],
    [{ servers: [{ ...server, weight: 0 }] }, "upstream.servers[0].weight"],
    [{ servers: [server, { ...server, max_fails: -1 }] }, "upstream.servers[1].max_fails"],
    [{ servers: [{ ...server, fail_timeout: 1.5 }] }, "upstream.servers[0].fail_timeout"],
    [{ servers: [{ ...server, max_conns: Number.NaN }] }, "upstream.servers[0].max_conns"],
    [{ servers: [{ address: "a b" }] }, "upstream.servers[0].address"],
    [{ proxy_next_upstream: [] }, "upstream.proxy_next_upstream: must list"],
    [{ proxy_next_upstream: ["http_418" as "http_404"] }, 'unknown condition "http_418"'],
    [{ proxy_next_upstream_tries: -1 }, "upstream.proxy_next_upstream_tries"],
    [{ proxy_next_upstream_timeout: -1 }, "upstream.proxy_next_upstream_timeout"],
  ])("%j", (change, message) => {
    const make = (): Upstream => new Upstream({ ...roundRobin([1, 1]), ...change }, noDraws);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  test.each(["ip_hash", "hash", "hash consistent", "random", "random two"] as const)(
    "backup with %s",
    (method) => {
      const servers = [server, { ...server, backup: true }];
      expect(() => new Upstream({ method, servers }, noDraws)).toThrow(
        `upstream.servers[1].backup: method "${method}" does not support backup`,
      );
    },
  );
});
