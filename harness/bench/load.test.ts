import { expect, test } from "vitest";
import { parseAb, parseWrk } from "./load.ts";

const WRK = `Running 1s test @ http://127.0.0.1:3005/
  1 threads and 100 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.50ms    1.03ms  20.99ms   88.84%
    Req/Sec    40.90k     3.07k   46.00k    82.76%
  Latency Distribution
     50%  500.00us
     75%    2.70ms
     90%    3.10ms
     99%    1.02s
  40123 requests in 1.00s, 7.54MB read
Requests/sec:  40088.31
Transfer/sec:      7.53MB
`;

const AB = `Concurrency Level:      100
Time taken for tests:   2.325 seconds
Complete requests:      10000
Failed requests:        0
Requests per second:    4300.96 [#/sec] (mean)

Percentage of the requests served within a certain time (ms)
  50%     22
  66%     24
  99%     47
 100%     78 (longest request)
`;

test("what wrk prints", () => {
  expect(parseWrk(WRK, "x")).toEqual({
    requests: 40_123,
    perSecond: 40_088.31,
    p50Ms: 0.5,
    p99Ms: 1020,
  });
});

test("what ab prints", () => {
  expect(parseAb(AB, "x")).toEqual({
    requests: 10_000,
    perSecond: 4300.96,
    p50Ms: 22,
    p99Ms: 47,
  });
});

test.each([
  ["refusals of another kind", `${WRK}  Non-2xx or 3xx responses: 7\n`],
  ["broken connections", `${WRK}  Socket errors: connect 0, read 3, write 0, timeout 0\n`],
  ["nothing that one can read", "wrk: command line error"],
])("wrk with %s measures nothing", (_what, text) => {
  expect(() => parseWrk(text, "http://x")).toThrow(/wrk on http:\/\/x|load program on http:\/\/x/u);
});

test.each([
  ["failures", AB.replace("Failed requests:        0", "Failed requests:        3")],
  ["other answers", `${AB}Non-2xx responses:      5\n`],
])("ab with %s measures nothing", (_what, text) => {
  expect(() => parseAb(text, "http://x")).toThrow("ab on http://x");
});
