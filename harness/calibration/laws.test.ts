/** Service laws from requests whose services are known. */
import { expect, test } from "vitest";
import { EnvironmentError } from "../../sim/cli/environment-error.ts";
import { burstsMs, fitLaws, servicesUs } from "./laws.ts";

const REDIS = { callUs: 20, itemUs: 12 };
const NETWORK_MS = 0.5;
const NGINX_US = 100;
const BURST = 5;
const SERVICE_MS = 4;

const DUE_MS = burstsMs(500, SERVICE_MS * 1000, 10);

/** Those bursts with these services; the first of each takes longer by `wakeUpMs`. */
function burstsOf(serviceMs: (request: number) => number, wakeUpMs = 0) {
  let freeMs = 0;
  const endMs = DUE_MS.map((due, i) => {
    const came = due + NETWORK_MS / 2 + NGINX_US / 1000 + (i % BURST === 0 ? wakeUpMs : 0);
    freeMs = Math.max(freeMs, came) + serviceMs(i);
    return freeMs + NETWORK_MS / 2;
  });
  const sample = { dueMs: DUE_MS, sentMs: DUE_MS, endMs };
  return { sample, use: { serverBusyUs: Number.NaN, nginxUs: NGINX_US * DUE_MS.length } };
}

test("bursts are as much load as they should be", () => {
  // One burst of five services of 4 ms in 200 ms.
  expect(DUE_MS.slice(0, 6)).toEqual([0, 0.8, 1.6, 2.4000000000000004, 3.2, 200]);
});

test("the services, their mean, and the rest of the way are told apart", () => {
  const laws = fitLaws(
    burstsOf(() => SERVICE_MS),
    REDIS,
    0.2,
  );
  expect(laws.serverUs).toBeCloseTo(4000, 6);
  expect(laws.nginxUs).toBeCloseTo(100, 6);
  expect(laws.networkMs).toBeCloseTo(NETWORK_MS, 6);
  expect(laws.redisLinkUs).toBe(100);
  // All but the first of each burst.
  expect(laws.serverQuantilesUs).toHaveLength(400);
});

test("the law has the services' quantiles", () => {
  const { serverQuantilesUs } = fitLaws(
    burstsOf((i) => SERVICE_MS + (i % 10 === 3 ? 3 : 0)),
    REDIS,
    0.2,
  );
  const at = (share: number): number => serverQuantilesUs[Math.round(share * 399)];
  // One of ten is among the eight that waited.
  expect([at(0), at(0.87), at(0.88), at(1)].map(Math.round)).toEqual([4000, 4000, 7000, 7000]);
});

test("waking up delays an answer, and is no part of the service", () => {
  const laws = fitLaws(
    burstsOf(() => SERVICE_MS, 0.4),
    REDIS,
    0.2,
  );
  expect(laws.serverUs).toBeCloseTo(4000, 6);
  expect(laws.networkMs).toBeCloseTo(NETWORK_MS + 0.4, 6);
});

test("requests that do not wait are no law", () => {
  // Each comes when the one before has long been answered.
  const lonely = burstsOf(() => 0.1);
  expect(servicesUs(lonely.sample)).toEqual([]);
  expect(() => fitLaws(lonely, REDIS, 0.2)).toThrow(EnvironmentError);
  expect(() => fitLaws(lonely, REDIS, 0.2)).toThrow(
    "only 0 of 500 requests at low load waited for another",
  );
});
